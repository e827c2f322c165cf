"""Plays a gateway in a process of its own, for the window that is measured: its feed at a steady pace, who one is, and
what time it is. `python -m benchmarks.desktop_gateway ROOMS PEOPLE EVENTS_PER_S EVENTS`
"""

import asyncio
import contextlib
import json
import sys
from typing import Final

import msgspec

from benchmarks.desktop_feed import LOG, Feed, Happening, frame_of
from moderator.client.me import Me
from moderator.clock import SystemClock
from moderator.feed.messages import heartbeat_frame
from moderator.gateway.sign_in.signing_in import USUAL_SCOPES

FLUSH_S: Final = 0.005
SETTLED_S: Final = 8
"""From the snapshot to the first event: until then the window has painted what there is."""
MAYA: Final = Me(name="Maya", scopes=tuple(sorted(USUAL_SCOPES)), id="maya")


class Gateway:
    """Answers what a window asks for; each connection is closed after its reply."""

    def __init__(self, pages: list[bytes], happenings: list[Happening], per_s: int) -> None:
        self._pages = pages
        self._happenings = happenings
        self._per_s = per_s
        self._clock = SystemClock()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].partition(b"?")[0]
            if path == b"/v1/feed":
                await self._feed(writer)
            else:
                body = self._answer(path)
                _head(writer, "application/json", f"Content-Length: {len(body)}")
                writer.write(body)
                await writer.drain()
        writer.close()

    def _answer(self, path: bytes) -> bytes:
        if path == b"/v1/me":
            return msgspec.json.encode(MAYA)
        if path == b"/v1/time":
            return msgspec.json.encode({"now": self._clock.now_ms()})
        return b'{"events": [], "more": false, "seq": 0}'

    async def _feed(self, writer: asyncio.StreamWriter) -> None:
        _head(writer, "text/event-stream", "Cache-Control: no-store")
        for page in self._pages:
            writer.write(page)
            await writer.drain()
        at = self._happenings[0].after
        for _ in range(SETTLED_S):
            writer.write(heartbeat_frame(LOG, at, at, self._clock.now_ms(), ()))
            await asyncio.sleep(1)
        loop, sent = asyncio.get_running_loop(), 0
        began = loop.time()
        while sent < len(self._happenings):
            due = min(len(self._happenings), round((loop.time() - began) * self._per_s))
            if due > sent:
                writer.write(frame_of(self._happenings[sent:due], self._clock.now_ms()))
                await writer.drain()
                sent = due
            await asyncio.sleep(FLUSH_S)
        await asyncio.sleep(60)


def _head(writer: asyncio.StreamWriter, content_type: str, line: str) -> None:
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n{line}\r\nConnection: close\r\n\r\n".encode())


async def main(rooms: int, people: int, per_s: int, events: int) -> None:
    """Serve until terminated."""
    feed = Feed(rooms, people, SystemClock().now_ms())
    pages = list(feed.snapshot())
    gateway = Gateway(pages, feed.happenings(events, 1000 / per_s), per_s)
    server = await asyncio.start_server(gateway.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(json.dumps({"url": f"http://{host}:{port}"}), flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*(int(one) for one in sys.argv[1:5])))
