"""Both sides of the platform: webhooks as OpenTok sends them, and a stand-in for its API that notes disconnects."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

import msgspec

from benchmarks.stage import PROJECT

CREATED: Final = "connectionCreated"
DESTROYED: Final = "connectionDestroyed"
MOST_CONNECTIONS: Final = 64
_ACCEPTED: Final = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"
_NOBODY: Final = b'{"count":0,"projectId":"","items":[]}'
_LIST: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(_NOBODY) + _NOBODY
)
Who = tuple[str, str]
"""A session and a connection in it."""


def event(name: str, session: str, connection: str, at_s: float) -> bytes:
    """A webhook of session monitoring."""
    at = round(at_s * 1000)
    person = {"userId": f"user-{connection}", "name": "Dr Lee", "role": "patient"}
    body = {
        "sessionId": session,
        "projectId": PROJECT,
        "event": name,
        "reason": "clientDisconnected" if name == DESTROYED else "",
        "timestamp": at,
        "connection": {"id": connection, "createdAt": at, "data": msgspec.json.encode(person).decode()},
    }
    return msgspec.json.encode(body)


class VideoApi:
    """Accepts every request; `disconnects` has the time at which each disconnect was first asked for."""

    def __init__(self) -> None:
        self.disconnects: dict[Who, float] = {}
        self.asked: asyncio.Queue[Who] = asyncio.Queue()
        self.url = ""

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["VideoApi"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                method, path, _ = head.split(b" ", 2)
                if method == b"DELETE":
                    self._disconnect(path.decode())
                writer.write(_LIST if method == b"GET" else _ACCEPTED)
                await writer.drain()

    def _disconnect(self, path: str) -> None:
        """`/v2/project/{project}/session/{session}/connection/{connection}`."""
        *_, session, _, connection = path.split("/")
        if (session, connection) not in self.disconnects:
            self.disconnects[session, connection] = time.time()
            self.asked.put_nowait((session, connection))


class Sender:
    """Sends webhooks over connections that stay open, each over whichever is free."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), parts.port or 80
        self._head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ".encode()
        )
        self._free: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()
        self._turns = asyncio.Semaphore(MOST_CONNECTIONS)

    async def send(self, body: bytes) -> float:
        """Returns when it was sent, once it was acknowledged."""
        async with self._turns:
            return await self._send(body)

    async def _send(self, body: bytes) -> float:
        connection = self._free.popleft() if self._free else await asyncio.open_connection(self._host, self._port)
        reader, writer = connection
        sent_at = time.time()
        writer.write(self._head + b"%d\r\n\r\n" % len(body) + body)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        await reader.readexactly(_length(head))
        self._free.append(connection)
        return sent_at

    async def post(self, body: bytes) -> None:
        """The same, for who does not ask when."""
        await self.send(body)

    async def report_disconnects(self, api: VideoApi) -> None:
        """Tell of every disconnect that the API was asked for, until cancelled."""
        while True:
            session, connection = await api.asked.get()
            await self.send(event(DESTROYED, session, connection, time.time()))

    def close(self) -> None:
        for _, writer in self._free:
            writer.close()


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0] or b"0")
