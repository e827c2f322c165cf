"""Gateways on one log that were not configured alike."""

from pathlib import Path

import pytest

from moderator.domain.settings import Capability, RoomType, Settings, SourceInfo
from moderator.gateway.other_settings import differing
from tests.fakes.gateway import GatewayInProcess

LESSON = RoomType(name="lesson", duration_ms=60_000)
ONE = SourceInfo("one", "vonage", {"list": Capability("provider")})
TWO = SourceInfo("two", "stream")
OWN = Settings((LESSON,), (ONE, TWO), 20)


@pytest.mark.parametrize(
    ("other", "keys"),
    [
        (Settings((LESSON,), (TWO, ONE), 20), []),
        (Settings((), (ONE, TWO), 20), ["room_types"]),
        (Settings((LESSON,), (ONE,), 20), ["sources"]),
        (Settings((), (ONE, TWO), None), ["room_types", "gateway.hold_above"]),
    ],
)
def test_what_differs(other: Settings, keys: list[str]) -> None:
    assert differing(OWN, other) == keys


async def test_who_runs_already_says_so_and_the_newest_counts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with GatewayInProcess(tmp_path, LESSON) as first:
        async with GatewayInProcess(tmp_path, LESSON, clock=first.clock, beside=first):
            assert caplog.records == []
        async with GatewayInProcess(tmp_path, clock=first.clock, beside=first):
            (record,) = caplog.records
            assert "it differs in room_types. Give all of them the same" in record.getMessage()
            assert first.gateway.ledger.state.settings.room_types == ()
            caplog.clear()
