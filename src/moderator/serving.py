"""An HTTP server as a process: listens, says on standard output when it is ready, and goes on until it is told to end.

What is served, and what else ends it, is for the gateway and the simulated clouds to say.
"""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec
import uvicorn

from moderator.tasks import TaskScope

GRACE_S: Final = 1
"""How long requests under way may go on after the end was asked for."""


def listen(host: str, port: int) -> socket.socket:
    """A socket for `serve`; port 0 picks a free one. Raises OSError with a sentence when the address cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's algorithm off only then: 40 ms a request.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise OSError(f"cannot listen on {host} port {port}: {reason}") from error
    return listener


def ready_line(host: str, listener: socket.socket, **more: str) -> str:
    """What whoever started this program waits for: one line of JSON with the URL, and `more`."""
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{listener.getsockname()[1]}"
    return msgspec.json.encode({"ready": True, "url": url, **more}).decode()


async def serve(
    config: uvicorn.Config,
    listener: socket.socket,
    ready: str,
    *,
    until: Iterable[asyncio.Event],
    closing: Callable[[], None],
) -> None:
    """Serve until the first of the events, or a failure of the server; `ready` is printed once it accepts requests.

    `closing` is called before requests under way are waited for: for those that would not end by themselves.
    """
    server = _Server(config, ready)
    async with TaskScope() as tasks:
        serving = tasks.start("http server", server.serve(sockets=[listener]))
        ends = [tasks.start("wait for the end", _wait(event)) for event in until]
        await asyncio.wait([serving, *ends], return_when=asyncio.FIRST_COMPLETED)
        closing()
        server.should_exit = True
        await serving


def tell_service_manager(state: str) -> None:
    """What systemd wants to hear of a service of `Type=notify`, such as `READY=1`; nothing where nobody listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    path = f"\0{address[1:]}" if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to_manager, contextlib.suppress(OSError):
        to_manager.connect(path)
        to_manager.send(state.encode())


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


class _Server(uvicorn.Server):
    """uvicorn that leaves signals to us and says on standard output when it accepts requests."""

    def __init__(self, config: uvicorn.Config, ready: str) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(self._ready + "\n")
        sys.stdout.flush()
        tell_service_manager("READY=1")

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
