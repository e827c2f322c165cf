"""Reading a feed over the network: ours beside httpx-sse and json, on the same bytes, twenty events in a chunk.

`python -m benchmarks.desktop_reading` plays the gateway: a feed as fast as it is taken.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Final

import httpx
import httpx_sse

from benchmarks.desktop_feed import Feed, frame_of
from benchmarks.figures import Row, Target, Value
from benchmarks.processes import running
from moderator.clock import SystemClock
from moderator.feed.messages import EventsFrame, decode_frame
from moderator.feed.sse import SseDecoder
from moderator.http import HttpClient

A_CHUNK: Final = 20
EVENTS: Final = 100_000
ROUNDS: Final = 5
RATIO: Final = 3.0


async def measure() -> list[Row]:
    """Processor time of this process for each event; the two take turns, and the best turn of each counts. What it
    takes to make a client, which is to read certificates, is left out of both.
    """
    used: dict[str, list[float]] = {"moderator": [], "httpx-sse and json": []}
    ways: dict[str, Callable[[str], Awaitable[float]]] = {"moderator": _ours, "httpx-sse and json": _naive}
    async with running(sys.executable, "-m", "benchmarks.desktop_reading") as gateway:
        for _ in range(ROUNDS):
            for name, read in ways.items():
                used[name].append(await read(gateway.url) / EVENTS * 1_000_000)
    best = {name: min(times) for name, times in used.items()}
    ours, naive = best.values()
    rows = [Value("desktop: reading, processor per event", name, us, "us") for name, us in best.items()]
    return [*rows, Target("desktop: reading against httpx-sse and json", naive / ours, "at least", RATIO, " times")]


async def _ours(url: str) -> float:
    decoder, read = SseDecoder(), 0
    async with HttpClient() as http:
        began = time.process_time()
        async with http.stream(url, headers={}, idle_timeout_s=30) as (_, chunks):
            async for chunk in chunks:
                for frame in decoder.feed(chunk):
                    message = decode_frame(frame)
                    read += len(message.events) if isinstance(message, EventsFrame) else 0
        return _taken_since(began, read)


async def _naive(url: str) -> float:
    read = 0
    async with httpx.AsyncClient(timeout=30) as client:
        began = time.process_time()
        async with httpx_sse.aconnect_sse(client, "GET", url) as source:
            async for sse in source.aiter_sse():
                read += len(json.loads(sse.data)["events"])
        return _taken_since(began, read)


def _taken_since(began: float, events: int) -> float:
    """Seconds of the processor."""
    taken = time.process_time() - began
    assert events == EVENTS, f"{events} events of {EVENTS} were read"
    return taken


async def serve() -> None:
    """The gateway's side: a frame for each event, twenty in a chunk."""
    feed = Feed(100, 1_000, SystemClock().now_ms())
    frames = [frame_of([one], 0) for one in feed.happenings(2_000, 1.0)]
    chunks = [b"".join(frames[start : start + A_CHUNK]) for start in range(0, len(frames), A_CHUNK)]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            for number in range(EVENTS // A_CHUNK):
                chunk = chunks[number % len(chunks)]
                writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                await writer.drain()
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(json.dumps({"url": f"http://{host}:{port}"}), flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
