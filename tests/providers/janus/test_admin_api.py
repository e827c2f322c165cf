import json
import socket

import pytest
from msgspec import Struct

from moderator.http import HttpClient
from moderator.providers.errors import (
    Forbidden,
    Garbled,
    Gone,
    ProviderError,
    RateLimited,
    Rejected,
    Temporary,
    Unavailable,
)
from moderator.providers.janus.admin_api import AdminApi
from moderator.providers.janus.options import Options
from tests.providers.janus.tiny_server import http, tiny_server

ADMIN_SECRET, ROOM_SECRET = "the-admin-secret", "the-room-secret"


class Answer(Struct):
    list: tuple[int, ...]


async def ask(url: str, request: str = "kick", timeout_s: float = 5) -> None:
    options = Options(
        base_url=url, admin_url=url, admin_secret=ADMIN_SECRET, webhook_user="u", webhook_password="the-password"
    )
    async with HttpClient(timeout_s=timeout_s) as client:
        await AdminApi(options, client).ask_room({"request": request, "secret": ROOM_SECRET}, Answer)


def core_error(code: int) -> bytes:
    return http("200 OK", json.dumps({"janus": "error", "error": {"code": code, "reason": ADMIN_SECRET}}).encode())


def room_error(code: int) -> bytes:
    response = {"videoroom": "event", "error_code": code, "error": ROOM_SECRET}
    return http("200 OK", json.dumps({"janus": "success", "response": response}).encode())


def response(content: object) -> bytes:
    return http("200 OK", json.dumps({"janus": "success", "response": content}).encode())


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (http("401 Unauthorized"), Forbidden, "admin_url"),
        (http("403 Forbidden"), Forbidden, "admin_url"),
        (http("404 Not Found"), Forbidden, "Is admin_url right?"),
        (http("302 Found", b"", "location: http://127.0.0.1:1/"), Rejected, "302"),
        (http("418 I'm a teapot"), Rejected, "418"),
        (http("500 Internal Server Error", b"the-admin-secret"), Unavailable, "500"),
        (http("503 Service Unavailable"), Unavailable, "503"),
        (http("200 OK", b"<html>the-room-secret</html>"), Garbled, "no sense"),
        (http("200 OK", b"[]"), Garbled, "no sense"),
        (http("200 OK", b"[" * 100_000), Garbled, "no sense"),
        (http("200 OK", b'{"janus":"success"}'), Garbled, "no sense"),
        (http("200 OK", b'{"janus":"\xff"}'), Garbled, "no sense"),
        (response([]), Garbled, "no sense"),
        (response({"list": ["the-room-secret"]}), Garbled, "no sense"),
        (b"", Unavailable, "cannot be reached"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{", Unavailable, "cannot be reached"),
        (b"Janus speaks no HTTP\r\n\r\n", Unavailable, "cannot be reached"),
        (core_error(403), Forbidden, "admin_secret"),
        (core_error(457), Forbidden, "not an Admin API"),
        (core_error(458), Gone, "not there any more"),
        (core_error(460), Forbidden, "no VideoRoom"),
        (core_error(490), Rejected, "490"),
        (http("200 OK", b'{"janus":"error"}'), Rejected, "error 0"),
        (room_error(423), Rejected, "`kick`"),
        (room_error(426), Gone, "room"),
        (room_error(428), Gone, "person or stream"),
        (room_error(429), Forbidden, "room_secret"),
        (room_error(430), Rejected, "string_ids"),
        (room_error(433), Forbidden, "room_secret"),
        (room_error(499), Rejected, "499"),
    ],
)
async def test_every_bad_answer_has_its_error_and_tells_no_secret(
    answer: bytes, error: type[ProviderError], words: str
) -> None:
    async with tiny_server(answer) as server:
        with pytest.raises(error) as raised:
            await ask(server.url)
    assert words in str(raised.value)
    assert "the-" not in str(raised.value)


async def test_a_list_takes_the_key_of_the_plugin() -> None:
    async with tiny_server(room_error(433)) as server:
        with pytest.raises(Forbidden, match="admin_key"):
            await ask(server.url, "list")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("", None), ("soon", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("²", None)],
)
async def test_a_pause_is_as_long_as_asked_for(header: str, seconds: float | None) -> None:
    async with tiny_server(http("429 Too Many Requests", b"", f"retry-after: {header}")) as server:
        with pytest.raises(RateLimited) as raised:
            await ask(server.url)
    assert raised.value.retry_after_s == seconds


async def test_an_answer_that_does_not_come_is_temporary() -> None:
    async with tiny_server(delay_s=0.3) as server:
        with pytest.raises(Unavailable, match="did not answer in time"):
            await ask(server.url, timeout_s=0.1)


async def test_nobody_listening_is_temporary() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Temporary):
        await ask(f"http://127.0.0.1:{port}")


async def test_what_is_sent_echoed_back_is_no_leak() -> None:
    head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"
    async with tiny_server(head, echo=True) as server:
        with pytest.raises(Garbled) as raised:
            await ask(server.url)
    assert "the-" not in str(raised.value)


async def test_a_good_answer_is_decoded() -> None:
    async with tiny_server(response({"list": [1]})) as server:
        await ask(server.url + "/admin/")
    ((_, body),) = server.requests
    sent = json.loads(body)
    assert (sent["janus"], sent["plugin"], sent["admin_secret"]) == (
        "message_plugin",
        "janus.plugin.videoroom",
        ADMIN_SECRET,
    )
