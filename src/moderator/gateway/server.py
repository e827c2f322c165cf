"""The gateway as a process: opens the log, listens, says when it is ready, and stops in an orderly way.

Asked to stop, it says so to whoever balances the load (`/readyz`), goes on for `gateway.drain`, then closes its feeds
and its port, answers what it has been asked, and lets calls to platforms that are being made come to their end. What
has not begun is the next one's. A second signal ends it at once: nothing that was acknowledged is lost by that either.
"""

import asyncio
import gc
import importlib
import logging
import socket
from collections.abc import Callable
from typing import Final

import uvicorn

from moderator.clock import Clock, SystemClock
from moderator.gateway.app import Gateway
from moderator.gateway.configuration.config import Config, ConfigError
from moderator.gateway.connections import Connection
from moderator.journal.event_log import EventLog
from moderator.journal.sqlite import SqliteLog
from moderator.serving import GRACE_S, listen, ready_line, serve, tell_service_manager
from moderator.signals import end_at_next_signal, stop_at_end_of_input, stop_signals
from moderator.tasks import TaskScope

logger = logging.getLogger(__name__)

GARBAGE: Final = (10_000, 20, 50)
"""After so many more objects the youngest are searched; each twentieth time the older ones; each fiftieth time all."""
ANSWERED_WITHIN_S: Final = 10
"""Requests under way at the end; a platform that is asked for one of them may take so long."""


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
    log = await _open_log(config, clock)
    try:
        gateway = Gateway(config, log, clock)
        async with gateway.running():
            _search_garbage_less()
            drain_s = 0.0 if token else config.drain_ms / 1000
            stopped = await _serve(gateway, listener, ready, drain_s, ends_with_input=bool(token))
    finally:
        await log.aclose()
        listener.close()
    return stopped


def _search_garbage_less() -> None:
    """What is known by now stays, and hardly anything refers to itself. To search for what does was a tenth of the time
    under load, and stopped everything for 140 ms when it went through all.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


async def _open_log(config: Config, clock: Clock) -> EventLog:
    """NATS's library is loaded only where it is used: that takes longer than everything else at the start."""
    if (streams := config.streams) is None:
        return await SqliteLog.open(config.log_path)
    module = await asyncio.to_thread(importlib.import_module, "moderator.journal.jetstream.log")
    log = await module.NatsLog.open(streams, clock)
    if log.advice:
        logger.warning("%s", log.advice)
    opened: EventLog = log
    return opened


async def _serve(
    gateway: Gateway, listener: socket.socket, ready: str, drain_s: float, *, ends_with_input: bool
) -> bool:
    config = uvicorn.Config(
        gateway.app,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S if ends_with_input else ANSWERED_WITHIN_S,
        timeout_keep_alive=30,
    )
    drained = asyncio.Event()
    async with stop_signals() as stop, TaskScope() as tasks:
        if ends_with_input:
            stop_at_end_of_input(stop)
        tasks.start("drain", _drain(gateway, stop, drained, drain_s))
        # Feeds never end by themselves.
        await serve(config, listener, ready, until=(gateway.failed, drained), closing=gateway.broadcast.close)
    return stop.is_set() and not gateway.failed.is_set()


async def _drain(gateway: Gateway, stop: asyncio.Event, drained: asyncio.Event, drain_s: float) -> None:
    await stop.wait()
    end_at_next_signal()
    gateway.drain()
    tell_service_manager("STOPPING=1")
    await asyncio.sleep(drain_s)
    drained.set()


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        raise ConfigError(str(error)) from error
