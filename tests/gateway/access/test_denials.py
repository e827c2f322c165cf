import asyncio
from pathlib import Path

import pytest

from moderator.domain.events import AccessDenied
from moderator.gateway.tally import MAX_KINDS
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess


async def denied(gateway: GatewayInProcess) -> list[AccessDenied]:
    return [event.data for event in await gateway.logged(AccessDenied) if isinstance(event.data, AccessDenied)]


async def test_the_first_is_written_at_once_and_the_rest_with_the_next_minute(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        gateway.gateway.denials.note("api from 192.0.2.9", "no_token")
        await gateway.clock.settle()
        assert [one.count for one in await denied(gateway)] == [1]
        for _ in range(100):
            gateway.gateway.denials.note("api from 192.0.2.9", "no_token")
        await gateway.advance(59_000)
        assert [one.count for one in await denied(gateway)] == [1]
        await gateway.advance(1_000)
        assert [one.count for one in await denied(gateway)] == [1, 100]


async def test_a_flood_of_different_attempts_is_counted_together(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        for number in range(MAX_KINDS + 500):
            gateway.gateway.denials.note(f"api from {number}", "no_token")
        await gateway.clock.settle()
        found = await denied(gateway)
        assert len(found) == MAX_KINDS + 1
        assert (found[-1].origin, found[-1].count) == ("others", 500)


async def test_nothing_is_lost_while_the_log_fails(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        gateway.log.fails = True
        gateway.gateway.denials.note("api from 192.0.2.9", "no_token")
        await gateway.advance(10_000)
        gateway.gateway.denials.note("api from 192.0.2.9", "no_token")
        gateway.log.fails = False
        await gateway.advance(60_000)
        assert [one.count for one in await denied(gateway)] == [2]
        assert "kept for the next time: The disk is full." in caplog.text


async def test_what_was_counted_is_written_at_the_stop(tmp_path: Path) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        for _ in range(3):
            gateway.gateway.denials.note("api from 192.0.2.9", "no_token")
            await asyncio.sleep(0)
        await gateway.advance(1_000)
        gateway.gateway.denials.note("api from 192.0.2.9", "bad_token")
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        assert sum(one.count for one in await denied(gateway)) == 4


async def test_what_cannot_be_stored_is_dropped_and_keeps_nothing_else_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        for number in range(3):
            gateway.gateway.denials.note(f"api as \ud800{number}", "no_token")
            gateway.gateway.denials.note(f"api as eve{number}", "no_token")
            await gateway.advance(60_000)
        assert [one.origin for one in await denied(gateway)] == [f"api as eve{number}" for number in range(3)]
    assert ["was dropped" in record.getMessage() for record in caplog.records] == [True], "said once"
    caplog.clear()
