"""A tiny HTTP server that keeps what Janus posts, to prove the harness without the gateway."""

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any, Self

from tests.end_to_end.janus_config import Webhooks

Event = dict[str, Any]


class WebhookReceiver:
    """Listens on 127.0.0.1; `events` are all that came with the right credentials, in order."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.refused = 0
        self._changed = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self._webhooks: Webhooks | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self._webhooks = Webhooks(url=f"http://127.0.0.1:{port}/janus")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    @property
    def webhooks(self) -> Webhooks:
        """What a Janus must be configured with to post here."""
        if self._webhooks is None:
            raise RuntimeError("not listening")
        return self._webhooks

    async def wait_for(self, matches: Callable[[Event], object], seconds: float = 30) -> Event:
        """The first event that matches, past or to come."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                while True:
                    for event in self.events:
                        if matches(event):
                            return event
                    await self._changed.wait()
        except TimeoutError:
            seen = "\n".join(map(str, self.events[-30:])) or "nothing"
            raise AssertionError(f"no such webhook in {seconds} s; the last were:\n{seen}") from None

    async def videoroom(self, event: str, seconds: float = 30, **fields: object) -> Event:
        """The `data` of the first VideoRoom event of that name with these fields."""
        wanted = {"event": event, **fields}
        found = await self.wait_for(lambda each: each["type"] == 64 and wanted.items() <= _data(each).items(), seconds)
        return _data(found)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
            body = await reader.readexactly(int(headers["content-length"]))
            await self._take(head, json.loads(body))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # a Janus that was killed while it posted
        finally:
            writer.close()

    async def _take(self, head: str, body: Event | list[Event]) -> None:
        credentials = f"{self.webhooks.user}:{self.webhooks.password}"
        if f"Basic {base64.b64encode(credentials.encode()).decode()}" not in head:
            self.refused += 1
            return
        async with self._changed:
            self.events += body if isinstance(body, list) else [body]
            self._changed.notify_all()


def _data(event: Event) -> Event:
    data: Event = event["event"]["data"]
    return data
