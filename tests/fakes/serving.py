"""An ASGI application on a free port of this machine, in the process of the test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp


class QuietServer(uvicorn.Server):
    """uvicorn that leaves signals to the test run."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(app: ASGIApp, stopping: Callable[[], None] = lambda: None, **config: Any) -> AsyncIterator[str]:
    """Its address. `stopping` is called before it ends; `config` is uvicorn's."""
    server = QuietServer(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=5, **config))
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
