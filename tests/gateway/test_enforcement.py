"""What happens by itself: deadlines, warnings, expiry, blocked people, rooms that are too full."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from moderator.clock import ToldTime
from moderator.domain.events import (
    Actor,
    DeadlineSet,
    DisconnectConfirmed,
    DisconnectFailed,
    DisconnectRequested,
    EnforcementHeld,
    Entry,
    Event,
    TimeExpired,
    ViolationFound,
    WarningRaised,
)
from moderator.domain.ids import EventId, RoomId
from moderator.domain.kinds import Data
from moderator.domain.settings import MINUTE_MS, Mode, RoomType
from moderator.journal.event_log import LogHealth
from tests.fakes.builders import DAY, a_decision, joined, left, published, unpublished
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, RunningGateway, participant_path

HOUR_MS = 60 * MINUTE_MS


def a_visit(*, max_people: int | None = None, mode: Mode = "enforce") -> RoomType:
    return RoomType(name="visit", duration_ms=HOUR_MS, max_people=max_people, mode=mode)


def warnings_of(gateway: GatewayInProcess) -> list[tuple[int, int]]:
    """Version and threshold of every warning that was raised, in order."""
    raised = [event.data for event in gateway.read("warning_raised")]
    return [(one.deadline_version, one.threshold_ms) for one in raised if isinstance(one, WarningRaised)]


async def test_the_deadline_is_set_once(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, a_visit()) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.advance(MINUTE_MS)
        await gateway.tell(joined("c2", DAY + MINUTE_MS, user="u2"), joined("c0", DAY - MINUTE_MS, user="u0"))
        assert len(await gateway.logged(DeadlineSet)) == 1
        assert gateway.room.deadline is not None
        assert gateway.room.deadline.ends_at == DAY + HOUR_MS
        assert gateway.room.deadline.basis == f"first_join at {DAY}"


async def test_each_warning_is_raised_once_and_in_time(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, a_visit()) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.advance(54 * MINUTE_MS)
        assert warnings_of(gateway) == []
        await gateway.advance(5 * MINUTE_MS + 59_000)
        thresholds = (5 * MINUTE_MS, MINUTE_MS, 20_000)
        assert warnings_of(gateway) == [(1, threshold) for threshold in thresholds]
        late = [one.raised_at - (DAY + HOUR_MS - one.threshold_ms) for one in gateway.room.warnings]
        assert all(0 <= ms <= 2 for ms in late), late


async def test_a_restart_raises_no_warning_again(tmp_path: Path) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, a_visit(), clock=clock) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.advance(55 * MINUTE_MS + 10)
        assert warnings_of(gateway) == [(1, 5 * MINUTE_MS)]
    async with GatewayInProcess(tmp_path, a_visit(), clock=clock) as gateway:
        await gateway.advance(4 * MINUTE_MS + 50_000)
        assert [threshold for _, threshold in warnings_of(gateway)] == [5 * MINUTE_MS, MINUTE_MS, 20_000]
        assert len(await gateway.logged(WarningRaised)) == 3
        assert len(await gateway.logged(DeadlineSet)) == 1


async def test_expiry_disconnects_everybody_and_is_confirmed(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, a_visit()) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u2"))
        await gateway.advance(HOUR_MS - 10)
        assert gateway.provider.called("disconnect") == []
        await gateway.advance(1_000)
        assert sorted(gateway.provider.called("disconnect")) == ["c1", "c2"]
        assert gateway.room.people == 0
        assert {one.state for one in gateway.room.participants} == {"disconnected"}
        assert gateway.room.pending == ()
        assert len(await gateway.logged(DisconnectConfirmed)) == 2
        requested = [event.data for event in await gateway.logged(DisconnectRequested)]
        assert {one.reason for one in requested if isinstance(one, DisconnectRequested)} == {"time_over"}


async def test_after_an_outage_people_get_the_last_call_and_twenty_seconds(tmp_path: Path) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, a_visit(), clock=clock) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
    await clock.advance(3 * HOUR_MS)
    begun = clock.now_ms()
    async with GatewayInProcess(tmp_path, a_visit(), clock=clock, rooms=gateway.provider.rooms) as gateway:
        assert warnings_of(gateway) == [(1, 20_000)]
        await gateway.advance(19_900)
        assert gateway.provider.called("disconnect") == []
        await gateway.advance(1_000)
        assert gateway.provider.called("disconnect") == ["c1"]
        (expired,) = await gateway.logged(TimeExpired)
        assert 20_000 <= expired.at - begun <= 20_050


async def test_an_extension_after_the_expiry_revives_the_room(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, a_visit()) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.advance(HOUR_MS + 1_000)
        assert gateway.room.people == 0
        answer = await gateway.order("POST", "/v1/rooms/clinic/room-1/extend", {"seconds": 600})
        assert answer.status_code == 200, answer.text
        assert gateway.room.deadline is not None
        assert not gateway.room.deadline.expired
        await gateway.tell(joined("c2", gateway.clock.now_ms(), user="u1"))
        await gateway.advance(MINUTE_MS)
        assert [one.id for one in gateway.room.here()] == ["c2"]


async def test_who_is_blocked_is_disconnected_again(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u2"))
        await gateway.order("POST", f"{participant_path('c1')}/disconnect", {"reason": "conduct", "block": True})
        await gateway.advance(MINUTE_MS)
        await gateway.tell(joined("c3", gateway.clock.now_ms(), user="u1"))
        assert gateway.provider.called("disconnect") == ["c1", "c3"]
        assert [one.id for one in gateway.room.here()] == ["c2"]


async def test_a_block_for_a_time_ends_by_itself(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u2"))
        await gateway.order("POST", f"{participant_path('c1')}/disconnect", {"block": 60})
        await gateway.advance(61_000)
        await gateway.tell(joined("c3", gateway.clock.now_ms(), user="u1"))
        assert gateway.provider.called("disconnect") == ["c1"]


async def test_of_too_many_the_last_is_disconnected(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, a_visit(max_people=2)) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u2"))
        await gateway.tell(joined("c1b", DAY + 1, user="u1"))
        assert gateway.provider.called("disconnect") == []
        await gateway.tell(joined("c3", DAY + 2, user="u3"))
        assert gateway.provider.called("disconnect") == ["c3"]
        assert len(await gateway.logged(ViolationFound)) == 1


async def test_observing_finds_and_disconnects_nobody(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, a_visit(max_people=1, mode="observe")) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY + 1, user="u2"))
        await gateway.advance(HOUR_MS + MINUTE_MS)
        (found,) = await gateway.logged(ViolationFound)
        assert isinstance(found.data, ViolationFound)
        assert not found.data.enforced
        assert len(await gateway.logged(TimeExpired)) == 1
        assert gateway.provider.called("disconnect") == []


async def test_held_enforcement_disconnects_nobody_until_it_is_resumed(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, a_visit(max_people=1)) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.order("PUT", "/v1/enforcement/hold", {"reason": "a fire drill"})
        await gateway.tell(joined("c2", DAY + 1, user="u2"))
        await gateway.advance(HOUR_MS + MINUTE_MS)
        assert gateway.provider.called("disconnect") == []
        await gateway.order("DELETE", "/v1/enforcement/hold")
        assert sorted(gateway.provider.called("disconnect")) == ["c1", "c2"]


async def test_of_fifty_unlisted_people_at_once_no_more_are_removed_than_may_be(tmp_path: Path) -> None:
    listed = RoomType(name="visit", allow="listed", mode="enforce")
    crowd = [joined(f"c{n}", DAY, user=f"u{n}") for n in range(50)]
    async with GatewayInProcess(tmp_path, listed, hold_above=20) as gateway:
        for event in crowd:
            await RunningGateway.tell(gateway, event)  # without waiting for what follows
        await gateway.clock.settle()
        assert len(set(gateway.provider.called("disconnect"))) <= 20
        (held,) = await gateway.logged(EnforcementHeld)
        assert isinstance(held.data, EnforcementHeld)
        assert (held.actor.kind, "and may for 20" in held.data.reason) == ("policy", True)
        await gateway.advance(5 * MINUTE_MS)
        before = len(set(gateway.provider.called("disconnect")))
        assert (before <= 20, gateway.room.people) == (True, 50 - before)
        assert len(gateway.room.violations) == 50 - before, "they are shown all the same"
        await gateway.order("DELETE", "/v1/enforcement/hold")
        await gateway.advance(MINUTE_MS)
        assert (gateway.room.people, gateway.read("decision_refused")) == (0, []), "a moderator has looked"
        assert len(await gateway.logged(EnforcementHeld)) == 1


async def test_what_is_queued_falls_when_it_turns_out_to_be_too_much(tmp_path: Path) -> None:
    """Another gateway on the same log has ordered as much as this one."""
    visit = RoomType(name="visit", max_people=1, mode="enforce")
    async with GatewayInProcess(tmp_path, visit, hold_above=3, per_second=0.5) as gateway:
        await gateway.tell(*(joined(f"c{n}", DAY, user=f"u{n}") for n in range(4)))
        ordered = [one.data for one in await gateway.logged(DisconnectRequested)]
        assert len(ordered) == 3
        gateway.provider.effect = "none"
        fourth = a_decision(DisconnectRequested(participant="c0"), by=Actor("policy"))
        await gateway.gateway.ledger.propose([fourth])
        await gateway.advance(MINUTE_MS)
        failed = [one.data for one in gateway.read("disconnect_failed") if isinstance(one.data, DisconnectFailed)]
        assert (gateway.provider.called("disconnect"), [one.code for one in failed]) == ([], ["not_wanted"] * 4)
        assert len(await gateway.logged(EnforcementHeld)) == 1


async def test_a_share_by_the_wrong_role_is_stopped_once(tmp_path: Path) -> None:
    visit = RoomType(name="visit", screen_share=("advisor",), mode="enforce")
    async with GatewayInProcess(tmp_path, visit) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), published("c1", "s1", DAY + 1, kind="screen"))
        await gateway.advance(MINUTE_MS)
        (call,) = [one for one in gateway.provider.calls if one.name == "stop_stream"]
        assert (call.target.participant, call.target.streams) == ("c1", ("s1",))
        assert [one.stream for one in gateway.room.violations] == ["s1"], "the platform does not show the effect"
        await gateway.tell(unpublished("c1", "s1", gateway.clock.now_ms()))
        assert gateway.room.violations == ()


async def test_people_are_told_that_their_time_runs_out_and_that_it_was_extended(tmp_path: Path) -> None:
    visit = RoomType(name="visit", duration_ms=HOUR_MS, tell=("warning", "extension"), mode="enforce")
    async with GatewayInProcess(tmp_path, visit) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.advance(55 * MINUTE_MS + 10)
        await gateway.order("POST", "/v1/rooms/clinic/room-1/extend", {"seconds": 600})
        await gateway.advance(MINUTE_MS)
        assert [one.argument for one in gateway.provider.calls if one.name == "send_message"] == [
            "This session ends in 5 minutes.",
            "This session was extended: 15 minutes are left.",
        ]
        assert [one.actor.kind for one in gateway.read("message_requested")] == ["policy", "policy"]
        assert len(gateway.read("message_confirmed")) == 2


async def test_what_the_log_did_not_take_is_decided_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with GatewayInProcess(tmp_path, a_visit()) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        gateway.log.fails = True
        await gateway.advance(55 * MINUTE_MS + 5_000)
        assert warnings_of(gateway) == []
        assert "could not be stored and are tried again: The disk is full." in caplog.text
        gateway.log.fails = False
        await gateway.advance(2_000)
        assert warnings_of(gateway) == [(1, 5 * MINUTE_MS)]


async def test_an_empty_room_ends_after_a_while(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, a_visit()) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), left("c1", DAY + MINUTE_MS))
        await gateway.advance(10 * MINUTE_MS)
        assert gateway.room.ended_at is None
        await gateway.advance(MINUTE_MS + 10)
        assert gateway.room.ended_at == DAY + 11 * MINUTE_MS


async def test_nobody_is_cut_off_by_a_clock_that_is_set_ahead_of_the_log_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path, a_visit()) as gateway:
        servers = ToldTime(gateway.clock)
        servers.tell(gateway.clock.now_ms())
        monkeypatch.setattr(gateway.log, "health", lambda: LogHealth(writable=True, clock_skew_ms=servers.skew_ms))
        await gateway.tell(joined("c1", DAY, user="u1"))
        gateway.clock.step(HOUR_MS)
        await gateway.advance(30_000)
        assert warnings_of(gateway) == []
        gateway.clock.step(-HOUR_MS)
        await gateway.advance(55 * MINUTE_MS)
        assert warnings_of(gateway) == [(1, 5 * MINUTE_MS)]
        assert [record.getMessage()[:20] for record in caplog.records] == ["the clock is 3600000"]
        caplog.clear()


async def test_a_gateway_whose_clock_is_ahead_of_the_log_decides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path, a_visit()) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        with monkeypatch.context() as ahead:
            ahead.setattr(gateway.log, "health", lambda: LogHealth(writable=True, clock_skew_ms=HOUR_MS))
            await gateway.advance(56 * MINUTE_MS)
            assert warnings_of(gateway) == []
        await gateway.advance(2_000)
        assert warnings_of(gateway) == [(1, 5 * MINUTE_MS)]
        assert [record.getMessage()[:20] for record in caplog.records] == ["the clock is 3600000"]
        caplog.clear()


# --- while something is not read back ------------------------------------------------------------------------------


def elsewhere(event: Event, room: str = "room-2") -> Event:
    """The same in another room."""
    return replace(event, id=EventId(f"{event.id}-{room}"), room=RoomId(room))


@contextmanager
def slow_to_take(gateway: GatewayInProcess, kind: type[Data], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Event]]:
    """Until it is left, the log takes nothing of this kind; gives what it was asked to take."""
    append, asked, go_on = gateway.log.append, list[Event](), asyncio.Event()

    async def slow(entry: Entry) -> int:
        stuck = [event for event in entry.events if isinstance(event.data, kind)]
        asked.extend(stuck)
        if stuck:
            await go_on.wait()
        return await append(entry)

    monkeypatch.setattr(gateway.log, "append", slow)
    try:
        yield asked
    finally:
        go_on.set()


async def test_what_the_log_is_slow_to_take_holds_up_its_own_room_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with GatewayInProcess(tmp_path, a_visit()) as gateway:
        await gateway.tell(elsewhere(joined("c9", DAY, user="u9")))
        with slow_to_take(gateway, DeadlineSet, monkeypatch) as asked:
            await gateway.tell(joined("c1", DAY, user="u1"))
            await gateway.tell(joined("c2", DAY + 1, user="u2"))
            await gateway.advance(55 * MINUTE_MS)
            assert len(asked) == 1, "what is on its way is not decided again"
            assert [event.room for event in gateway.read("warning_raised")] == ["room-2"]
        await gateway.clock.settle()
        assert len(gateway.read("deadline_set")) == 2
        assert warnings_of(gateway) == [(1, 5 * MINUTE_MS)] * 2


async def test_removals_wait_for_those_before_them_and_nothing_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with GatewayInProcess(tmp_path, a_visit(max_people=1), hold_above=1) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), elsewhere(joined("c1", DAY, user="u1")))
        with slow_to_take(gateway, DisconnectRequested, monkeypatch) as asked:
            await gateway.tell(joined("c2", DAY + 1, user="u2"))
            await gateway.tell(elsewhere(joined("c2", DAY + 1, user="u2")))
            await gateway.tell(elsewhere(joined("c3", DAY, user="u3"), "room-3"))
            assert [event.room for event in asked] == ["room-1"]
            assert [event.room for event in gateway.read("deadline_set")] == ["room-1", "room-2", "room-3"]
        await gateway.clock.settle()
        assert [event.room for event in await gateway.logged(DisconnectRequested)] == ["room-1"]
        assert len(await gateway.logged(EnforcementHeld)) == 1, "the second would be one too many"
