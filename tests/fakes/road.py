"""The way from a client to a server on this machine, which a test can close and open again."""

import asyncio
import contextlib
from typing import Self


class Road:
    """Carries every connection to a port. While it is closed, nobody gets through and nobody is connected."""

    def __init__(self, to_port: int) -> None:
        self.port = 0
        self._to_port = to_port
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Let everybody through; always at the same port."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Break off what is open, and refuse what comes."""
        if self._server is not None:
            self._server.close()
        for end in self._ends:
            end.transport.abort()
        while self._ends:
            await asyncio.sleep(0.001)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = {writer}
        self._ends |= ends
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to_port)
            ends.add(back)
            self._ends.add(back)
            await asyncio.gather(_pour(reader, back), _pour(there, writer))
        finally:
            for end in ends:
                end.transport.abort()
            self._ends -= ends


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()
