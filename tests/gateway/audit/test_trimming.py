"""Entries older than is to be kept go, and nothing that still counts goes with them."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from moderator.domain.accounting import LogTrimmed
from moderator.domain.events import Entry, RoomStarted
from moderator.domain.fold import fold
from moderator.domain.state import Snapshot, State
from moderator.gateway import reading
from moderator.gateway.audit.trimming import Trimming
from moderator.journal import local_log
from moderator.journal.event_log import EventLog, LogError
from moderator.journal.sqlite_erasing import snapshot_in
from moderator.journal.sqlite_evidence import verify_file
from moderator.journal.verifying import Anchor
from tests.fakes.builders import DAY, ROOM, a_fact, joined, kicked, left
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, GatewayServed, room_path

DAY_MS: Final = 24 * 3_600_000
ASKED_AGAIN_MS: Final = 60_000


def keeping(folder: Path, clock: FakeClock, retention: str = "2d") -> GatewayInProcess:
    gateway = GatewayInProcess(folder, clock=clock)
    section = replace(gateway.config.gateway, retention=retention)
    gateway.config = replace(gateway.config, gateway=section)
    return gateway


async def folded(log: EventLog) -> Snapshot:
    before = await log.before()
    state = State() if before is None else State.from_snapshot(before)
    async for batch in log.read(state.seq):
        for entry in batch:
            fold(state, entry)
    return state.snapshot()


async def visits(gateway: GatewayInProcess, begin: int) -> None:
    """Somebody is there for an hour, and somebody is blocked for good."""
    await gateway.tell(joined("p1", begin, user="u1", name="Anna"), joined("p2", begin, user="u2"))
    await gateway.order("POST", room_path() + "/participants/p2/disconnect", {"reason": "conduct", "block": True})
    await gateway.tell(left("p2", begin + 1))
    await gateway.advance(1_000)
    gateway.clock.step(3_600_000)
    await gateway.tell(left("p1", begin + 3_600_000))


def trimming(gateway: GatewayInProcess, kept_days: int = 2, anchor: Path | None = None) -> Trimming:
    """By a clock that is right."""
    return Trimming(gateway.gateway.ledger, gateway.clock, kept_days * DAY_MS, anchor, lambda: True)


async def later(gateway: GatewayInProcess, kept_days: int = 2) -> None:
    """Three days later, when it is looked again."""
    gateway.clock.step(3 * DAY_MS)
    await trimming(gateway, kept_days).trim()
    await gateway.clock.settle()


async def test_what_is_old_goes_and_blocks_stay(tmp_path: Path) -> None:
    clock = FakeClock()
    async with keeping(tmp_path, clock) as gateway:
        await visits(gateway, DAY)
        await later(gateway)
        (record, *_) = await gateway.logged(LogTrimmed)
        assert isinstance(record.data, LogTrimmed)
        assert record.data.entries > 5
        assert await gateway.logged(type(kicked("p").data)) == []
        (room,) = gateway.gateway.ledger.state.rooms.values()
        assert [block.user for block in room.blocks] == ["u2"]
        for _ in range(2):  # what was stored while the first checkpoint was written has the second
            await gateway.advance(5_000)
        found = verify_file(gateway.config.log_path)
        assert (found.problem, found.unvouched) == ("", 0)
        running = gateway.gateway.ledger.state.snapshot()
        assert await folded(gateway.log) == running
    async with keeping(tmp_path, clock) as gateway:
        (room,) = gateway.gateway.ledger.state.rooms.values()
        assert [block.user for block in room.blocks] == ["u2"]
        assert verify_file(gateway.config.log_path).problem == ""


async def test_a_timeline_begins_where_the_log_does(tmp_path: Path) -> None:
    clock = FakeClock()
    async with keeping(tmp_path, clock) as gateway:
        await visits(gateway, DAY)
        await later(gateway)
        now = clock.now_ms()
        await gateway.tell(joined("p3", now, user="u3"))
        kinds = [event["kind"] for event in (await gateway.timeline())["events"]]
        assert kinds[-1] == "participant_joined"
        assert "person_blocked" not in kinds
        refused = await gateway.order("DELETE", f"{room_path()}/blocks/u9")
        assert refused.status_code in {404, 409}


async def test_who_reads_on_from_before_gets_a_new_snapshot(tmp_path: Path) -> None:
    clock = FakeClock()
    async with keeping(tmp_path, clock) as gateway:
        await visits(gateway, DAY)
        await later(gateway)
    served = GatewayServed(tmp_path)
    async with served as gateway_served:
        log_id = gateway_served.log.log_id
        async with gateway_served.feed(f"{log_id}:2") as frames:
            first = await anext(frames)
        assert type(first).__name__.lower().startswith("snapshot")


async def test_the_anchor_knows_of_it_and_nothing_goes_before_it_does(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    anchor = tmp_path / "anchor.jsonl"
    async with GatewayInProcess(tmp_path) as gateway:
        await visits(gateway, DAY)
        gateway.clock.step(3 * DAY_MS)
        anchor.mkdir()
        held_up = trimming(gateway, anchor=anchor)
        with pytest.raises(LogError, match="The anchor has to say so first"):
            await held_up.trim()
        assert await gateway.logged(LogTrimmed) == []
        caplog.clear()
        anchor.rmdir()
        await held_up.trim()
        (line,) = [msgspec.json.decode(line, type=Anchor) for line in anchor.read_bytes().splitlines()]
        assert (line.seq, line.trimmed) == (await gateway.log.trimmed(), True)


async def test_a_log_that_was_trimmed_fits_its_anchor_and_not_without_the_line_of_it(tmp_path: Path) -> None:
    clock, anchor = FakeClock(), tmp_path / "anchor.jsonl"
    for trimmings in range(2):
        gateway = keeping(tmp_path, clock)
        section = replace(gateway.config.gateway, audit_anchor="anchor.jsonl")
        gateway.config = replace(gateway.config, gateway=section)
        async with gateway:
            await gateway.tell(joined("p1", clock.now_ms(), user="u1"))
            await gateway.advance(ASKED_AGAIN_MS)
            while len(await gateway.logged(LogTrimmed)) < trimmings:
                await asyncio.sleep(0.01)
        clock.step(3 * DAY_MS)
    found = verify_file(gateway.config.log_path, anchor)
    assert (found.problem, len(found.trims), found.trims[0].vouched) == ("", 1, True)
    lines = [line for line in anchor.read_bytes().splitlines() if b"trimmed" not in line]
    anchor.write_bytes(b"\n".join(lines))
    assert (
        verify_file(gateway.config.log_path, anchor).problem == "entries were taken out, and the anchor does not say so"
    )


async def test_the_time_in_the_column_is_not_asked(tmp_path: Path) -> None:
    """It is beside what is vouched for: whoever sets it back would have the gateway take out the evidence."""
    async with GatewayInProcess(tmp_path) as gateway:
        await visits(gateway, DAY)
        with closing(sqlite3.connect(gateway.config.log_path)) as store:
            store.execute("UPDATE entries SET recorded_at = 0")
            store.commit()
        await later(gateway, 365)
        assert await gateway.logged(LogTrimmed) == []


async def test_nothing_goes_while_it_is_young(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await visits(gateway, DAY)
        await later(gateway, 365)
        assert await gateway.logged(LogTrimmed) == []
        assert gateway.known(ROOM) is not None


async def test_it_is_looked_at_the_start(tmp_path: Path) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        await visits(gateway, DAY)
    clock.step(3 * DAY_MS)
    async with keeping(tmp_path, clock) as gateway:
        await gateway.tell(joined("p3", clock.now_ms(), user="u3"))
        await gateway.advance(ASKED_AGAIN_MS)
        assert len(await gateway.logged(LogTrimmed)) == 1


async def test_nothing_goes_by_a_clock_that_nobody_agrees_with(tmp_path: Path) -> None:
    """What is gone does not come back when the clock is right again."""
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        await visits(gateway, DAY)
    right, wrong_by = clock.now_ms(), 40 * DAY_MS
    clock.step(wrong_by)
    async with keeping(tmp_path, clock) as gateway:
        await gateway.advance(3 * ASKED_AGAIN_MS)
        assert await gateway.logged(LogTrimmed) == []
        clock.step(3 * DAY_MS - wrong_by)
        await gateway.tell(joined("p3", right + 3 * DAY_MS, user="u3"))
        await gateway.advance(ASKED_AGAIN_MS)
        (trimmed,) = await gateway.logged(LogTrimmed)
        assert trimmed.at < right + 4 * DAY_MS


async def test_entries_that_a_clock_far_behind_dated_take_no_young_ones_along(tmp_path: Path) -> None:
    """The old ones are found by halving, which such entries lead astray."""
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("old", DAY, user="u1"))
        gateway.clock.step(3 * DAY_MS)
        await gateway.tell(joined("young", DAY + 3 * DAY_MS, user="u2"))
        first_young = gateway.gateway.ledger.state.seq
        gateway.clock.step(-30 * DAY_MS)
        for number in range(20):
            await gateway.gateway.ledger.append([a_fact(RoomStarted(), DAY - 27 * DAY_MS, room=f"room-{number}")])
        gateway.clock.step(30 * DAY_MS)
        await later(gateway, 5)
        assert 0 < await gateway.log.trimmed() < first_young


async def test_a_command_that_is_not_settled_stays_with_what_follows(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("p1", DAY, user="u1"))
        gateway.provider.hangs = True
        answer = await gateway.order("POST", room_path() + "/participants/p1/disconnect", {"reason": "conduct"})
        assert answer.status_code == 202, answer.text
        before = await gateway.log.oldest_open()
        await later(gateway)
        (record,) = await gateway.logged(LogTrimmed)
        assert isinstance(record.data, LogTrimmed)
        assert record.data.through == answer.json()["seq"] - 1
        assert await gateway.log.oldest_open() == before == answer.json()["seq"]


async def test_a_timeline_has_no_hole_when_entries_go_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "READ_AT_ONCE", 2)
    async with GatewayInProcess(tmp_path) as gateway:
        for number in range(10):
            await gateway.tell(joined(f"p{number}", DAY, user=f"u{number}"))
        last_old = gateway.gateway.ledger.state.seq
        gateway.clock.step(3 * DAY_MS)
        now = gateway.clock.now_ms()
        await gateway.tell(joined("new", now, user="new"))
        read_room, reads = gateway.log.read_room, 0

        async def interrupted(*asked: Any) -> Sequence[Entry]:
            nonlocal reads
            reads += 1
            if reads == 3:
                await trimming(gateway).trim()
            return await read_room(*asked)

        monkeypatch.setattr(gateway.log, "read_room", interrupted)
        events = (await gateway.timeline())["events"]
        assert await gateway.log.trimmed() >= last_old
        assert [event["data"]["user"] for event in events if event["kind"] == "participant_joined"] == ["new"]
        assert all(event["seq"] > last_old for event in events)


async def test_what_was_trimmed_is_decoded_once_until_more_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded = 0

    def counted(store: sqlite3.Connection) -> Snapshot | None:
        nonlocal decoded
        decoded += 1
        return snapshot_in(store)

    monkeypatch.setattr(local_log, "snapshot_in", counted)
    async with GatewayInProcess(tmp_path) as gateway:
        await visits(gateway, DAY)
        await later(gateway)
        decoded = 0
        for _ in range(3):
            await gateway.timeline()
        assert decoded <= 1
        gateway.clock.step(DAY_MS)
        await gateway.tell(joined("p4", gateway.clock.now_ms(), user="u4"))
        await later(gateway)
        before = await gateway.log.before()
        assert before is not None
        assert before.seq == await gateway.log.trimmed()
