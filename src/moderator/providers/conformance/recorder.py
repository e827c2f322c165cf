"""A platform's place on loopback: an HTTP server that writes down what it is asked and answers what it is told.

It knows nothing of any platform. It answers badly on purpose where it is asked to: late, half, or without an end.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.tasks import TaskScope

CHUNK: Final = b" " * 1_048_576
MAX_HEAD_BYTES: Final = 1_048_576


class Request(Struct, frozen=True):
    """A request as it came. Header names are in lower case."""

    method: str
    target: str
    """Path and query as they were sent, with their quotes."""
    headers: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def json(self) -> Any:
        """The decoded body; None without one. Raises ValueError for what is no JSON."""
        return json.loads(self.body) if self.body else None


class Answer(Struct, frozen=True):
    """What is answered."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}
    cut_after: int | None = None
    """The connection breaks after so many bytes of the body."""
    silent: bool = False
    """Nothing is sent, and the connection stays open."""
    endless: bool = False
    """After the body come blanks until the other side has had enough."""


Respond = Callable[[Request], Answer]


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with this as JSON."""
    return Answer(status, json.dumps(value).encode(), {"content-type": "application/json", **(headers or {})})


def in_turn(*answers: Answer) -> Respond:
    """One answer after the other; the last one for all that comes later."""
    left = list(answers)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


def always_fine(request: Request) -> Answer:
    """`{}`, whatever was asked."""
    return json_answer({})


class Recorder:
    """Serves on a free port of 127.0.0.1 while it is entered. `respond` may be changed at any time.

    One request per connection; chunked bodies are put together.
    """

    def __init__(self, respond: Respond = always_fine) -> None:
        self.respond = respond
        self.requests: list[Request] = []
        self.sent = 0
        """Bytes of bodies that were handed to the network."""
        self.url = ""
        self._tasks = TaskScope()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Recorder":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=MAX_HEAD_BYTES)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self._tasks.cancel()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.start("a recorded request", self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            self.requests.append(request)
            await self._send(self.respond(request), reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the other side went away, which is its right
        finally:
            writer.transport.abort() if writer.transport.get_write_buffer_size() else writer.close()

    async def _send(self, answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer.silent:
            await reader.read()
            return
        writer.write(_head(answer))
        body = answer.body[: answer.cut_after]
        writer.write(body)
        self.sent += len(body)
        await writer.drain()
        while answer.endless:
            writer.write(CHUNK)
            await writer.drain()
            self.sent += len(CHUNK)


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    request = Request(method, target, headers)
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return replace(request, body=await _read_chunks(reader))
    return replace(request, body=await reader.readexactly(int(headers.get("content-length", 0))))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return body


def _head(answer: Answer) -> bytes:
    """Without a length where there is no end: then the end of the connection is the end of the body."""
    reason = HTTPStatus(answer.status).phrase if answer.status in set(HTTPStatus) else "Unknown"
    lines = [f"HTTP/1.1 {answer.status} {reason}", "connection: close"]
    if not answer.endless and answer.status != HTTPStatus.NO_CONTENT:
        lines.append(f"content-length: {len(answer.body)}")
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
