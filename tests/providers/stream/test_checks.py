from collections.abc import Callable
from typing import Any

import pytest
from starlette.responses import HTMLResponse, Response

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.stream import StreamProvider
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.checks import NEEDED, UNTOLD, webhooks
from tests.providers.stream.cloud import Cloud, refusal
from tests.providers.stream.made import API_SECRET, options

PUBLIC = "https://moderation.example.org/webhooks/clinic"


@pytest.fixture
def provider(cloud: Cloud, http: HttpClient) -> StreamProvider:
    return StreamProvider("clinic", options(base_url=cloud.url), http, SystemClock())


async def test_a_good_app(cloud: Cloud, provider: StreamProvider) -> None:
    cloud.hooks = []
    credentials, register = await provider.check(PUBLIC)
    assert (credentials.ok, credentials.what) == (True, "Stream answers, and accepts our credentials.")
    assert (register.ok, register.reported, register.todo) == (True, False, True)
    assert register.what.startswith(f"Register {PUBLIC} in Stream's dashboard")


async def test_settings_that_may_not_be_read(cloud: Cloud, provider: StreamProvider) -> None:
    credentials, untold = await provider.check(PUBLIC)
    assert (credentials.ok, untold.ok, untold.what) == (True, False, UNTOLD)
    assert "it needs more rights" in untold.remedy
    assert f"whether {PUBLIC} is registered in Stream's dashboard" in untold.remedy


@pytest.mark.parametrize(
    ("answer", "what", "remedy"),
    [
        (lambda: refusal(43, 401), "refuses our credentials", "Compare api_secret"),
        (lambda: refusal(2, 401), "refuses our credentials", "api_key"),
        (lambda: refusal(42, 401), "refuses our credentials", "NTP"),
        (lambda: refusal(9, 429, **{"retry-after": "37"}), "asks for a pause", "in 37 s"),
        (lambda: Response(status_code=429), "asks for a pause", "in a minute"),
        (lambda: HTMLResponse("", 404), "not Stream's API", "base_url"),
        (lambda: Response(status_code=500), "cannot be used", "HTTP 500"),
    ],
)
async def test_what_is_wrong_and_what_to_do(
    cloud: Cloud, provider: StreamProvider, answer: Callable[[], Response], what: str, remedy: str
) -> None:
    cloud.answers = [answer]
    finding = (await provider.check(PUBLIC))[0]
    assert not finding.ok
    assert what in finding.what
    assert remedy in finding.remedy
    assert API_SECRET not in finding.what + finding.remedy


async def test_nobody_there(http: HttpClient) -> None:
    provider = StreamProvider("clinic", options(base_url="http://127.0.0.1:1"), http, SystemClock())
    finding, register = await provider.check("http://127.0.0.1:8765/webhooks/clinic")
    assert (finding.ok, finding.what) == (False, "Stream cannot be used.")
    assert "cannot be reached" in finding.remedy
    assert "Is base_url right, and does a firewall let us out?" in finding.remedy
    assert (register.todo, "reached" in register.remedy) == (True, False), "said once"


async def test_a_refused_key_is_said_once(cloud: Cloud, provider: StreamProvider) -> None:
    cloud.answers = [lambda: refusal(2, 401)]
    refused, register = await provider.check(PUBLIC)
    assert (refused.ok, register.ok, len(cloud.asked)) == (False, True, 1)


async def test_a_short_secret_may_not_be_the_whole(http: HttpClient) -> None:
    app = options(base_url="http://127.0.0.1:1", api_secret="secret")
    with pytest.warns(UserWarning, match="HMAC key"):  # left out by `moderator` itself
        _, short, _ = await StreamProvider("clinic", app, http, SystemClock()).check(PUBLIC)
    assert (short.ok, short.todo) == (True, True)
    assert short.what.startswith("api_secret has 6 characters")


async def test_an_address_that_stream_cannot_reach(cloud: Cloud, api: StreamApi) -> None:
    finding = await webhooks(api, "http://127.0.0.1:8765/webhooks/clinic", "https://stream.example.org")
    assert not finding.ok
    assert "cannot reach" in finding.what
    assert cloud.asked == []


@pytest.mark.parametrize(
    ("hooks", "ok", "words"),
    [
        ([{"webhook_url": PUBLIC, "enabled": True, "event_types": list(NEEDED)}], True, "sends its events to"),
        ([{"webhook_url": f"{PUBLIC}/", "event_types": []}], True, "sends its events to"),
        ([{"webhook_url": PUBLIC, "event_types": None}], True, "sends its events to"),
        ([{"webhook_url": PUBLIC, "event_types": list(NEEDED[:-1])}], False, "does not send us call.ended"),
        ([{"webhook_url": PUBLIC, "enabled": False}], False, "No webhook of this app goes to"),
        (
            [{"webhook_url": "https://example.org", "sqs_key": "k"}, {}],
            False,
            "No webhook of this app goes to",
        ),
        ([], True, "Register"),
        ([{"webhook_url": 5}], False, UNTOLD),
    ],
)
async def test_whether_webhooks_come_to_us(
    cloud: Cloud, provider: StreamProvider, hooks: list[dict[str, Any]], ok: bool, words: str
) -> None:
    cloud.hooks = hooks
    finding = (await provider.check(PUBLIC))[1]
    assert (finding.ok, bool(finding.remedy)) == (ok, not ok)
    assert words in finding.what
