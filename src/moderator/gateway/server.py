"""The gateway as a process: opens the log, listens, says when it is ready, and stops within two seconds."""

import asyncio
import contextlib
import importlib
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Final

import msgspec
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from moderator.clock import SystemClock
from moderator.gateway.app import Gateway
from moderator.gateway.config import Config, ConfigError
from moderator.gateway.feed import ABORT
from moderator.journal.sqlite import SqliteLog
from moderator.signals import stop_at_end_of_input, stop_signals
from moderator.tasks import TaskScope

logger = logging.getLogger(__name__)

GRACE_S: Final = 1
"""How long requests under way may go on after the stop; feeds are ended at once."""


def run(config: Config, host: str | None = None, port: int | None = None, token: str = "") -> bool:
    """`serve` on the fastest event loop there is on this machine."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(serve(config, host, port, token))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:  # not made for Windows
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


async def serve(config: Config, host: str | None = None, port: int | None = None, token: str = "") -> bool:
    """Run until SIGINT, SIGTERM or a failure; prints the ready line. True when it was asked to stop.

    With a `token` it is embedded: the ready line, which only the program at the other end of the pipe reads, has the
    token, and it stops also when its standard input ends, as it does when that program is gone.

    Raises ConfigError when the address cannot be used, LogError when the log cannot be opened.
    """
    host, port = host or config.gateway.host, config.gateway.port if port is None else port
    listener = _listen(host, port)
    clock = SystemClock()
    log = await SqliteLog.open(config.log_path)
    try:
        gateway = Gateway(config, log, clock)
        async with gateway.running():
            stopped = await _serve(gateway, listener, _ready_line(host, listener, token), ends_with_input=bool(token))
    finally:
        await log.aclose()
        listener.close()
    return stopped


async def _serve(gateway: Gateway, listener: socket.socket, announce: str, *, ends_with_input: bool) -> bool:
    server = _Server(
        uvicorn.Config(
            gateway.app,
            http=_Protocol,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_S,
            timeout_keep_alive=30,
        ),
        announce=announce,
    )
    async with TaskScope() as tasks, stop_signals() as stop:
        if ends_with_input:
            stop_at_end_of_input(stop)
        serving = tasks.start("http server", server.serve(sockets=[listener]))
        ends = [
            serving,
            tasks.start("wait for a failure", _wait(gateway.failed)),
            tasks.start("wait for a signal", _wait(stop)),
        ]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        gateway.broadcast.close()
        server.should_exit = True
        await serving
    return stop.is_set() and not gateway.failed.is_set()


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


class _Protocol(HttpToolsProtocol):
    """uvicorn's, with a way for the feed to drop a connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope.setdefault("extensions", {})[ABORT] = {"call": self.transport.abort}


class _Server(uvicorn.Server):
    """uvicorn that leaves signals to us and says on standard output when it accepts requests."""

    def __init__(self, config: uvicorn.Config, announce: str) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(self._announce + "\n")
        sys.stdout.flush()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's algorithm off only then: 40 ms a request.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(f"cannot listen on {host} port {port}: {reason}") from error
    return listener


def _ready_line(host: str, listener: socket.socket, token: str) -> str:
    name = f"[{host}]" if ":" in host else host
    ready = {"ready": True, "url": f"http://{name}:{listener.getsockname()[1]}"}
    return msgspec.json.encode(ready | ({"token": token} if token else {})).decode()
