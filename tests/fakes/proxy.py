"""A company's proxy: takes CONNECT and carries bytes both ways, if it is told who asks where it wants to know."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator

LINE = b"\r\n"


class Proxy:
    """Its address, and where it was asked to connect to."""

    def __init__(self, credentials: str = "") -> None:
        self.address = ""
        self.asked: list[str] = []
        self._wanted = f"Basic {base64.b64encode(credentials.encode()).decode()}" if credentials else ""
        self._targets: dict[str, tuple[str, int]] = {}
        self._open: set[asyncio.Task[None]] = set()

    def lead(self, name: str, port: int) -> None:
        """Whoever wants this name is connected to that port of this machine."""
        self._targets[name] = ("127.0.0.1", port)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._connect(reader, writer)
        finally:
            writer.close()
            self._open.discard(task)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(LINE * 2)).decode()
        target = head.split(" ")[1]
        self.asked.append(target)
        if self._wanted and f"Proxy-Authorization: {self._wanted}" not in head:
            writer.write(b"HTTP/1.1 407 Who are you" + LINE + b"Content-Length: 0" + LINE * 2)
            await writer.drain()
            return
        if target.partition(":")[0] not in self._targets:
            writer.write(b"HTTP/1.1 403 Not from here" + LINE + b"Content-Length: 0" + LINE * 2)
            await writer.drain()
            return
        there_reader, there_writer = await asyncio.open_connection(*self._targets[target.partition(":")[0]])
        writer.write(b"HTTP/1.1 200 Connected" + LINE * 2)
        await writer.drain()
        try:
            await asyncio.gather(_carry(reader, there_writer), _carry(there_reader, writer))
        finally:
            there_writer.close()

    async def close(self) -> None:
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()


@contextlib.asynccontextmanager
async def a_proxy(credentials: str = "") -> AsyncIterator[Proxy]:
    """A running one; `credentials` as NAME:PASSWORD."""
    proxy = Proxy(credentials)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
        await server.wait_closed()
