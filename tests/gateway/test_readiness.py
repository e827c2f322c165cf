"""`/readyz` says no, and why, whenever others should be asked instead; `/healthz` says yes as long as it runs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.gateway.platforms.timekeeping import MOST_SKEW_MS
from moderator.gateway.readiness import MOST_BEHIND
from moderator.journal.event_log import LogHealth
from tests.fakes.builders import DAY, joined
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, RunningGateway


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path) as gateway:
        yield gateway


async def why_not(gateway: RunningGateway) -> str:
    """The reason; empty when it is ready."""
    assert (await gateway.http.get("/healthz")).status_code == 200
    answer = await gateway.http.get("/readyz")
    told = answer.json()
    assert answer.status_code == (200 if told["ready"] else 503)
    return str(told.get("why", ""))


async def test_not_before_it_has_read_its_log(tmp_path: Path) -> None:
    async with RunningGateway(tmp_path, FakeClock()) as gateway:
        assert await why_not(gateway) == "it still reads its log"
        await gateway.start()
        assert await why_not(gateway) == ""


async def test_not_when_it_was_asked_to_stop(gateway: GatewayInProcess) -> None:
    gateway.gateway.drain()
    assert await why_not(gateway) == "it was asked to stop: ask another gateway"
    await gateway.tell(joined("c1", DAY))  # what comes all the same is taken
    assert gateway.room.people == 1


@pytest.mark.parametrize(
    ("health", "why"),
    [
        (LogHealth(writable=True, behind=MOST_BEHIND), ""),
        (LogHealth(writable=True, clock_skew_ms=-MOST_SKEW_MS), ""),
        (LogHealth(writable=False, why="The disk is full."), "it cannot write its log: The disk is full."),
        (LogHealth(writable=False), "it cannot write its log"),
        (LogHealth(writable=True, behind=MOST_BEHIND + 1), "it is 10001 entries behind its log"),
        (LogHealth(writable=True, clock_skew_ms=1_001), "its clock is 1001 ms ahead of the log's: set it right"),
        (LogHealth(writable=True, clock_skew_ms=-5_000), "its clock is 5000 ms behind the log's: set it right"),
    ],
)
async def test_what_the_log_says(
    gateway: GatewayInProcess, monkeypatch: pytest.MonkeyPatch, health: LogHealth, why: str
) -> None:
    monkeypatch.setattr(gateway.log, "health", lambda: health)
    assert await why_not(gateway) == why


async def test_what_was_stored_here_and_not_read_back_counts_as_well(gateway: GatewayInProcess) -> None:
    gateway.gateway.ledger.measures.stored = gateway.gateway.ledger.state.seq + MOST_BEHIND + 1
    assert "entries behind its log" in await why_not(gateway)
