"""The log read back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.domain.events import DeadlineExtended, DeadlineSet
from moderator.gateway import recent
from moderator.gateway.ledger import Ledger
from moderator.journal.event_log import LogError
from moderator.tasks import TaskScope
from tests.fakes.builders import DAY, KEY, a_decision, an_entry, deadline_set, extended, joined, left
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import WatchedLog

DAY_MS = 86_400_000


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[WatchedLog]:
    log = await WatchedLog.open(tmp_path / "log.db")
    yield log
    await log.aclose()


@pytest.fixture
def clock(log: WatchedLog) -> FakeClock:
    return FakeClock(busy=lambda: log.busy)


@pytest.fixture
async def ledger(log: WatchedLog, clock: FakeClock) -> AsyncIterator[Ledger]:
    async with TaskScope() as tasks:
        ledger = Ledger(log, clock)
        await ledger.catch_up()
        tasks.start("follow", ledger.follow())
        yield ledger


async def test_a_proposal_is_answered_with_its_verdict(ledger: Ledger) -> None:
    await ledger.propose([joined("c1", DAY)])
    (stands,) = await ledger.propose([deadline_set(DAY + 1_000_000)])
    (refused,) = await ledger.propose([deadline_set(DAY + 2_000_000, key="another")])
    assert (stands.code, refused.code) == ("", "conflict")
    room = ledger.room(KEY)
    assert room is not None
    assert room.deadline is not None
    assert room.deadline.ends_at == DAY + 1_000_000


async def test_of_many_at_a_time_the_lowest_seq_wins(ledger: Ledger) -> None:
    await ledger.propose([joined("c1", DAY), deadline_set(DAY + 1_000_000)])
    many = [ledger.propose([extended(300, version=2, key=key)]) for key in range(20)]
    verdicts = [verdict for (verdict,) in await asyncio.gather(*many)]
    winner = min(verdicts, key=lambda one: one.seq)
    assert [one.code for one in verdicts if one is not winner] == ["conflict"] * 19
    assert winner.code == ""


async def test_the_same_proposal_again_has_the_same_verdict(ledger: Ledger) -> None:
    await ledger.propose([joined("c1", DAY)])
    first = await ledger.propose([deadline_set(DAY + 1_000_000)])
    assert await ledger.propose([deadline_set(DAY + 1_000_000)]) == first


async def test_a_proposal_repeated_days_later_is_refused(ledger: Ledger, clock: FakeClock) -> None:
    await ledger.propose([joined("c1", DAY)])
    await ledger.propose([deadline_set(DAY + 1_000_000)])
    await clock.advance(2 * DAY_MS)
    await ledger.propose([joined("c2", DAY + 2 * DAY_MS)])
    (verdict,) = await ledger.propose([deadline_set(DAY + 1_000_000)])
    assert verdict.code == "repeated"


async def test_a_new_ledger_knows_what_the_old_one_knew(ledger: Ledger, log: WatchedLog, clock: FakeClock) -> None:
    await ledger.propose([joined("c1", DAY), deadline_set(DAY + 1_000_000)])
    await ledger.propose([left("c1", DAY + 5)])
    later = Ledger(log, clock)
    told: list[object] = []
    later.listen(told.append)
    await later.catch_up()
    assert later.state.snapshot() == ledger.state.snapshot()
    assert told == []


async def test_listeners_hear_after_the_fold_and_before_who_waits(ledger: Ledger) -> None:
    heard: list[tuple[str, bool]] = []
    ledger.listen(lambda events: heard.extend((event.kind, ledger.room(KEY) is not None) for event in events))
    await ledger.propose([joined("c1", DAY)])
    assert heard == [("participant_joined", True)]


async def test_a_log_that_fails_is_the_proposer_s_problem(ledger: Ledger, log: WatchedLog) -> None:
    log.fails = True
    with pytest.raises(LogError, match="disk is full"):
        await ledger.propose([joined("c1", DAY)])


async def test_waiting_for_a_condition(ledger: Ledger, clock: FakeClock) -> None:
    def here() -> bool:
        room = ledger.room(KEY)
        return room is not None and room.people == 1

    async with TaskScope() as tasks:
        answers: list[bool] = []

        async def wait(within_s: float) -> None:
            answers.append(await ledger.until(KEY, here, within_s))

        tasks.start("too short", wait(3))
        tasks.start("long enough", wait(10))
        await clock.advance(3_000)
        assert answers == [False]
        await ledger.propose([joined("c1", DAY)])
        await clock.settle()
        assert answers == [False, True]
        await wait(0)
        assert answers == [False, True, True]


async def test_since_gives_what_was_read_after_a_position(ledger: Ledger) -> None:
    first = await ledger.append([joined("c1", DAY), joined("c2", DAY)])
    last = await ledger.append([left("c1", DAY + 1)])
    await ledger.read_back(last)

    def kinds(after: int) -> list[str] | None:
        events = ledger.since(after)
        return None if events is None else [event.kind for event in events]

    assert kinds(0) == ["participant_joined", "participant_joined", "participant_left"]
    assert kinds(first) == ["participant_left"]
    assert kinds(last) == []
    assert kinds(last + 1) is None, "yet to come"


async def test_since_does_not_reach_beyond_what_is_at_hand(
    log: WatchedLog, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "MOST_ENTRIES", 3)
    for number in range(5):
        await log.append(an_entry(joined(f"c{number}", DAY + number)))
    ledger = Ledger(log, clock)
    await ledger.catch_up()
    assert ledger.since(1) is None
    events = ledger.since(2)
    assert events is not None
    assert [event.seq for event in events] == [3, 4, 5]


async def test_refused_decisions_are_read_as_such(ledger: Ledger) -> None:
    await ledger.propose([joined("c1", DAY)])
    await ledger.propose([a_decision(DeadlineExtended(version=5, seconds=60))])
    events = ledger.since(0)
    assert events is not None
    assert [event.kind for event in events] == ["participant_joined", "decision_refused"]
    assert ledger.verdict(a_decision(DeadlineSet(version=1, ends_at=1)).id) is None


async def test_whoever_waits_hears_that_the_log_is_not_read_any_more(log: WatchedLog, clock: FakeClock) -> None:
    def fault(_: object) -> None:
        raise RuntimeError("a fault")

    failures: list[str] = []
    async with TaskScope(lambda name, _: failures.append(name)) as tasks:
        ledger = Ledger(log, clock)
        ledger.listen(fault)
        tasks.start("follow", ledger.follow())
        for _ in range(2):
            with pytest.raises(LogError, match="restart the gateway"):
                await ledger.read_back(await ledger.append([joined("c1", DAY + len(failures))]) + 1)
    assert failures == ["follow"]


async def test_who_stops_waiting_is_forgotten(ledger: Ledger) -> None:
    seq = await ledger.append([joined("c1", DAY)])
    await ledger.read_back(seq)
    async with TaskScope() as tasks:
        waiting = [tasks.start("wait", ledger.read_back(seq + 1 + number % 3)) for number in range(30)]
        await asyncio.sleep(0)
        for task in waiting[1:]:
            task.cancel()
        await asyncio.wait(waiting[1:])
        assert len(ledger._waiting) == 1
        await ledger.append([left("c1", DAY + 5)])
        await waiting[0]
