"""Requests against servers that lie about the time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from starlette.responses import StreamingResponse

from moderator.http import HttpClient, TimedOut, Unreachable
from tests.fakes.builders import DAY
from tests.fakes.clock import FakeClock
from tests.fakes.serving import served


@contextlib.asynccontextmanager
async def a_server(date: str) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.mark.parametrize(
    ("date", "offset_ms"),
    [
        ("Tue, 14 Nov 2023 00:00:00 GMT", 0),
        ("Tue, 14 Nov 2023 00:00:01 GMT", 0),
        ("Mon, 13 Nov 2023 23:50:00 GMT", 600_000),
        ("Tue, 14 Nov 2023 00:10:00 GMT", -600_000),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 0),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999999", 0),
        ("yesterday", 0),
        ("", 0),
    ],
)
async def test_the_clock_of_a_server(date: str, offset_ms: int) -> None:
    assert DAY == 1_699_920_000_000, "the dates above are around it"
    async with a_server(date) as url, HttpClient(clock=FakeClock()) as http:
        assert (await http.request("GET", url)).status == 200
        assert http.clock_offset_ms == offset_ms


@pytest.mark.parametrize(
    ("date", "is_broken"), [("Mon, 13 Nov 2023 21:00:00 GMT", True), ("Mon, 13 Nov 2023 23:50:00 GMT", False)]
)
async def test_a_clock_that_measures_nothing_is_known_to_be_broken(date: str, is_broken: bool) -> None:
    async with a_server(date) as url, HttpClient(clock=FakeClock()) as http:
        await http.request("GET", url)
        assert (http.clock_is_broken, http.clocks_compared) == (is_broken, not is_broken)


def dripping(chunk: bytes, pause_s: float) -> contextlib.AbstractAsyncContextManager[str]:
    """Sends an answer without an end."""

    async def chunks() -> AsyncIterator[bytes]:
        while True:
            yield chunk
            await asyncio.sleep(pause_s)

    return served(StreamingResponse(chunks()))


async def test_who_sends_a_byte_at_a_time_does_not_hold_a_request_for_ever() -> None:
    async with dripping(b".", 0.01) as url, HttpClient(timeout_s=0.1) as http:
        with pytest.raises(TimedOut, match="did not answer in time"):
            await http.request("GET", url)


async def test_an_answer_that_is_too_long_is_not_taken_in() -> None:
    async with dripping(b"." * 10_000, 0.001) as url, HttpClient() as http:
        with pytest.raises(Unreachable, match="more than 50000 bytes"):
            await http.request("GET", url, most_bytes=50_000)
