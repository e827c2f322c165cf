"""An ASGI application on a free port of this machine, in the process of the test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send


class QuietServer(uvicorn.Server):
    """uvicorn that leaves signals to the test run."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(
    app: ASGIApp, stopping: Callable[[], None] = lambda: None, *, is_tested: bool = False, **config: Any
) -> AsyncIterator[str]:
    """Its address. `stopping` is called before it ends; `config` is uvicorn's. What is not itself tested may fail when
    whoever asks is killed, or cancelled, in the middle of asking.
    """
    made = uvicorn.Config(
        app if is_tested else _forgiving(app), port=0, log_config=None, timeout_graceful_shutdown=5, **config
    )
    server = QuietServer(made)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.001)
    host, port = server.servers[0].sockets[0].getsockname()
    try:
        yield f"http{'s' if server.config.is_ssl else ''}://{host}:{port}"
    finally:
        stopping()
        server.should_exit = True
        await serving


def _forgiving(app: ASGIApp) -> ASGIApp:
    async def forgiving(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ClientDisconnect):
            await app(scope, receive, send)

    return forgiving
