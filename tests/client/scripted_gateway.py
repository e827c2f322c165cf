"""A gateway that does what a test tells it to, also what none should: break off, lie, keep silent. HTTP by hand."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import msgspec


@dataclass
class Request:
    """What was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Act = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class ScriptedGateway:
    """Answers each request with the next act of its script; the last one goes on forever."""

    script: deque[Act]
    requests: list[Request] = field(default_factory=list)
    url: str = ""
    open: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.open.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                self.requests.append(await _read(reader))
                act = self.script.popleft() if len(self.script) > 1 else self.script[0]
                await act(writer)
        finally:
            writer.close()
            with contextlib.suppress(
                ConnectionError, asyncio.CancelledError
            ):  # the gateway ends as the connection does
                await writer.wait_closed()
            self.open.discard(task)


@contextlib.asynccontextmanager
async def scripted(*acts: Act) -> AsyncIterator[ScriptedGateway]:
    """A running gateway."""
    gateway = ScriptedGateway(deque(acts))
    server = await asyncio.start_server(gateway.serve, "127.0.0.1", 0)
    gateway.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield gateway
    finally:
        server.close()
        for task in gateway.open:
            task.cancel()
        await asyncio.gather(*gateway.open)
        await server.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    return Request(method, path, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


# --- acts ----------------------------------------------------------------------------------------------------------


def answer(status: int, body: object = None, *, raw: bytes | None = None) -> Act:
    """A whole answer."""
    content = raw if raw is not None else b"" if body is None else msgspec.json.encode(body)

    async def act(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + content)
        await writer.drain()

    return act


def problem(status: int, code: str, detail: str, **members: object) -> Act:
    """A refusal in problem details."""
    return answer(status, {"type": "about:blank", "status": status, "code": code, "detail": detail, **members})


def stream(*chunks: bytes, silent: bool = False) -> Act:
    """The feed: these bytes, then the end, or silence."""

    async def act(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for chunk in chunks:
            writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            await writer.drain()
        if silent:
            await asyncio.sleep(60)
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    return act


def broken(start: bytes = b"") -> Act:
    """The connection breaks, after these bytes."""

    async def act(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await writer.drain()
        writer.transport.abort()

    return act


def late(after_s: float, act: Act) -> Act:
    """The same, after a while."""

    async def waiting(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(after_s)
        await act(writer)

    return waiting


async def silence(writer: asyncio.StreamWriter) -> None:
    """No answer at all."""
    await asyncio.sleep(60)
