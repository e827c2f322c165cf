"""The Janus API over a WebSocket, as a client program speaks it: one session, its handles, requests and their answers.
No media here, and no VideoRoom."""

import asyncio
import itertools
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

Message = dict[str, Any]

_ANSWER_SECONDS = 10.0


class JanusError(Exception):
    """Janus, or its plugin, refused a request."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class JanusSocket:
    """One WebSocket with one Janus session on it."""

    def __init__(self, socket: ClientConnection, api_secret: str, on_closed: Callable[[], None]) -> None:
        self.session = 0
        self._socket = socket
        self._api_secret = api_secret
        self._on_closed = on_closed
        self._transactions = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[Message]] = {}
        self._handlers: dict[int, Callable[[Message], None]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    async def open(cls, url: str, api_secret: str, *, keepalive: float, on_closed: Callable[[], None]) -> Self:
        # Janus pings by itself; a ping of ours would only blur when it notices a frozen client.
        socket = await connect(url, subprotocols=[Subprotocol("janus-protocol")], ping_interval=None, proxy=None)
        opened = cls(socket, api_secret, on_closed)
        opened._tasks.append(asyncio.create_task(opened._read()))
        opened.session = (await opened._request({"janus": "create"}))["data"]["id"]
        opened._tasks.append(asyncio.create_task(opened._keep_alive(keepalive)))
        return opened

    async def attach(self, opaque_id: str, on_event: Callable[[Message], None]) -> int:
        """A new VideoRoom handle; `on_event` gets what Janus sends to it unasked."""
        request = {"janus": "attach", "plugin": "janus.plugin.videoroom", "opaque_id": opaque_id}
        handle = int((await self._request(request))["data"]["id"])
        self._handlers[handle] = on_event
        return handle

    async def detach(self, handle: int) -> None:
        self._handlers.pop(handle, None)
        await self._request({"janus": "detach", "handle_id": handle})

    async def message(self, handle: int, body: Message, jsep: Message | None = None) -> Message:
        """The plugin's answer to `body`, with its `jsep` if any; raises JanusError when it refuses."""
        request: Message = {"janus": "message", "handle_id": handle, "body": body}
        if jsep is not None:
            request["jsep"] = jsep
        answer = await self._request(request)
        data: Message = answer.get("plugindata", {}).get("data", {})
        if "error_code" in data:
            raise JanusError(data["error_code"], data.get("error", ""))
        return {**data, "jsep": answer["jsep"]} if "jsep" in answer else data

    async def close(self) -> None:
        """Ends the session politely, as far as the server still listens."""
        with suppress(JanusError, ConnectionClosed, TimeoutError):
            await self._request({"janus": "destroy"})
        self._on_closed = lambda: None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()

    async def _request(self, request: Message) -> Message:
        transaction = str(next(self._transactions))
        answer = self._waiting[transaction] = asyncio.get_running_loop().create_future()
        try:
            await self._send(request, transaction)
            return await asyncio.wait_for(answer, _ANSWER_SECONDS)
        finally:
            del self._waiting[transaction]

    async def _send(self, request: Message, transaction: str) -> None:
        message = {**request, "transaction": transaction, "apisecret": self._api_secret}
        if self.session:
            message["session_id"] = self.session
        await self._socket.send(json.dumps(message))

    async def _keep_alive(self, seconds: float) -> None:
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(seconds)
                # The answer doesn't matter: a client whose session was destroyed goes on trying.
                await self._send({"janus": "keepalive"}, "keepalive")

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for text in self._socket:
                self._receive(json.loads(text))
        self._on_closed()

    def _receive(self, message: Message) -> None:
        waiting = self._waiting.get(message.get("transaction", ""))
        if waiting is not None and not waiting.done():
            self._answer(waiting, message)
        elif (handler := self._handlers.get(message.get("sender", 0))) is not None:
            handler(message)

    def _answer(self, waiting: asyncio.Future[Message], message: Message) -> None:
        if message["janus"] == "error":
            waiting.set_exception(JanusError(message["error"]["code"], message["error"]["reason"]))
        elif message["janus"] != "ack":  # the real answer follows
            waiting.set_result(message)
