"""What stands before the platform's API: the faults that can be switched on."""

import asyncio
import contextlib
from typing import Final, Literal, get_args

from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from moderator.clock import Clock
from moderator.tasks import TaskScope

Mode = Literal["ok", "slow", "broken", "silent"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
SLOW_S: Final = 4
FAILURE_PAGE: Final = "<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>"


class Traffic:
    """ASGI: lets requests through to the API, or not."""

    def __init__(self, api: ASGIApp, clock: Clock, mode: Mode) -> None:
        self.mode: Mode = mode
        self._api, self._clock = api, clock
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Let go of every request that is being held."""
        self._closing.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.mode == "silent":
            await self._hold(receive)
            # The server ends, or nobody listens any more.
            await Response(status_code=503)(scope, receive, send)
            return
        if self.mode == "slow":
            await self._clock.wait(self._closing, SLOW_S)
        with contextlib.suppress(ClientDisconnect):  # who asked is gone, in the middle of asking
            await (HTMLResponse(FAILURE_PAGE, 500) if self.mode == "broken" else self._api)(scope, receive, send)

    async def _hold(self, receive: Receive) -> None:
        """Until the client goes, or the server; the request has no effect."""
        async with TaskScope() as tasks:
            ends = [tasks.start("the client goes", _gone(receive)), tasks.start("the server ends", self._closed())]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)

    async def _closed(self) -> None:
        await self._closing.wait()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
