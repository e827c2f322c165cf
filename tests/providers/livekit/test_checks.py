import pytest
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.livekit.checks import secret_length
from tests.providers.livekit.made import API_SECRET, options
from tests.providers.livekit.server import LiveKit

PUBLIC = "https://moderation.example.org/webhooks/exams"


async def test_a_good_key(server: LiveKit, http: HttpClient) -> None:
    server.join("r", "ana")
    findings = await LiveKitProvider("exams", options(base_url=server.url), http, SystemClock()).check(PUBLIC)
    assert [one.ok for one in findings] == [True, True]
    assert "Rooms that are open: 1." in findings[0].what
    assert PUBLIC in findings[1].what
    assert "api_key" in findings[1].what
    assert [one.todo for one in findings] == [False, True]
    assert server.methods() == ["ListRooms"]


@pytest.mark.parametrize(
    ("answer", "words", "remedy"),
    [
        (PlainTextResponse("invalid API key: APIx", 401), "refuses our credentials", "one of its keys"),
        (PlainTextResponse("invalid token: eyJ, error: x", 401), "refuses our credentials", "api_secret"),
        (JSONResponse({"code": "unauthenticated"}, 401), "refuses our credentials", "api_secret"),
        (HTMLResponse("<html>", 404), "cannot be used", "Is base_url right?"),
        (HTMLResponse("<html>", 200), "cannot be used", "Is base_url right?"),
        (Response(status_code=500), "cannot be used", "HTTP 500"),
    ],
)
async def test_what_is_wrong(server: LiveKit, http: HttpClient, answer: Response, words: str, remedy: str) -> None:
    server.answers = [answer]
    found = (await LiveKitProvider("exams", options(base_url=server.url), http, SystemClock()).check(PUBLIC))[0]
    assert not found.ok
    assert words in found.what
    assert remedy in found.remedy
    assert API_SECRET not in found.what + found.remedy


async def test_nobody_there(http: HttpClient) -> None:
    found = (await LiveKitProvider("exams", options(), http, SystemClock()).check(PUBLIC))[0]
    assert (found.ok, "127.0.0.1:1 cannot be reached" in found.remedy) == (False, True)
    assert "Is base_url right, and does a firewall let us out?" in found.remedy


def test_a_short_secret_is_no_error() -> None:
    """As that of a server in its development mode."""
    (found,) = secret_length(options(api_secret="secret"))
    assert (found.ok, found.todo) == (True, True)
    assert found.what == "api_secret has 6 characters: fine for a server on this machine, 32 or more otherwise."
    assert secret_length(options(api_secret="s" * 32)) == []
