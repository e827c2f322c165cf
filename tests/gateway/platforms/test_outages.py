"""What is written down of a platform that does not answer."""

from pathlib import Path

import pytest

from moderator.domain.events import SourceRecovered, SourceSilent
from moderator.gateway.platforms.circuit import FAILURES
from moderator.gateway.platforms.sources import LiveSource
from tests.fakes.builders import SOURCE
from tests.fakes.gateway import GatewayInProcess

STORED_WITHIN_MS = 10_000


async def kinds(gateway: GatewayInProcess) -> list[str]:
    return [event.kind for event in await gateway.logged(SourceSilent, SourceRecovered)]


async def fail(gateway: GatewayInProcess) -> LiveSource:
    source = gateway.gateway.sources[SOURCE]
    for _ in range(FAILURES):
        source.circuit.failed()
    await gateway.clock.settle()
    return source


async def test_an_outage_that_could_not_be_stored_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        gateway.log.fails = True
        source = await fail(gateway)
        assert source.status().state == "failing"
        await gateway.advance(STORED_WITHIN_MS)
        gateway.log.fails = False
        assert await kinds(gateway) == []
        await gateway.advance(STORED_WITHIN_MS)
        assert await kinds(gateway) == ["source_silent"]
        source.circuit.answered()
        await gateway.clock.settle()
        assert await kinds(gateway) == ["source_silent", "source_recovered"]
    assert caplog.text.count("how it is doing could not be stored") == 1, "not with every try"


async def test_an_outage_that_was_over_before_it_could_be_stored_is_told_with_its_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        gateway.log.fails = True
        (await fail(gateway)).circuit.answered()
        gateway.log.fails = False
        await gateway.advance(STORED_WITHIN_MS)
        assert await kinds(gateway) == ["source_silent", "source_recovered"]
    assert "how it is doing could not be stored" in caplog.text


async def test_lists_that_fail_and_requests_that_fail_are_one_outage(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        source = await fail(gateway)
        for _ in range(3):
            source.failed("the clinic cannot be reached")
        await gateway.clock.settle()
        source.circuit.answered()
        await gateway.clock.settle()
        assert await kinds(gateway) == ["source_silent"]
        source.listed(gateway.clock.now_ms())
        await gateway.clock.settle()
        assert await kinds(gateway) == ["source_silent", "source_recovered"]
