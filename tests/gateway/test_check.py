from pathlib import Path

import pytest

from moderator.gateway.check import check, webhook_url
from moderator.gateway.config import AccessSection, Config, GatewaySection, SourceConfig
from moderator.http import HttpClient
from moderator.providers.provider import Finding
from tests.fakes.gateway import TOKEN_KEY
from tests.fakes.provider import SECRET, FakeOptions, FakeProvider


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
    assert await check(config) == [
        ("clinic", Finding(True, f"webhooks go to {url}")),
        ("clinic", Finding(True, "the platform's clock agrees with ours to two seconds")),
    ]


async def test_a_clock_that_is_off_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check_and_look_at_the_clock(provider: FakeProvider, webhook_url: str) -> list[Finding]:
        return []

    begin = HttpClient.__init__

    def begin_early(client: HttpClient, **options: object) -> None:
        begin(client, **options)  # type: ignore[arg-type]
        client.clock_offset_ms = -90_000

    monkeypatch.setattr(HttpClient, "__init__", begin_early)
    (_, (_, finding)) = await check(a_config())
    assert finding == Finding(False, "the platform's clock is +90 s off ours", "set both by NTP")
