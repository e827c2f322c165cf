"""`moderator check`: does every configured account work, and what to do where it does not."""

import asyncio
from collections.abc import AsyncIterator
from fnmatch import fnmatchcase
from typing import Final

import msgspec
from msgspec import Struct

from moderator.clock import Clock, SystemClock
from moderator.domain.rooms import Source
from moderator.feed.paths import quote_id
from moderator.gateway.access.tokens import issue_token
from moderator.gateway.configuration.config import Config
from moderator.gateway.configuration.sections import RtcstatsSection
from moderator.gateway.escalation.check import check_channels
from moderator.gateway.platforms.sources import LiveSource
from moderator.http import HttpClient, HttpError
from moderator.providers.provider import Finding
from moderator.quality.database import Database
from moderator.quality.errors import Unavailable
from moderator.quality.lookups import Lookups, Seen

NO_SOURCES: Final = Finding(
    False, "no sources are configured", "Add a table [sources.NAME] for each of your platforms."
)
HEARD: Final = Finding(True, "the running gateway has heard this platform since it was started")
NEVER_HEARD: Final = Finding(
    True,
    "the running gateway has heard nothing of this platform since it was started: once somebody joins a room it should",
    todo=True,
)
HEARING_TRIES: Final = 10
HEARING_PAUSE_S: Final = 0.3


class _Answer(Struct):
    sources: tuple[Source, ...]


async def check(config: Config, notify: bool = False) -> AsyncIterator[tuple[str, Finding]]:
    """Findings by source name, as they come: the provider's, of the clock, and whether a running gateway hears the
    platform.

    Under `rtcstats` those about its database, under `notify.` and the channel those about who is told beyond the
    window; with `notify` they get a test message.
    """
    clock = SystemClock()
    if not config.sources:
        yield "configuration", NO_SOURCES
    for source_config in config.sources:
        source = LiveSource(source_config, clock)
        begun_at = clock.now_ms()
        try:
            found = await source.provider.check(webhook_url(config, source.name))
        finally:
            await source.http.aclose()
        for finding in (*found, *_clock(source), *_durations(config, source)):
            yield source.name, finding
        reported = any(finding.reported for finding in found)
        for finding in await _heard(config, source.name, begun_at if reported else None, clock):
            yield source.name, finding
    for finding in await _rtcstats(config.rtcstats):
        yield "rtcstats", finding
    if config.notify is not None:
        for where, finding in await check_channels(config.notify, clock, send=notify):
            yield where, finding


async def _rtcstats(section: RtcstatsSection | None) -> list[Finding]:
    """Whether sessions can be looked up; nothing where rtcStats is not configured."""
    if section is None:
        return []
    if not section.database:
        return [Finding(True, "no database is named: tokens are made for it, and no sessions are shown")]
    lookups = Lookups(Database(section.database))
    try:
        return seen_in_words(await lookups.look())
    except Unavailable as error:
        what, _, remedy = str(error).partition(": ")
        return [Finding(False, what, remedy)]
    finally:
        await lookups.aclose()


def seen_in_words(seen: Seen) -> list[Finding]:
    """Hidden scores are no fault: sessions are shown without."""
    what = "sessions are there" if seen.any_session else "no session is recorded yet"
    answers = Finding(True, f"the database answers, and lets this role look: {what}")
    return [answers, *([Finding(True, seen.notice, todo=True)] if seen.notice else [])]


def webhook_url(config: Config, source: str) -> str:
    """What to register with the platform."""
    base = config.gateway.public_url.rstrip("/") or _local_url(config)
    return f"{base}/webhooks/{quote_id(source)}"


def _local_url(config: Config) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.gateway.host, config.gateway.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{config.gateway.port}"


def _clock(source: LiveSource) -> list[Finding]:
    """Nothing when nobody answered."""
    if source.http.clock_is_broken:
        what = "the platform's clock and ours are more than an hour apart: times and tokens cannot be made right"
        return [Finding(False, what, "set both by NTP")]
    offset_s = source.clock_offset_ms / 1000
    if offset_s:
        return [Finding(False, f"the platform's clock is {-offset_s:+.0f} s off ours", "set both by NTP")]
    agrees = Finding(True, "the platform's clock agrees with ours to two seconds")
    return [agrees] if source.http.clocks_compared else []


def _durations(config: Config, source: LiveSource) -> list[Finding]:
    """Of rooms whose end the platform keeps, a type's duration says nothing."""
    if source.provider.capabilities["extend"].by != "provider":
        return []
    matching = [one for one in config.room_types if fnmatchcase(source.name, one.match_source)]
    names = ", ".join(one.name for one in matching if one.duration_ms is not None)
    what = f"the platform keeps the end of these rooms itself: duration of {names} is not for them"
    return [Finding(True, what)] if names else []


async def _heard(config: Config, source: str, since: int | None, clock: Clock) -> list[Finding]:
    """Whether what the platform reports reaches the gateway of this configuration. Nothing when none runs here.

    `since` is when the platform was made to report something; None where it cannot be made to. Only a gateway can
    tell: where reports go and with which password, a platform does not say.
    """
    access = config.access
    token = issue_token(access.key, access.issuer, "check", ["rooms:read"], [f"{source}/*"], 60, clock.now_ms())
    async with HttpClient(timeout_s=2) as http:
        for _ in range(HEARING_TRIES):
            status = await _status(http, _local_url(config), token, source)
            if status is None:
                return []
            if since is None:
                return [NEVER_HEARD if status.heard_at is None else HEARD]
            if (status.heard_at or 0) >= since:
                return [Finding(True, "what the platform reports reaches the running gateway")]
            await asyncio.sleep(HEARING_PAUSE_S)
    remedy = f"Does the platform report to {webhook_url(config, source)}, with the user and password of this source?"
    return [Finding(False, "what the platform reports does not reach the running gateway", remedy)]


async def _status(http: HttpClient, url: str, token: str, source: str) -> Source | None:
    """How the running gateway finds the source; None when it is not there, or not one of this configuration."""
    try:
        reply = await http.request("GET", f"{url}/v1/rooms", headers={"authorization": f"Bearer {token}"})
        sources = msgspec.json.decode(reply.body, type=_Answer).sources if reply.status == 200 else ()
    except (HttpError, msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return next((one for one in sources if one.source == source), None)
