"""`moderator check`: does every configured account work, and what to do where it does not."""

from moderator.clock import SystemClock
from moderator.feed.paths import quote_id
from moderator.gateway.config import Config
from moderator.gateway.sources import LiveSource
from moderator.providers.provider import Finding


async def check(config: Config) -> list[tuple[str, Finding]]:
    """Findings by source name, and one of the clock of each."""
    findings = []
    for source_config in config.sources:
        source = LiveSource(source_config, SystemClock())
        try:
            found = await source.provider.check(webhook_url(config, source.name))
        finally:
            await source.http.aclose()
        findings += [(source.name, finding) for finding in (*found, _clock(source))]
    return findings


def webhook_url(config: Config, source: str) -> str:
    """What to register with the platform."""
    gateway = config.gateway
    base = gateway.public_url.rstrip("/") or f"http://{gateway.host}:{gateway.port}"
    return f"{base}/webhooks/{quote_id(source)}"


def _clock(source: LiveSource) -> Finding:
    offset_s = source.clock_offset_ms / 1000
    if not offset_s:
        return Finding(True, "the platform's clock agrees with ours to two seconds")
    return Finding(False, f"the platform's clock is {-offset_s:+.0f} s off ours", "set both by NTP")
