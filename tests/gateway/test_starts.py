"""A gateway that begins in the middle of its log knows what one knows that reads all of it."""

from pathlib import Path

import msgspec
import pytest

from moderator.domain.events import DeadlineExtended
from moderator.gateway import starts
from moderator.gateway.ledger import Ledger
from tests.fakes.builders import SOURCE, a_decision, joined, left
from tests.fakes.gateway import GatewayInProcess, WatchedLog


@pytest.fixture(autouse=True)
def few_entries_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "EVERY_ENTRIES", 10)
    monkeypatch.setattr(starts, "WORTH_IT_ENTRIES", 3)


async def people_come_and_go(gateway: GatewayInProcess, people: range) -> None:
    """And decisions are refused."""
    for number in people:
        at = gateway.clock.now_ms()
        await gateway.tell(joined(f"p{number}", at, user=f"u{number}", name=f"Person {number}"))
        await gateway.gateway.ledger.propose([a_decision(DeadlineExtended(version=9, seconds=60), key=number)])
        await gateway.tell(left(f"p{number}", at + 1))


async def read_again(gateway: GatewayInProcess) -> Ledger:
    ledger = Ledger(gateway.log, gateway.clock)
    await ledger.catch_up()
    return ledger


async def read_whole(gateway: GatewayInProcess, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    async def none() -> None:
        return None

    with monkeypatch.context() as patch:
        patch.setattr(gateway.log, "start", none)
        return await read_again(gateway)


async def test_with_and_without_a_start_the_same_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await people_come_and_go(gateway, range(6))
        await gateway.advance(6_000)  # there is a checkpoint
    async with GatewayInProcess(tmp_path, clock=gateway.clock) as gateway:
        running = gateway.gateway.ledger
        assert running.began_at >= 18
        await people_come_and_go(gateway, range(6, 8))
        begun, whole = await read_again(gateway), await read_whole(gateway, monkeypatch)
        assert (begun.began_at, whole.began_at) == (running.began_at, 0)
        assert len(whole.marks.refused) == 8
        for ledger in (running, begun):
            assert vars(ledger.marks) == vars(whole.marks)
            assert ledger.state.snapshot() == whole.state.snapshot()
            assert ledger.state.all_rooms() == whole.state.all_rooms()


async def test_a_start_is_kept_every_so_many_entries(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await people_come_and_go(gateway, range(2))
        assert await gateway.log.start() is None
        await people_come_and_go(gateway, range(2, 6))
        first = await gateway.log.start()
        assert first is not None
        assert first.seq >= 10
        await people_come_and_go(gateway, range(6, 10))
        second = await gateway.log.start()
        assert second is not None
        assert second.seq >= first.seq + 10


async def test_the_more_there_is_to_keep_the_rarer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "ENTRIES_PER_VERDICT", 0.8)
    async with GatewayInProcess(tmp_path) as gateway:
        await people_come_and_go(gateway, range(10))
        first = await gateway.log.start()
        await people_come_and_go(gateway, range(10, 13))
        assert first is not None
        assert await gateway.log.start() == first, "it is not yet worth it"
        await people_come_and_go(gateway, range(13, 40))
        assert await gateway.log.start() != first


async def test_when_hardly_anything_happened_none_is_kept(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        log_path = gateway.config.log_path
    log = await WatchedLog.open(log_path)
    assert await log.start() is None
    await log.aclose()


async def test_what_cannot_be_kept_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await people_come_and_go(gateway, range(2))
        gateway.log.fails = True
        await gateway.gateway.starts.keep()
        gateway.log.fails = False
        assert "the next start takes longer: The disk is full." in caplog.text
        await people_come_and_go(gateway, range(2, 8))
        assert await gateway.log.start() is not None, "the next one is due after as many entries"


async def test_who_was_erased_does_not_come_back_with_a_start(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await people_come_and_go(gateway, range(5))
        await gateway.gateway.starts.keep()
        assert b"Person 3" in msgspec.json.encode(await gateway.log.start())
        answer = await gateway.order("POST", "/v1/audit/erase", {"source": SOURCE, "user": "u3"})
        assert answer.status_code == 200, answer.text
        assert await gateway.log.start() is None
        await people_come_and_go(gateway, range(5, 9))
    async with GatewayInProcess(tmp_path, clock=gateway.clock) as gateway:
        kept = msgspec.json.encode(await gateway.log.start())
        assert b"Person 2" in kept
        assert b"Person 3" not in kept


async def test_whom_another_gateway_erased_is_in_no_start_either(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await people_come_and_go(gateway, range(2))
        ledger = gateway.gateway.ledger
        ledger.remembers_erased = True  # it was read that somebody is, and the state still has them
        await gateway.gateway.starts.keep()
        assert await gateway.log.start() is None
        await ledger.rebuild()
        await gateway.gateway.starts.keep()
        assert await gateway.log.start() is not None


async def test_a_feed_goes_on_where_the_start_was(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await people_come_and_go(gateway, range(6))
    async with GatewayInProcess(tmp_path, clock=gateway.clock) as gateway:
        ledger = gateway.gateway.ledger
        events = ledger.since(ledger.began_at)
        assert events is not None
        assert min(event.seq for event in events) == ledger.began_at + 1
        assert ledger.since(ledger.began_at - 1) is None, "what was before cannot be told as it was read"
