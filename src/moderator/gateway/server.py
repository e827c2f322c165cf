"""The gateway as a process: opens the log, listens, says when it is ready, and stops within two seconds."""

import asyncio
import importlib
import socket
from collections.abc import Callable

import uvicorn

from moderator.clock import SystemClock
from moderator.gateway.app import Gateway
from moderator.gateway.configuration.config import Config, ConfigError
from moderator.gateway.connections import Connection
from moderator.journal.sqlite import SqliteLog
from moderator.serving import GRACE_S, listen, ready_line, serve
from moderator.signals import stop_at_end_of_input, stop_signals


def run(
    config: Config, host: str | None = None, port: int | None = None, token: str = "", listener: int | None = None
) -> bool:
    """`run_gateway` on the fastest event loop there is on this machine; `listener` is a socket that was handed down."""
    opened = None if listener is None else socket.socket(fileno=listener)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(run_gateway(config, host, port, token, opened))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:  # not made for Windows
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


async def run_gateway(
    config: Config,
    host: str | None = None,
    port: int | None = None,
    token: str = "",
    listener: socket.socket | None = None,
) -> bool:
    """Run until SIGINT, SIGTERM or a failure; prints the ready line. True when it was asked to stop.

    With a `token` it is embedded: the ready line, which only the program at the other end of the pipe reads, has the
    token, and it stops also when its standard input ends, as it does when that program is gone.

    Raises ConfigError when the address cannot be used, LogError when the log cannot be opened.
    """
    host, port = host or config.gateway.host, config.gateway.port if port is None else port
    listener = listener or _listen(host, port)
    ready = ready_line(host, listener, **({"token": token} if token else {}))
    clock = SystemClock()
    log = await SqliteLog.open(config.log_path)
    try:
        gateway = Gateway(config, log, clock)
        async with gateway.running():
            stopped = await _serve(gateway, listener, ready, ends_with_input=bool(token))
    finally:
        await log.aclose()
        listener.close()
    return stopped


async def _serve(gateway: Gateway, listener: socket.socket, ready: str, *, ends_with_input: bool) -> bool:
    config = uvicorn.Config(
        gateway.app,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=30,
    )
    async with stop_signals() as stop:
        if ends_with_input:
            stop_at_end_of_input(stop)
        # Feeds never end by themselves.
        await serve(config, listener, ready, until=(gateway.failed, stop), closing=gateway.broadcast.close)
    return stop.is_set() and not gateway.failed.is_set()


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        raise ConfigError(str(error)) from error
