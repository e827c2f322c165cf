"""A small real server that looks at the token of each request, counts, and hands out new ones."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from moderator.client.commands import GatewayClient
from moderator.client.lifetimes import Session
from moderator.client.session import SessionManager, SessionStart
from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.tasks import TaskScope


class TokenServer:
    """Answers 200 to the newest token it handed out, and 401 to any other, unless it is told what it accepts."""

    def __init__(self, accepts: Callable[[str], int] | None = None) -> None:
        self.shown: list[str] = []
        self.loads = 0
        self.done = 0
        self.serving: set[asyncio.Task[None]] = set()
        self._accepts = accepts or (lambda token: 200 if token == f"t{self.loads}" else 401)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.serving.add(task)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:  # connections are kept open, as by any server
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
                await reader.readexactly(int(lines.get("content-length", "0")))
                await self._answer(lines["authorization"].removeprefix("bearer "), writer)
        writer.close()

    async def _answer(self, token: str, writer: asyncio.StreamWriter) -> None:
        self.shown.append(token)
        status = self._accepts(token)
        self.done += status == 200
        body = b'{"now":1}' if status == 200 else b"{}"
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()

    async def load(self, manager: SessionStart, expired: Session | None = None) -> None:
        """As a loader: a new token ends the one before it, and it takes a while."""
        self.loads += 1
        name = f"t{self.loads}"
        await asyncio.sleep(0.02)
        manager.start(name, 600)


@contextlib.asynccontextmanager
async def asking(
    accepts: Callable[[str], int] | None = None,
) -> AsyncIterator[tuple[TokenServer, GatewayClient, SessionManager]]:
    """The server, a client of it, and the session that the client shows."""
    server = TokenServer(accepts)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with TaskScope() as tasks:
        async with HttpClient() as http:
            manager = SessionManager(tasks, SystemClock(), server)
            yield server, GatewayClient(url, manager, http), manager
        await asyncio.gather(*server.serving)  # they end with the client's connections
        listening.close()
        await listening.wait_closed()
