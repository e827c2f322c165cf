"""Whose clock is right: what others say of the gateway's, and what then becomes of webhooks."""

from collections.abc import AsyncIterator
from email.utils import formatdate
from pathlib import Path

import httpx
import pytest

from moderator.domain.events import ParticipantJoined
from moderator.gateway.platforms.timekeeping import MOST_SKEW_MS, Timekeeping
from moderator.journal.event_log import LogError, LogHealth
from tests.fakes.builders import joined
from tests.fakes.gateway import SIGNED, WEBHOOK, GatewayInProcess, GatewayServed
from tests.fakes.provider import a_webhook

HOUR_MS = 3_600_000
APART = "its clock and the platforms' are more than an hour apart: set it right"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path) as gateway:
        yield gateway


def check(gateway: GatewayInProcess, told_ms: int) -> None:
    """A webhook that is dated so far from the gateway's time. Raises LogError."""
    now = gateway.clock.now_ms()
    gateway.gateway.timekeeping.check(gateway.gateway.sources["clinic"], [joined("p", now + told_ms)], now)


def replied(gateway: GatewayInProcess, told_ms: int) -> None:
    """The platform's reply says what time it is."""
    gateway.gateway.sources["clinic"].http.heard_time(formatdate((gateway.clock.now_ms() + told_ms) / 1000))


async def test_nobody_vouches_before_anybody_told_the_time(gateway: GatewayInProcess) -> None:
    time = gateway.gateway.timekeeping
    assert (time.is_vouched_for(), time.why_wrong()) == (False, "")
    check(gateway, -HOUR_MS // 2)
    assert (time.is_vouched_for(), time.why_wrong()) == (True, "")


async def test_what_is_yet_to_come_is_refused_until_another_clock_agrees(gateway: GatewayInProcess) -> None:
    with pytest.raises(LogError, match="hours ahead of this gateway's clock, and no other clock agrees with ours"):
        check(gateway, 2 * HOUR_MS)
    replied(gateway, 0)
    check(gateway, 2 * HOUR_MS)  # the platform's other machines have another clock
    assert gateway.gateway.timekeeping.why_wrong() == ""


async def test_a_clock_behind_every_platform_s_is_not_ready(gateway: GatewayInProcess) -> None:
    with pytest.raises(LogError):
        check(gateway, 2 * HOUR_MS)
    assert gateway.gateway.readiness.why_not() == APART
    gateway.clock.step(2 * HOUR_MS)
    assert gateway.gateway.readiness.why_not() == "", "it was set right, and that shows at once"


async def test_a_webhook_that_was_long_under_way_says_nothing_against_the_clock(gateway: GatewayInProcess) -> None:
    check(gateway, -25 * HOUR_MS)
    time = gateway.gateway.timekeeping
    assert (time.is_vouched_for(), time.why_wrong()) == (False, "")


async def test_what_was_told_goes_on_with_the_clock_that_nobody_sets(gateway: GatewayInProcess) -> None:
    replied(gateway, 0)
    check(gateway, 0)
    gateway.clock.step(40 * 24 * HOUR_MS)
    time = gateway.gateway.timekeeping
    assert (time.is_vouched_for(), time.why_wrong()) == (False, APART)


@pytest.mark.parametrize(
    ("skew_ms", "vouched_for", "taken"),
    [(MOST_SKEW_MS, True, True), (-5_000, False, True), (5 * HOUR_MS, False, False), (-2 * HOUR_MS, False, False)],
)
async def test_where_the_log_has_a_clock_it_judges(
    gateway: GatewayInProcess, monkeypatch: pytest.MonkeyPatch, skew_ms: int, vouched_for: bool, taken: bool
) -> None:
    replied(gateway, 0)
    monkeypatch.setattr(gateway.log, "health", lambda: LogHealth(writable=True, clock_skew_ms=skew_ms))
    assert gateway.gateway.timekeeping.is_vouched_for() == vouched_for
    if taken:
        check(gateway, 0)
    else:
        with pytest.raises(LogError, match="log's: set it right"):
            check(gateway, 0)


async def test_no_sources_and_no_servers_tell_nothing(gateway: GatewayInProcess) -> None:
    time = Timekeeping(gateway.log, {})
    assert (time.is_vouched_for(), time.why_wrong()) == (False, "")


async def test_a_refused_webhook_is_taken_when_the_clock_is_right(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As long as it was acknowledged, nobody ever showed: the platform does not send it again, and its id was known."""
    async with GatewayServed(tmp_path) as gateway:
        at = gateway.clock.now_ms()
        with pytest.MonkeyPatch.context() as behind:
            behind.setattr(type(gateway.clock), "now_ms", lambda _: at - 2 * HOUR_MS)
            with pytest.raises(httpx.RemoteProtocolError):
                await gateway.http.post(WEBHOOK, content=a_webhook(joined("c1", at)), headers=SIGNED)
        assert "no other clock agrees with ours: set both by NTP" in caplog.text
        caplog.clear()
        answer = await gateway.http.post(WEBHOOK, content=a_webhook(joined("c1", at)), headers=SIGNED)
        assert (answer.status_code, answer.json()) == (200, {"stored": 1})
        await gateway.until_read()
        assert len(await gateway.logged(ParticipantJoined)) == 1
