"""A simulated cloud as a process: listens, says when it is ready, and stops on a signal or when its input ends."""

import asyncio
import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Final

import msgspec
import uvicorn
from starlette.types import ASGIApp

from moderator.signals import stop_signals
from moderator.tasks import TaskScope

GRACE_S: Final = 1


async def serve(app: ASGIApp, host: str, port: int, stopping: Callable[[], None]) -> None:
    """Returns when it was asked to stop; calls `stopping` first, for whoever holds requests back.

    Raises OSError when the address cannot be used.
    """
    with _listen(host, port) as listener:
        config = uvicorn.Config(
            app,
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE_S,
        )
        server = _Server(config, _ready_line(host, listener))
        async with TaskScope() as tasks, stop_signals() as stop:
            _stop_at_end_of_input(stop)
            serving = tasks.start("http server", server.serve(sockets=[listener]))
            ends = [serving, tasks.start("wait for the end", _wait(stop))]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            stopping()
            server.should_exit = True
            await serving


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


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


def _stop_at_end_of_input(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):  # not sys.stdin: its lock could not be had when the process ends
                pass
        with contextlib.suppress(RuntimeError):  # the loop is closed: it stops already
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, name="end of input", daemon=True).start()


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    return listener


def _ready_line(host: str, listener: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return msgspec.json.encode({"ready": True, "url": f"http://{name}:{listener.getsockname()[1]}"}).decode()
