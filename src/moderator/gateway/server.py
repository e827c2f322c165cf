"""The gateway as a process: opens the log, listens, says when it is ready, and stops within two seconds."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from typing import Final

import msgspec
import uvicorn

from moderator.clock import SystemClock
from moderator.gateway.app import Gateway
from moderator.gateway.config import Config, ConfigError
from moderator.journal.sqlite import SqliteLog

logger = logging.getLogger(__name__)

GRACE_S: Final = 1
"""How long requests under way may go on after the stop; feeds are ended at once."""


async def serve(config: Config, host: str | None = None, port: int | None = None) -> bool:
    """Run until SIGINT, SIGTERM or a failure; prints the ready line. True when it was asked to stop.

    Raises ConfigError when the address cannot be used, LogError when the log cannot be opened.
    """
    host, port = host or config.gateway.host, config.gateway.port if port is None else port
    listener = _listen(host, port)
    clock = SystemClock()
    log = await SqliteLog.open(config.log_path)
    try:
        gateway = Gateway(config, log, clock)
        async with gateway.running():
            stopped = await _serve(gateway, listener, host)
    finally:
        await log.aclose()
        listener.close()
    return stopped


async def _serve(gateway: Gateway, listener: socket.socket, host: str) -> bool:
    server = _Server(
        uvicorn.Config(
            gateway.app,
            http="httptools",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
            timeout_keep_alive=30,
        ),
        announce=_ready_line(host, listener),
    )
    serving = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]), name="http server")
    failing = asyncio.get_running_loop().create_task(gateway.failed.wait(), name="wait for a failure")
    try:
        async with _stop_signals() as stop:
            stopping = asyncio.get_running_loop().create_task(stop.wait(), name="wait for a signal")
            await asyncio.wait([serving, failing, stopping], return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
    finally:
        gateway.broadcast.close()
        server.should_exit = True
        failing.cancel()
        await serving
    return not gateway.failed.is_set()


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
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


@contextlib.asynccontextmanager
async def _stop_signals():  # type: ignore[no-untyped-def]
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    handled = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
            handled.append(number)
    try:
        yield stop
    finally:
        for number in handled:
            loop.remove_signal_handler(number)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(f"cannot listen on {host} port {port}: {reason}") from error
    return listener


def _ready_line(host: str, listener: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return msgspec.json.encode({"ready": True, "url": f"http://{name}:{listener.getsockname()[1]}"}).decode()
