"""Checkpoints of a running gateway, and their anchors."""

import asyncio
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from moderator.domain.accounting import Checkpoint, LogTrimmed
from moderator.feed.audit import Verified
from moderator.gateway.audit import checkpoints
from moderator.journal.sqlite_evidence import verify_file
from moderator.journal.verifying import Anchor
from tests.fakes.builders import DAY, a_decision, an_entry, joined
from tests.fakes.gateway import GatewayInProcess


def anchored(folder: Path) -> GatewayInProcess:
    gateway = GatewayInProcess(folder)
    section = replace(gateway.config.gateway, audit_anchor="anchor.jsonl")
    gateway.config = replace(gateway.config, gateway=section)
    return gateway


def check(gateway: GatewayInProcess) -> Verified:
    return verify_file(gateway.config.log_path, gateway.config.audit_anchor)


async def written(gateway: GatewayInProcess) -> list[Checkpoint]:
    return [event.data for event in await gateway.logged(Checkpoint) if isinstance(event.data, Checkpoint)]


async def test_what_is_new_is_vouched_for_within_seconds(tmp_path: Path) -> None:
    async with anchored(tmp_path) as gateway:
        await gateway.advance(5_000)
        begun = len(await written(gateway))
        await gateway.tell(joined("p1", DAY, user="u1"))
        assert check(gateway).unvouched == 1
        await gateway.advance(5_000)
        found = check(gateway)
        assert (found.problem, found.unvouched, found.checkpoints) == ("", 0, begun + 1)


async def test_nothing_new_needs_no_checkpoint(tmp_path: Path) -> None:
    async with anchored(tmp_path) as gateway:
        await gateway.advance(5_000)
        before = len(await written(gateway))
        await gateway.advance(25_000)
        assert len(await written(gateway)) == before


async def test_the_chain_goes_on_after_a_restart_and_the_end_is_vouched_for(tmp_path: Path) -> None:
    for number in range(2):
        async with anchored(tmp_path) as gateway:
            await gateway.tell(joined(f"p{number}", DAY, user="u1"))
    found = check(gateway)
    assert (found.problem, found.unvouched) == ("", 0)
    lines = (tmp_path / "anchor.jsonl").read_bytes().splitlines()
    assert msgspec.json.decode(lines[-1], type=Anchor).head == found.head
    assert len(lines) == found.checkpoints == 2


async def test_a_long_log_is_vouched_for_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "MOST_LEAVES", 3)
    async with anchored(tmp_path) as gateway:
        for number in range(10):
            await gateway.tell(joined(f"p{number}", DAY, user=f"u{number}"))
        await gateway.advance(5_000)
        assert max(len(one.leaves) for one in await written(gateway)) == 3
        assert check(gateway).problem == ""


async def test_a_log_that_fails_is_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with anchored(tmp_path) as gateway:
        gateway.log.fails = True
        await gateway.advance(5_000)
        gateway.log.fails = False
        assert ["a checkpoint could not be stored" in record.getMessage() for record in caplog.records] == [True]
        await gateway.advance(5_000)
        assert verify_file(gateway.config.log_path).unvouched == 0
        caplog.clear()


async def test_another_log_than_the_anchor_knows_is_said_at_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        async with anchored(tmp_path) as gateway:
            await gateway.tell(joined("p1", DAY, user="u1"))
    assert caplog.records == []
    for file in tmp_path.glob("moderator.db*"):
        file.unlink()
    async with anchored(tmp_path) as gateway:
        while not caplog.records:
            await asyncio.sleep(0.01)
        assert (await gateway.http.get("/v1/rooms")).status_code == 200
    assert ["the log lacks the newest checkpoint of the anchor" in one.getMessage() for one in caplog.records] == [True]
    caplog.clear()


async def test_an_anchor_that_cannot_be_written_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "anchor.jsonl").mkdir()
    async with anchored(tmp_path):
        pass
    assert [record.getMessage() for record in caplog.records] == [
        f"the anchor {tmp_path / 'anchor.jsonl'} cannot be written: Is a directory"
    ]
    assert verify_file(tmp_path / "moderator.db").unvouched == 0
    caplog.clear()


async def busy(gateway: GatewayInProcess, seconds: int) -> None:
    """Somebody comes every second."""
    for _ in range(seconds):
        now = gateway.clock.now_ms()
        await gateway.tell(joined(f"p{now}", now, user=f"u{now}"))
        await gateway.advance(1_000)


async def test_of_two_gateways_on_a_log_one_vouches(tmp_path: Path) -> None:
    async with anchored(tmp_path) as first:
        async with GatewayInProcess(tmp_path, clock=first.clock, beside=first):
            before = len(await written(first))
            await busy(first, 60)
            assert 10 <= len(await written(first)) - before <= 14
        assert check(first).problem == ""


async def test_another_gateway_takes_over(tmp_path: Path) -> None:
    async with anchored(tmp_path) as first:
        async with GatewayInProcess(tmp_path, clock=first.clock, beside=first) as second:
            await first.tell(joined("p1", DAY, user="u1"))
            await second.gateway.checkpoints.vouch()
            before = len(await written(first))
            await busy(first, 16)
            assert len(await written(first)) - before == 2, "those of the second"
        before = len(await written(first))
        await busy(first, 30)
        assert len(await written(first)) - before >= 2
        found = check(first)
        assert (found.problem, found.unvouched <= 5) == ("", True)


async def test_a_gateway_whose_log_another_one_trimmed_says_so_in_its_anchor(tmp_path: Path) -> None:
    async with anchored(tmp_path) as gateway:
        await gateway.tell(joined("p1", DAY, user="u1"))
        await gateway.advance(5_000)
        trimmed = a_decision(LogTrimmed(through=1, entries=1, hash="h"), room=None)
        await gateway.log.append(an_entry(trimmed))
        await gateway.advance(5_000)
    lines = [msgspec.json.decode(line, type=Anchor) for line in (tmp_path / "anchor.jsonl").read_bytes().splitlines()]
    assert [(one.seq, one.head) for one in lines if one.trimmed] == [(1, "h")]


async def test_what_another_gateway_read_otherwise_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("p1", DAY, user="u1"))
        leaves = await gateway.log.leaves(0, 2)
        other = replace(leaves[1], hash="something else")
        for number, told in enumerate([leaves, (leaves[0], other)]):
            data = Checkpoint(leaves=tuple(told), previous="", head=f"head {number}")
            await gateway.log.append(an_entry(a_decision(data, room=None)))
            await gateway.advance(60_000)
        (record,) = caplog.records
        assert record.getMessage().startswith(f"record {other.seq} of the log is not the same for another gateway.")
        caplog.clear()
