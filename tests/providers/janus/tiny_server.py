"""An HTTP server that answers with prepared bytes, right or wrong, and keeps what it was sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@dataclass
class TinyServer:
    """`answers` are sent in turn, the last again and again; an empty one closes. `echo`: the request's body follows."""

    answers: list[bytes]
    delay_s: float = 0
    echo: bool = False
    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    handlers: list[asyncio.Future[None]] = field(default_factory=list)

    async def wait_for(self, part: bytes) -> None:
        """Until a request with this in its body came."""
        async with self.arrived, asyncio.timeout(10):
            await self.arrived.wait_for(lambda: any(part in body for _, body in self.requests))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = asyncio.get_running_loop().create_future()
        self.handlers.append(ended)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            fields = (line.split(": ", 1) for line in head.splitlines()[1:] if line)
            headers = {name.lower(): value for name, value in fields}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            async with self.arrived:
                self.requests.append((headers, body))
                self.arrived.notify_all()
            await asyncio.sleep(self.delay_s)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            writer.write(answer + (body if self.echo else b""))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client had enough
        finally:
            writer.close()
            ended.set_result(None)


@asynccontextmanager
async def tiny_server(*answers: bytes, delay_s: float = 0, echo: bool = False) -> AsyncIterator[TinyServer]:
    """Runs one on a free port of 127.0.0.1."""
    tiny = TinyServer([*answers] or [OK], delay_s, echo)
    server = await asyncio.start_server(tiny._serve, "127.0.0.1", 0)
    tiny.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield tiny
        await asyncio.gather(*tiny.handlers)


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
