"""One client's connection: how long and how large the head of a request may be, before anything of ours is asked; and
what is shorter than by ASGI's messages (`shortcuts`).

uvicorn's protocol, which has neither; the limits of bodies are in `requests` and `platforms.bodies`.
"""

import asyncio
import importlib
import logging
import socket
from functools import cache
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from moderator.gateway.asgi import Headers, Scope
from moderator.gateway.dropping import ABORT
from moderator.gateway.shortcuts import ANSWER, PIECE, WHOLE_BODY

HEAD_TIMEOUT_S: Final = 10.0
MAX_HEAD_BYTES: Final = 64 * 1024
BUFFER_BYTES: Final = 256 * 1024
"""In the system, for each direction. Left alone it grows to megabytes for who does not read, and memory there is
nobody's in particular.
"""
MOST_REQUEST_BYTES: Final = 4 * 1024 * 1024
"""On the wire, behind the head: chunks of a byte each are six times as much as what is in them."""
MOST_HEADERS: Final = 1_000
"""Of one request, with those that come behind its body."""
MOST_PIPELINED: Final = 100
"""Requests that wait for the answer to an earlier one; hardly anybody sends any."""
MOST_CONNECTIONS: Final = 10_000
OWN_FILES: Final = 256
"""Of those the system lets this process open: for the log, and for connections to platforms."""
_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_logger = logging.getLogger(__name__)
_logger.setLevel(logging.ERROR)  # what a client got wrong is answered; it must not fill the log


@cache
def most_connections() -> int:
    """At a time; who comes then is turned away. Without files left, platforms and the log could not be reached."""
    try:
        resource = importlib.import_module("resource")
    except ImportError:  # not made for Windows, whose sockets are not counted so
        return MOST_CONNECTIONS
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        MOST_CONNECTIONS
        if files == resource.RLIM_INFINITY
        else max(OWN_FILES, min(MOST_CONNECTIONS, files - OWN_FILES))
    )


class TooManyRequests(Exception):
    """More of them came than wait for their turn; the parser stops at it."""


class Connection(HttpToolsProtocol):
    """Drops who does not come to the point, and lets an application drop who does not listen, or take short cuts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _logger
        self._head_timer: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._body_bytes = 0
        self._overtaken: list[RequestResponseCycle] = []
        """Requests that are being answered, or wait for it, although a newer one has come: the server itself tells only
        the newest that the client is gone.
        """
        self._extensions: dict[str, dict[Any, Any]] = {
            ABORT: {"call": self._drop},
            WHOLE_BODY: {"call": self._whole_body},
            ANSWER: {"call": self._answer},
            PIECE: {"call": self._piece},
        }

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            transport.abort()
        for buffer in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, buffer, BUFFER_BYTES)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_has_come()
        self._extensions.clear()
        for cycle in self._overtaken:
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_timer is not None or self.cycle.response_complete:  # most heads come as a whole, without a timer
            self._part_of_head_has_come(len(data))
        elif self.cycle.more_body:
            self._part_of_body_has_come(len(data))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = self._extensions

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= MOST_PIPELINED:
            self._drop()
            raise TooManyRequests
        before = self.cycle
        super().on_headers_complete()
        self._head_has_come()
        self._body_bytes = 0
        if self.pipeline:
            self._overtaken = [one for one in (*self._overtaken, before) if not one.response_complete]

    def _part_of_head_has_come(self, size: int) -> None:
        if self._head_timer is None:
            self._wait_for_head()
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse()

    def _part_of_body_has_come(self, size: int) -> None:
        self._body_bytes += size
        if self._body_bytes > MOST_REQUEST_BYTES or len(self.headers) > MOST_HEADERS:
            self._refuse()

    def _refuse(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def _wait_for_head(self) -> None:
        self._head_bytes = 0
        self._head_timer = self.loop.call_later(HEAD_TIMEOUT_S, self.transport.abort)

    def _head_has_come(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    # --- for applications ------------------------------------------------------------------------------------------

    def _drop(self) -> None:
        for cycle in (*self._overtaken, self.cycle):
            cycle.disconnected = True  # else the server writes a line about each
        self.transport.abort()

    def _whole_body(self, scope: Scope) -> bytes | None:
        cycle = self.cycle
        if cycle.scope is not scope or cycle.more_body or cycle.disconnected:
            return None
        body, cycle.body = bytes(cycle.body), bytearray()
        return body

    def _answer(self, scope: Scope, status: int, headers: Headers, body: bytes) -> bool:
        cycle = self.cycle
        if cycle.scope is not scope or cycle.more_body or cycle.disconnected or self.flow.write_paused:
            return False
        if scope["method"] == "HEAD" or not cycle.keep_alive:
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        lines = [b"%b: %b\r\n" % header for header in (*self.server_state.default_headers, *headers)]
        length = b"content-length: %d\r\n\r\n" % len(body)
        self.transport.write(b"".join((STATUS_LINE[status], *lines, length, body)))
        self.on_response_complete()
        return True

    def _piece(self, scope: Scope, piece: bytes) -> bool:
        cycle = self.cycle
        if cycle.scope is not scope or not cycle.chunked_encoding or cycle.response_complete:
            return False
        if self.flow.write_paused or self.transport.is_closing():
            return False
        self.transport.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        return True
