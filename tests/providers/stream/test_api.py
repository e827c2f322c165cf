"""Requests and what answers mean, with a real server."""

from collections.abc import Callable

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.errors import Forbidden, Gone, ProviderError, RateLimited, Rejected, Unavailable
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.endpoints import GET_CALL, KICK, QUERY_CALLS
from tests.fakes.clock import FakeClock
from tests.providers.stream.cloud import Cloud, refusal
from tests.providers.stream.made import API_KEY, API_SECRET, CID, call, fixture, options


async def test_how_a_request_is_addressed_and_signed(cloud: Cloud, api: StreamApi) -> None:
    cloud.calls[CID] = call()
    await api.ask(GET_CALL, CID)
    await api.ask(KICK, CID, {"user_id": "ana"}, {"limit": "5"})
    got, kicked = cloud.asked
    assert (got.path, got.query) == ("/api/v2/video/call/appointment/room-7f3a", {"api_key": [API_KEY]})
    assert (kicked.path, kicked.query) == (f"{got.path}/kick", {"limit": ["5"], "api_key": [API_KEY]})
    assert kicked.headers["content-type"] == "application/json"
    assert "content-type" not in got.headers
    assert not got.headers["authorization"].lower().startswith("bearer")
    assert got.headers["x-client-request-id"] != kicked.headers["x-client-request-id"]
    claims = got.claims()
    assert claims["server"] is True
    assert claims["exp"] - claims["iat"] == 180
    assert 4 <= SystemClock().now_ms() // 1000 - claims["iat"] < 60


@pytest.mark.parametrize(
    ("cid", "path"),
    [
        ("default:../x", "default/..%2Fx"),
        ("default:..", "default/%2E%2E"),
        ("default:a?b=1#c", "default/a%3Fb%3D1%23c"),
        ("..:{type}", "%2E%2E/%7Btype%7D"),
        ("default:a:b ü", "default/a%3Ab%20%C3%BC"),
    ],
)
async def test_ids_change_nothing_but_whom_it_is_about(cloud: Cloud, api: StreamApi, cid: str, path: str) -> None:
    await api.ask(KICK, cid, {})
    assert [one.path for one in cloud.asked] == [f"/api/v2/video/call/{path}/kick"]


async def test_what_names_no_call_is_not_asked(cloud: Cloud, api: StreamApi) -> None:
    for cid in ("", "room", ":"):
        with pytest.raises(Rejected, match="no call of Stream's"):
            await api.ask(KICK, cid, {})
    assert cloud.asked == []


async def test_nobody_there(http: HttpClient) -> None:
    api = StreamApi(options(base_url="http://127.0.0.1:1"), http, SystemClock())
    with pytest.raises(Unavailable, match=r"Stream: 127\.0\.0\.1:1 cannot be reached"):
        await api.ask(QUERY_CALLS, body={})


@pytest.mark.parametrize("changes", [{"api_secret": "another secret, long enough for it"}, {"api_key": "another"}])
async def test_credentials_that_are_wrong_are_tried_once(
    cloud: Cloud, http: HttpClient, changes: dict[str, str]
) -> None:
    with pytest.raises(Forbidden) as refused:
        await StreamApi(options(base_url=cloud.url, **changes), http, SystemClock()).ask(QUERY_CALLS, body={})
    assert len(cloud.asked) == 1
    assert next(iter(changes)) in str(refused.value)


@pytest.mark.parametrize("minutes", [-20, 20])
async def test_a_wrong_clock_of_ours_is_made_up_for(cloud: Cloud, minutes: int) -> None:
    """The platform refuses a token of another time; its answer says what time it is."""
    clock = FakeClock(SystemClock().now_ms() + minutes * 60_000)
    cloud.calls[CID] = call()
    async with HttpClient(clock=clock) as http:
        api = StreamApi(options(base_url=cloud.url), http, clock)
        await api.ask(GET_CALL, CID)
        await api.ask(GET_CALL, CID)
    times = [abs(one.claims()["iat"] - SystemClock().now_ms() // 1000) < 60 for one in cloud.asked]
    assert times == [False, True, True]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda: refusal(16, 404), Gone),
        (lambda: refusal(17, 403), Forbidden),
        (lambda: HTMLResponse("hidden-words", 503), Unavailable),
    ],
)
async def test_refusals_are_errors_without_the_platforms_words(
    cloud: Cloud, api: StreamApi, answer: Callable[[], Response], error: type[ProviderError]
) -> None:
    cloud.answers = [answer]
    with pytest.raises(error) as raised:
        await api.ask(KICK, CID, {})
    for secret in ("hidden-words", API_SECRET, API_KEY):
        assert secret not in str(raised.value)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(SystemClock().now_ms())


@pytest.fixture
def stopped(cloud: Cloud, http: HttpClient, clock: FakeClock) -> StreamApi:
    """Asks in the test's time, of which the cloud knows nothing: give it answers."""
    return StreamApi(options(base_url=cloud.url), http, clock)


async def test_a_pause_is_of_one_kind_of_request(cloud: Cloud, stopped: StreamApi, clock: FakeClock) -> None:
    headers = fixture("rest/error_rate_limit_429.headers.json")
    refused = JSONResponse(fixture("rest/error_rate_limit_429.json"), 429, headers)
    cloud.answers = [refused, JSONResponse({}), JSONResponse({})]
    with pytest.raises(RateLimited) as raised:
        await stopped.ask(KICK, CID, {})
    assert (raised.value.retry_after_s, raised.value.everything) == (37.0, False)
    await clock.advance(30_000)
    with pytest.raises(RateLimited) as raised:
        await stopped.ask(KICK, CID, {})
    assert raised.value.retry_after_s == pytest.approx(7)
    await stopped.ask(GET_CALL, CID)
    assert [one.method for one in cloud.asked] == ["POST", "GET"], "what would be refused is not sent"
    await clock.advance(7_000)
    await stopped.ask(KICK, CID, {})
    assert len(cloud.asked) == 3


async def test_what_is_used_up_is_not_asked_for_until_it_is_counted_anew(
    cloud: Cloud, stopped: StreamApi, clock: FakeClock
) -> None:
    reset_s = SystemClock().now_ms() // 1000 + 30
    used_up = {"X-RateLimit-Limit": "60, ", "X-RateLimit-Remaining": ", 0", "X-RateLimit-Reset": f"{reset_s}, "}
    cloud.answers = [JSONResponse({}, 201, used_up), JSONResponse({}, 201)]
    await stopped.ask(QUERY_CALLS, body={})
    with pytest.raises(RateLimited, match="requests of this kind") as raised:
        await stopped.ask(QUERY_CALLS, body={})
    assert 25 < (raised.value.retry_after_s or 0) < 35
    await clock.advance(35_000)
    await stopped.ask(QUERY_CALLS, body={})
    assert len(cloud.asked) == 2
