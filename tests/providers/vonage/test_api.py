"""Requests and what answers mean, with a real server."""

import json
from typing import Any

import pytest
from msgspec import Struct
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.errors import (
    Forbidden,
    Garbled,
    Gone,
    NotSupported,
    ProviderError,
    RateLimited,
    Rejected,
    Unavailable,
)
from moderator.providers.vonage.accounts import Application, Project
from moderator.providers.vonage.api import VideoApi
from tests.fakes.clock import FakeClock
from tests.providers.vonage.cloud import Cloud
from tests.providers.vonage.made import (
    API_KEY,
    API_SECRET,
    APPLICATION,
    SIGNATURE_SECRET,
    opentok_options,
    private_key,
    vonage_options,
)

PATH = ("session", "s", "connection")


@pytest.fixture
def api(cloud: Cloud, http: HttpClient) -> VideoApi:
    return VideoApi(cloud.url + "/", Application(vonage_options()), http, SystemClock())


@pytest.mark.parametrize("legacy", [True, False])
async def test_both_environments_take_our_credentials(cloud: Cloud, http: HttpClient, legacy: bool) -> None:
    account: Any = Project(opentok_options()) if legacy else Application(vonage_options())
    cloud.sessions["s"] = {"c1": 5}
    answer = await VideoApi(cloud.url, account, http, SystemClock()).ask("GET", *PATH)
    assert json.loads(answer)["count"] == 1
    (asked,) = cloud.asked
    assert asked.path == f"/v2/project/{API_KEY if legacy else APPLICATION}/session/s/connection"
    assert asked.headers["accept"] == "application/json"
    assert ("authorization" in asked.headers) is not legacy


@pytest.mark.parametrize(
    ("id_", "quoted"),
    [
        ("../x", "..%2Fx"),
        ("a?b=1#c", "a%3Fb%3D1%23c"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("ü ", "%C3%BC%20"),
        ("1_MX4~x-_.y", "1_MX4~x-_.y"),
    ],
)
async def test_ids_change_nothing_but_whom_it_is_about(cloud: Cloud, api: VideoApi, id_: str, quoted: str) -> None:
    with pytest.raises(Gone):
        await api.ask("DELETE", *PATH, id_)
    assert cloud.paths("DELETE") == [f"/v2/project/{APPLICATION}/session/s/connection/{quoted}"]


async def test_without_an_id_nothing_is_asked(cloud: Cloud, api: VideoApi) -> None:
    with pytest.raises(Rejected, match="An id is missing"):
        await api.ask("DELETE", *PATH, "")
    assert cloud.asked == []


class Case(Struct):
    answer: Response
    error: type[ProviderError]
    words: str


XML = "<errorPayload><code>404</code></errorPayload>"
CASES = [
    Case(JSONResponse({"code": 15002, "message": "hidden-words"}, 400), Rejected, "cannot be"),
    Case(JSONResponse({}, 401), Forbidden, "refused our credentials"),
    Case(Response(status_code=403, media_type="application/json"), Forbidden, "refused our credentials"),
    Case(JSONResponse({"message": "hidden-words"}, 404), Gone, "not there any more"),
    Case(Response(status_code=404), Gone, "not there any more"),
    Case(Response(XML, 404, media_type="text/xml"), Gone, "not there any more"),
    Case(Response(XML, 404, media_type="application/xml"), Gone, "not there any more"),
    Case(HTMLResponse("<h1>hidden-words</h1>", 404), NotSupported, "Is base_url right?"),
    Case(PlainTextResponse("hidden-words", 404), NotSupported, "Is base_url right?"),
    Case(Response(status_code=405), NotSupported, "no such call"),
    Case(Response(status_code=409), Rejected, "HTTP 409"),
    Case(Response(status_code=302, headers={"location": "/"}), Garbled, "another address"),
    Case(Response(status_code=413), Rejected, "longer than the platform allows"),
    Case(Response(status_code=429), RateLimited, "asks for a pause"),
    Case(Response(status_code=500), Unavailable, "HTTP 500"),
    Case(HTMLResponse("hidden-words", 503), Unavailable, "HTTP 503"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.answer.status_code} {case.answer.media_type}")
async def test_what_answers_mean(cloud: Cloud, api: VideoApi, case: Case) -> None:
    cloud.answers = [case.answer]
    with pytest.raises(case.error, match=case.words) as raised:
        await api.ask("GET", *PATH)
    assert type(raised.value) is case.error
    for secret in ("hidden-words", private_key()[30:60], API_SECRET, SIGNATURE_SECRET):
        assert secret not in str(raised.value)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("Fri, 20 Nov 2026 10:00:00 GMT", None), ("-1", None)])
async def test_how_long_a_pause_is(cloud: Cloud, api: VideoApi, header: str, seconds: float | None) -> None:
    cloud.answers = [Response(status_code=429, headers={"retry-after": header})]
    with pytest.raises(RateLimited) as raised:
        await api.ask("GET", *PATH)
    assert raised.value.retry_after_s == seconds


async def test_nobody_there(http: HttpClient) -> None:
    with pytest.raises(Unavailable, match=r"The Video API: 127\.0\.0\.1:1 cannot be reached"):
        await VideoApi("http://127.0.0.1:1", Application(vonage_options()), http, SystemClock()).ask("GET", *PATH)


@pytest.mark.parametrize("minutes", [-20, 20])
async def test_a_wrong_clock_of_ours_is_made_up_for(cloud: Cloud, minutes: int) -> None:
    """The platform refuses a token of another time; its answer says what time it is."""
    clock = FakeClock(SystemClock().now_ms() + minutes * 60_000)
    cloud.sessions["s"] = {}
    async with HttpClient(clock=clock) as http:
        api = VideoApi(cloud.url, Application(vonage_options()), http, clock)
        await api.ask("GET", *PATH)
        await api.ask("GET", *PATH)
    times = [abs(one.claims()["iat"] - SystemClock().now_ms() // 1000) < 60 for one in cloud.asked]
    assert times == [False, True, True]


async def test_credentials_that_are_wrong_are_tried_once(cloud: Cloud, http: HttpClient) -> None:
    wrong = Project(opentok_options(api_secret="another secret that is long enough"))
    with pytest.raises(Forbidden):
        await VideoApi(cloud.url, wrong, http, SystemClock()).ask("GET", *PATH)
    assert len(cloud.asked) == 1
