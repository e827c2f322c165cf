from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from moderator.clock import SystemClock
from moderator.domain.rooms import Source
from moderator.domain.settings import RoomType
from moderator.gateway import check as check_module
from moderator.gateway.access.keys import Keys
from moderator.gateway.access.tokens import TokenVerifier, bearer_token
from moderator.gateway.check import HEARD, NEVER_HEARD, check, seen_in_words, webhook_url
from moderator.gateway.configuration.config import Config, SourceConfig
from moderator.gateway.configuration.sections import AccessSection, GatewaySection, RtcstatsSection
from moderator.http import HttpClient
from moderator.providers.provider import Finding
from moderator.quality.lookups import Seen
from tests.client.scripted_gateway import answer, scripted
from tests.fakes.gateway import TOKEN_KEY
from tests.fakes.provider import SECRET, FakeOptions, FakeProvider


async def all_of(findings: AsyncIterator[tuple[str, Finding]]) -> list[tuple[str, Finding]]:
    return [one async for one in findings]


def a_config(public_url: str = "") -> Config:
    source = SourceConfig("clinic", FakeProvider, "fake", FakeOptions(SECRET), 30_000, 5)
    gateway = GatewaySection(public_url=public_url)
    return Config(Path("moderator.toml"), gateway, AccessSection(key=TOKEN_KEY), (source,), ())


@pytest.mark.parametrize(
    ("public_url", "url"),
    [
        ("", "http://127.0.0.1:8765/webhooks/clinic"),
        ("https://moderation.example.org/", "https://moderation.example.org/webhooks/clinic"),
    ],
)
async def test_every_source_is_looked_at(public_url: str, url: str) -> None:
    config = a_config(public_url)
    assert webhook_url(config, "clinic") == url
    nobody_answered = [("clinic", Finding(True, f"webhooks go to {url}", reported=True))]
    assert await all_of(check(config)) == nobody_answered, "no clock agrees that told no time"


async def test_a_duration_is_not_for_a_platform_that_keeps_the_end() -> None:
    timed = SourceConfig("clinic", FakeProvider, "fake", FakeOptions(SECRET, keeps_ends=True), 30_000, 5)
    types = (RoomType(name="visit", duration_ms=60_000), RoomType(name="open"))
    findings = await all_of(check(replace(a_config(), sources=(timed,), room_types=types)))
    assert [finding.what for _, finding in findings if "duration of visit" in finding.what]
    assert all(finding.ok for _, finding in findings)
    usual = await all_of(check(replace(a_config(), room_types=types)))
    assert not [finding.what for _, finding in usual if "duration" in finding.what]


async def test_without_a_source_there_is_nothing_to_be_content_with() -> None:
    ((_, finding),) = await all_of(check(replace(a_config(), sources=())))
    assert (finding.ok, finding.what) == (False, "no sources are configured")


async def test_nothing_is_said_of_the_clock_of_who_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(provider: FakeProvider, webhook_url: str) -> list[Finding]:
        return [Finding(False, "it does not answer", "start it")]

    monkeypatch.setattr(FakeProvider, "check", nobody)
    assert [finding.what for _, finding in await all_of(check(a_config()))] == ["it does not answer"]


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_running_gateway_is_asked_what_it_heard(monkeypatch: pytest.MonkeyPatch, arrives: bool) -> None:
    monkeypatch.setattr(check_module, "HEARING_PAUSE_S", 0.01)
    heard_at = SystemClock().now_ms() + 60_000 if arrives else None
    async with scripted(answer(200, listed(heard_at))) as gateway:
        port = int(gateway.url.rsplit(":", 1)[1])
        findings = await all_of(check(replace(a_config(), gateway=GatewaySection(port=port))))
    (_, heard) = findings[-1]
    assert (heard.ok, bool(heard.remedy), "the running gateway" in heard.what) == (arrives, not arrives, True)
    access = TokenVerifier(Keys([TOKEN_KEY]), "moderator").verify(
        bearer_token(gateway.requests[0].headers["authorization"])
    )
    assert (sorted(access.scopes), access.patterns) == (["rooms:read"], ("clinic/*",))


@pytest.mark.parametrize(("heard_at", "found"), [(None, NEVER_HEARD), (1, HEARD)])
async def test_a_running_gateway_is_asked_whether_it_ever_heard(
    monkeypatch: pytest.MonkeyPatch, heard_at: int | None, found: Finding
) -> None:
    async def reports_nothing(provider: FakeProvider, webhook_url: str) -> list[Finding]:
        return [Finding(True, "it answers")]

    monkeypatch.setattr(FakeProvider, "check", reports_nothing)
    async with scripted(answer(200, listed(heard_at))) as gateway:
        port = int(gateway.url.rsplit(":", 1)[1])
        findings = await all_of(check(replace(a_config(), gateway=GatewaySection(port=port))))
    assert findings[-1] == ("clinic", found)


RTCSTATS = RtcstatsSection(id_key="i" * 32, jwt_secret="j" * 32)


@pytest.mark.parametrize(
    ("database", "what", "remedy"),
    [
        ("postgresql://r:secret@127.0.0.1:1/x", "the rtcStats database cannot be reached", "see whether it runs"),
        ("secret", "has an address that cannot be used", "write rtcstats.database as postgresql://"),
    ],
)
async def test_a_database_of_rtcstats_that_cannot_be_asked(database: str, what: str, remedy: str) -> None:
    findings = await all_of(check(replace(a_config(), rtcstats=replace(RTCSTATS, database=database))))
    where, found = findings[-1]
    assert (where, found.ok) == ("rtcstats", False)
    assert what in found.what
    assert remedy in found.remedy
    assert "secret" not in f"{found.what}{found.remedy}"


async def test_rtcstats_without_a_database_shows_no_sessions() -> None:
    where, found = (await all_of(check(replace(a_config(), rtcstats=RTCSTATS))))[-1]
    assert (where, found.ok, "no database is named" in found.what) == ("rtcstats", True, True)


def test_what_is_seen_of_rtcstats() -> None:
    hidden = "rtcStats' own scores are hidden from the role r: GRANT SELECT"
    (some,) = seen_in_words(Seen(any_session=True, notice=None))
    none, scores = seen_in_words(Seen(any_session=False, notice=hidden))
    assert "sessions are there" in some.what
    assert "no session is recorded yet" in none.what
    assert scores == Finding(True, hidden, todo=True)


def listed(heard_at: int | None) -> dict[str, object]:
    """What a gateway tells of its only source."""
    status = Source(
        source="clinic",
        provider="fake",
        state="polling",
        heard_at=heard_at,
        listed_at=None,
        clock_offset_ms=0,
        detail=None,
    )
    return {"seq": 1, "now": 1, "rooms": [], "sources": [msgspec.to_builtins(status)]}


async def test_a_clock_that_is_off_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check_and_look_at_the_clock(provider: FakeProvider, webhook_url: str) -> list[Finding]:
        return []

    begin = HttpClient.__init__

    def begin_early(client: HttpClient, **options: object) -> None:
        begin(client, **options)  # type: ignore[arg-type]
        client.clock_offset_ms = -90_000

    monkeypatch.setattr(HttpClient, "__init__", begin_early)
    (_, (_, finding)) = await all_of(check(a_config()))
    assert finding == Finding(False, "the platform's clock is +90 s off ours", "set both by NTP")
