"""However many requests are cancelled, the next one finds a connection, and none is left open."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator

import pytest
from msgspec import Struct

from moderator.http import HttpClient, HttpError

MORE_THAN_A_POOL_HAS = 40
AT_ONCE = 2
"""Requests; so many connections may wait for the next ones."""


class Slow(Struct):
    """A server that takes its time, and how many connections to it are open."""

    url: str = ""
    open: int = 0


@pytest.fixture
async def slow() -> AsyncIterator[Slow]:
    found, writers = Slow(), set[asyncio.StreamWriter]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.open += 1
        writers.add(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(0.005)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
                for _ in range(4):
                    writer.write(b"." * 25_000)
                    await writer.drain()  # which says so when the client is gone
                    await asyncio.sleep(0.002)
        found.open -= 1
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        yield found
        for writer in writers:
            writer.close()
        async with asyncio.timeout(10):
            while found.open:
                await asyncio.sleep(0.01)


async def ask(http: HttpClient, url: str) -> None:
    with contextlib.suppress(HttpError):
        await http.request("GET", url)


async def cancelled_after(pause_s: float, http: HttpClient, url: str) -> None:
    loop = asyncio.get_running_loop()
    asked = [loop.create_task(ask(http, url)) for _ in range(AT_ONCE)]
    await asyncio.sleep(pause_s)
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)


async def test_cancelled_requests_take_nothing_from_those_that_follow(slow: Slow) -> None:
    dice = random.Random(1)
    async with HttpClient(timeout_s=5) as http:
        for _ in range(4 * MORE_THAN_A_POOL_HAS):
            await cancelled_after(dice.uniform(0, 0.03), http, slow.url)
        assert (await http.request("GET", slow.url)).status == 200
        for _ in range(100):
            if slow.open <= AT_ONCE:
                break
            await asyncio.sleep(0.02)
        assert slow.open <= AT_ONCE, "connections of cancelled requests are open"


async def test_a_reply_that_goes_on_is_not_broken_off_by_a_request_that_is_cancelled(slow: Slow) -> None:
    async with HttpClient(timeout_s=5) as http:
        async with http.stream(slow.url, headers={}, idle_timeout_s=5) as (status, chunks):
            await cancelled_after(0.004, http, slow.url)
            received = 0
            async for chunk in chunks:
                received += len(chunk)
        assert (status, received) == (200, 100_000)
