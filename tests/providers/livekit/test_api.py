"""Requests and what answers mean, with a real server."""

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
from moderator.providers.livekit.api import LIST, RoomService, admin_of
from tests.fakes.clock import FakeClock
from tests.providers.livekit.made import API_SECRET, DATA, options
from tests.providers.livekit.server import LiveKit


async def test_a_request_is_what_the_server_expects(server: LiveKit, service: RoomService) -> None:
    server.join("r/../ü?", "ana")
    answer = await service.ask("ListParticipants", admin_of("r/../ü?"), {"room": "r/../ü?"})
    assert [one["identity"] for one in answer["participants"]] == ["ana"]
    (asked,) = server.asked
    assert asked.path == "/twirp/livekit.RoomService/ListParticipants"
    assert asked.headers["content-type"] == asked.headers["accept"] == "application/json"
    assert asked.headers["authorization"].startswith("Bearer ")


async def test_an_address_may_have_a_path(server: LiveKit, http: HttpClient) -> None:
    service = RoomService(options(base_url=server.url + "/media/"), http, SystemClock())
    with pytest.raises(NotSupported):
        await service.ask("ListRooms", LIST, {})
    assert server.asked == [], "it is asked for under that path"


async def test_without_a_room_nothing_is_asked() -> None:
    with pytest.raises(Rejected, match="No room is named"):
        admin_of("")


def twirp(name: str, status: int) -> Response:
    return Response((DATA / "twirp_json" / name).read_bytes(), status, media_type="application/json")


def coded(code: str, status: int) -> Response:
    return JSONResponse({"code": code, "msg": "hidden-words"}, status)


class Case(Struct):
    answer: Response
    error: type[ProviderError]
    words: str


CASES = [
    Case(twirp("error_not_found_404.json", 404), Gone, "not there any more"),
    Case(twirp("error_room_not_found_404.json", 404), Gone, "not there any more"),
    Case(twirp("error_unauthenticated_401.json", 401), Forbidden, "Compare api_key and api_secret"),
    Case(twirp("error_failed_precondition_412.json", 412), Rejected, "configured not to allow"),
    Case(twirp("error_bad_route_404.json", 404), NotSupported, "Is base_url right?"),
    Case(
        PlainTextResponse((DATA / "twirp_json/error_invalid_key_401.txt").read_text(), 401), Forbidden, "not know this"
    ),
    Case(PlainTextResponse("invalid API key: hidden-words", 401), Forbidden, "does not know this api_key"),
    Case(PlainTextResponse("invalid token: hidden-words, error: x", 401), Forbidden, "Compare api_key and api_secret"),
    Case(Response(status_code=403), Forbidden, "Compare api_key and api_secret"),
    Case(coded("permission_denied", 403), Forbidden, "does not allow this"),
    Case(coded("invalid_argument", 400), Rejected, "cannot be"),
    Case(coded("malformed", 400), Rejected, "cannot be"),
    Case(coded("resource_exhausted", 429), RateLimited, "asks for a pause"),
    Case(coded("resource_exhausted", 403), RateLimited, "asks for a pause"),
    Case(PlainTextResponse("hidden-words", 429), RateLimited, "asks for a pause"),
    Case(coded("unavailable", 503), Unavailable, "could not do it now"),
    Case(coded("internal", 500), Unavailable, "could not do it now"),
    Case(coded("deadline_exceeded", 408), Unavailable, "could not do it now"),
    Case(coded("unimplemented", 501), NotSupported, "no such call"),
    Case(coded("some_new_code", 418), Rejected, "HTTP 418"),
    Case(coded("some_new_code", 500), Unavailable, "HTTP 500"),
    Case(JSONResponse(["hidden-words"], 404), NotSupported, "Is base_url right?"),
    Case(HTMLResponse("<h1>hidden-words</h1>", 404), NotSupported, "Is base_url right?"),
    Case(HTMLResponse("<h1>hidden-words</h1>", 502), Unavailable, "HTTP 502"),
    Case(Response(status_code=302, headers={"location": "/"}), Rejected, "HTTP 302"),
    Case(HTMLResponse("<h1>hidden-words</h1>"), Garbled, "makes no sense"),
    Case(JSONResponse([]), Garbled, "makes no sense"),
    Case(Response(b'{"rooms":['), Garbled, "makes no sense"),
    Case(Response(b'{"a":' * 5_000), Garbled, "makes no sense"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.answer.status_code} {case.words}")
async def test_what_answers_mean(server: LiveKit, service: RoomService, case: Case) -> None:
    server.answers = [case.answer]
    with pytest.raises(case.error, match=case.words) as raised:
        await service.ask("ListRooms", LIST, {})
    assert type(raised.value) is case.error
    for secret in ("hidden-words", API_SECRET, "eyJ"):
        assert secret not in str(raised.value)


@pytest.mark.parametrize(("asked", "seconds"), [("7", 7), ("86400", 60), ("9" * 400, 60), ("soon", None)])
@pytest.mark.parametrize(
    ("method", "everything"), [("ListRooms", False), ("ListParticipants", False), ("SendData", True)]
)
async def test_how_long_a_pause_is_and_for_what(
    server: LiveKit, service: RoomService, asked: str, seconds: float | None, method: str, everything: bool
) -> None:
    server.answers = [Response(status_code=429, headers={"retry-after": asked})]
    with pytest.raises(RateLimited) as raised:
        await service.ask(method, LIST, {})
    assert (raised.value.retry_after_s, raised.value.everything) == (seconds, everything)


async def test_nobody_there(http: HttpClient) -> None:
    with pytest.raises(Unavailable, match=r"The LiveKit server: 127\.0\.0\.1:1 cannot be reached"):
        await RoomService(options(), http, SystemClock()).ask("ListRooms", LIST, {})


@pytest.mark.parametrize("minutes", [-20, 20])
async def test_a_wrong_clock_of_ours_is_made_up_for(server: LiveKit, minutes: int) -> None:
    """The server refuses a token of another time; its answer says what time it is."""
    clock = FakeClock(SystemClock().now_ms() + minutes * 60_000)
    async with HttpClient(clock=clock) as http:
        service = RoomService(options(base_url=server.url), http, clock)
        await service.ask("ListRooms", LIST, {})
        await service.ask("ListRooms", LIST, {})
    assert [one.grants is not None for one in server.asked] == [False, True, True]


async def test_credentials_that_are_wrong_are_tried_once(server: LiveKit, http: HttpClient) -> None:
    wrong = options(base_url=server.url, api_secret="another secret that is long enough")
    with pytest.raises(Forbidden):
        await RoomService(wrong, http, SystemClock()).ask("ListRooms", LIST, {})
    assert server.methods() == ["ListRooms"]
