"""Bytes to a gateway's port, as no well-behaved client sends them, and what comes back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable

from tests.fakes.gateway import GatewayServed


@contextlib.asynccontextmanager
async def connected(gateway: GatewayServed) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(*gateway.address)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def answer_to(gateway: GatewayServed, *parts: bytes) -> bytes:
    """All that the gateway sends until it closes the connection."""
    async with connected(gateway) as (reader, writer):
        with contextlib.suppress(ConnectionError):
            for part in parts:
                writer.write(part)
                await writer.drain()
        return await _all(reader)


async def _all(reader: asyncio.StreamReader) -> bytes:
    received = b""
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionError):
            while more := await reader.read(65_536):
                received += more
    return received


def a_head(method: str, path: bytes, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """The connection is closed after the answer."""
    lines = [b"%s %s HTTP/1.1" % (method.encode(), path), b"Host: gateway", b"Connection: close"]
    lines += [f"{name}: {value}".encode() for name, value in headers]
    return b"\r\n".join([*lines, b"", b""])


def status_of(answer: bytes) -> int:
    """0 where there was no answer."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0
