"""How many connections there may be, what the system may hold for each, and the short way of what comes as a whole."""

import asyncio
import contextlib
import re
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.clock import SystemClock
from moderator.domain.events import ParticipantJoined
from moderator.gateway import connections
from moderator.gateway.connections import MOST_CONNECTIONS, OWN_FILES, most_connections
from tests.fakes.builders import joined
from tests.fakes.gateway import SIGNED, WEBHOOK, GatewayServed
from tests.fakes.provider import a_webhook

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


async def test_who_comes_when_there_are_too_many_is_turned_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "most_connections", lambda: 3)
    async with GatewayServed(tmp_path) as gateway, asyncio.timeout(10):
        opened = [await asyncio.open_connection(*gateway.address) for _ in range(3)]
        for reader, writer in opened:
            writer.write(HEALTH)
            assert b"200" in await reader.readline()
        reader, writer = await asyncio.open_connection(*gateway.address)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        writer.close()
        opened.pop()[1].close()
        answer = b""
        while not answer:
            reader, writer = await asyncio.open_connection(*gateway.address)
            try:
                writer.write(HEALTH)
                answer = await reader.readline()
            except ConnectionError:
                await asyncio.sleep(0.01)
            writer.close()
        assert b"200" in answer
        for _, writer in opened:
            writer.close()


@pytest.mark.parametrize(
    ("files", "most"),
    [
        (1_024, 1_024 - OWN_FILES),
        (10**6, MOST_CONNECTIONS),
        (resource.RLIM_INFINITY, MOST_CONNECTIONS),
        (64, OWN_FILES),
    ],
)
def test_files_are_left_for_the_log_and_the_platforms(monkeypatch: pytest.MonkeyPatch, files: int, most: int) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    most_connections.cache_clear()
    assert most_connections() == most
    most_connections.cache_clear()


# --- the short way ---------------------------------------------------------------------------------------------------

NEW = b'{"stored":1}'
NOW = SystemClock().now_ms()


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayServed]:
    async with GatewayServed(tmp_path) as gateway:
        yield gateway


def webhook(number: int, *headers: str, method: str = "POST", version: str = "1.1") -> bytes:
    """A whole request, about somebody of that number."""
    body = a_webhook(joined(f"c{number}", NOW))
    lines = [f"{method} {WEBHOOK} HTTP/{version}", "Host: x", f"Authorization: {SIGNED['Authorization']}", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


async def answers(gateway: GatewayServed, number: int, *parts: bytes) -> list[tuple[bytes, bytes]]:
    """The head and body of so many answers to what is sent in these parts."""
    reader, writer = await asyncio.open_connection(*gateway.address)
    found = []
    async with asyncio.timeout(10):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.01)
        for _ in range(number):
            head = await reader.readuntil(b"\r\n\r\n")
            found.append((head, await reader.readexactly(length_of(head))))
    writer.close()
    return found


def length_of(head: bytes) -> int:
    found = re.search(rb"content-length: (\d+)", head)
    assert found is not None
    return int(found[1])


def lines_of(head: bytes) -> set[bytes]:
    """But for the date, and whether the connection goes on."""
    return {line for line in head.split(b"\r\n") if not line.startswith((b"date: ", b"connection: "))}


async def test_what_comes_as_a_whole_is_answered_as_everything_is(gateway: GatewayServed) -> None:
    whole, half = webhook(1), len(webhook(2)) - 20
    ways = [
        await answers(gateway, 1, whole),
        await answers(gateway, 1, webhook(2)[:half], webhook(2)[half:]),
        await answers(gateway, 1, webhook(3, "Connection: close")),
        await answers(gateway, 1, webhook(4, version="1.0")),
        await answers(gateway, 1, webhook(5)[:40], webhook(5)[40:]),
    ]
    assert [body for ((_, body),) in ways] == [NEW] * len(ways)
    first, *others = (lines_of(head) for ((head, _),) in ways)
    assert b"HTTP/1.1 200 OK" in first
    assert others == [first] * len(others)
    assert len(await gateway.logged(ParticipantJoined)) == len(ways)


async def test_requests_that_do_not_wait_for_answers_are_answered_in_their_order(gateway: GatewayServed) -> None:
    unsigned = webhook(2).replace(b"Authorization", b"Nothing")
    found = await answers(gateway, 5, webhook(1) + unsigned + HEALTH + webhook(1) + webhook(3))
    assert [head.split(b" ")[1] for head, _ in found] == [b"200", b"401", b"200", b"200", b"200"]
    bodies = [body for _, body in found]
    assert (bodies[0], bodies[2], bodies[4]) == (NEW, b"ok", NEW)


async def test_a_head_request_gets_no_body(gateway: GatewayServed) -> None:
    reader, writer = await asyncio.open_connection(*gateway.address)
    writer.write(f"HEAD {WEBHOOK} HTTP/1.1\r\nHost: x\r\n\r\n".encode() + HEALTH)
    async with asyncio.timeout(10):
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 405 ")
        assert (await reader.readuntil(b"\r\n\r\nok")).startswith(b"HTTP/1.1 200 ")
    writer.close()


async def test_the_server_counts_and_keeps_connections_as_ever(
    gateway: GatewayServed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_TIMEOUT_S", 0.05)
    reader, writer = await asyncio.open_connection(*gateway.address)
    async with asyncio.timeout(10):
        for number in range(3):
            writer.write(webhook(number))
            assert (await reader.readuntil(NEW)).startswith(b"HTTP/1.1 200 ")
            await asyncio.sleep(0.1)  # nothing of a head has come: nothing is late
        writer.write(b"PO")
        assert await reader.read() == b""
    writer.close()


# --- what has no end -------------------------------------------------------------------------------------------------

CHUNKED = f"POST {WEBHOOK} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
MANY_TRAILERS = CHUNKED + b"0\r\n" + b"x: y\r\n" * (2 * connections.MOST_HEADERS)
ONE_LONG_TRAILER = CHUNKED + b"0\r\nx: " + b"y" * (2 * connections.MOST_REQUEST_BYTES)
TINY_CHUNKS = CHUNKED + b"1\r\nx\r\n" * (connections.MOST_REQUEST_BYTES // 4)
PIPELINED = HEALTH * (3 * connections.MOST_PIPELINED)


@pytest.mark.parametrize("sent", [MANY_TRAILERS, ONE_LONG_TRAILER, TINY_CHUNKS, PIPELINED])
async def test_what_has_no_end_is_cut_off(gateway: GatewayServed, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection(*gateway.address)
    received = b""
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionError):
            for start in range(0, len(sent), 32_768):
                writer.write(sent[start : start + 32_768])
                await writer.drain()
            while piece := await reader.read(65_536):
                received += piece
    assert received.count(b"200 OK") <= connections.MOST_PIPELINED + 1
    assert b"ok" in (await answers(gateway, 1, HEALTH))[0][1]
    writer.close()


async def test_as_many_as_may_wait_are_answered(gateway: GatewayServed) -> None:
    found = await answers(gateway, connections.MOST_PIPELINED, HEALTH * connections.MOST_PIPELINED)
    assert {body for _, body in found} == {b"ok"}
