"""Bodies and heads that are too large, too slow or never complete: an answer or an end, and the gateway goes on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.gateway import connections, requests
from moderator.gateway.platforms import bodies
from tests.fakes.builders import joined
from tests.fakes.gateway import GatewayServed, bearer, room_path
from tests.hostile.raw import a_head, answer_to, connected, status_of

AUTHORIZED = ("Authorization", bearer())
FORM = ("Content-Type", "application/x-www-form-urlencoded")
DOORS = {
    "API": ("POST", f"{room_path()}/end".encode(), AUTHORIZED),
    "sign-in": ("POST", b"/v1/token", FORM),
    "webhooks": ("POST", b"/webhooks/clinic", AUTHORIZED),
}
door = pytest.mark.parametrize(("method", "path", "header"), DOORS.values(), ids=DOORS)


@pytest.fixture(scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayServed]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests, "BODY_TIMEOUT_S", 0.1)
        patch.setattr(bodies, "BODY_TIMEOUT_S", 0.1)
        patch.setattr(connections, "HEAD_TIMEOUT_S", 0.2)
        async with GatewayServed(Path(tmp_path_factory.mktemp("gateway"))) as gateway:
            await gateway.tell(joined("c1", gateway.clock.now_ms()))
            yield gateway
            assert (await gateway.http.get("/v1/rooms")).status_code == 200, "it goes on"
            assert gateway.provider.calls == []


def posted(method: str, path: bytes, *headers: tuple[str, str]) -> bytes:
    """A head that does not ask to close the connection."""
    return a_head(method, path, headers).replace(b"Connection: close\r\n", b"")


@door
async def test_a_body_that_says_it_is_too_large(
    gateway: GatewayServed, method: str, path: bytes, header: tuple[str, str]
) -> None:
    head = posted(method, path, header, ("Content-Length", "999999999"))
    assert status_of(await answer_to(gateway, head, b"x" * 600_000)) in {413, 0}


@door
async def test_a_body_that_turns_out_too_large(
    gateway: GatewayServed, method: str, path: bytes, header: tuple[str, str]
) -> None:
    head = posted(method, path, header, ("Transfer-Encoding", "chunked"))
    chunks = [b"10000\r\n" + b"x" * 0x10000 + b"\r\n"] * 10
    assert status_of(await answer_to(gateway, head, *chunks)) in {413, 0}


@door
async def test_a_body_that_does_not_come(
    gateway: GatewayServed, method: str, path: bytes, header: tuple[str, str]
) -> None:
    head = posted(method, path, header, ("Content-Length", "100"))
    answer = await answer_to(gateway, head, b"{")
    assert status_of(answer) == 408
    assert b"too_slow" in answer
    assert b"connection: close" in answer.lower()


@door
async def test_a_body_that_breaks_off(
    gateway: GatewayServed, method: str, path: bytes, header: tuple[str, str]
) -> None:
    async with connected(gateway) as (_, writer):
        writer.write(posted(method, path, header, ("Content-Length", "100")) + b'{"reason":')
        await writer.drain()
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.02)  # a fault would be in the log, which fails the test


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"GET /v1/rooms HTTP/1.1\r\nHost: x\r\n",
        b"\r\n\r\n\r\n",
        b"GET /",
    ],
)
async def test_a_head_that_does_not_come(gateway: GatewayServed, head: bytes) -> None:
    async with asyncio.timeout(8):
        assert status_of(await answer_to(gateway, head)) == 0


async def test_a_second_head_that_does_not_come(gateway: GatewayServed) -> None:
    async with connected(gateway) as (reader, writer), asyncio.timeout(8):
        writer.write(posted("GET", b"/healthz"))
        assert b"200" in await reader.readuntil(b"\r\n\r\nok")
        writer.write(b"GET / HTTP/1.1\r\nX: ")
        assert await reader.read() == b""


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 200_000,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000,
        b"GET / HTTP/1.1\r\nX: " + b"y" * 200_000,
    ],
)
async def test_a_head_that_is_too_large(gateway: GatewayServed, head: bytes) -> None:
    assert status_of(await answer_to(gateway, head)) in {431, 400, 0}


@pytest.mark.parametrize(
    "request_",
    [
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v1/token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    ],
)
async def test_what_is_no_request(gateway: GatewayServed, request_: bytes) -> None:
    assert status_of(await answer_to(gateway, request_)) in {0, 400, 401, 404, 405}


async def test_an_upgrade_leads_nowhere(gateway: GatewayServed) -> None:
    upgrade = [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "x" * 22 + "==")]
    head = b"GET /v1/feed HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
    head += b"".join(f"{name}: {value}\r\n".encode() for name, value in upgrade) + b"\r\n"
    async with connected(gateway) as (reader, writer), asyncio.timeout(8):
        writer.write(head)
        assert status_of(await reader.readline()) == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 30_000, 422),
        (b'{"a":' * 10_000, 422),
        (b'{"reason":"conduct","reason":"other"}', 202),
        (b"\xff\xfe{}", 422),
        (b'{"reason":"\\ud800"}', 422),
        (b'{"reason":' + b"9" * 10_000 + b"}", 422),
        (b"null", 422),
        (b"NaN", 422),
        (b'{"__class__":"x"}', 422),
    ],
)
async def test_json_that_is_meant_to_hurt(gateway: GatewayServed, body: bytes, status: int) -> None:
    answer = await gateway.http.post(f"{room_path('never' if status == 202 else 'room-1')}/end", content=body)
    assert answer.status_code == (404 if status == 202 else status)
