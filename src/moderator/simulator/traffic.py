"""What stands before the REST API: its rate limit, and the faults that can be switched on."""

import asyncio
import math
from typing import Final, Literal, get_args

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from moderator.clock import Clock
from moderator.tasks import TaskScope

Mode = Literal["ok", "slow", "broken", "silent"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
SLOW_S: Final = 4
FAILURE_PAGE: Final = "<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>"


class RateLimit:
    """So many requests a second, with as many at once when it was quiet."""

    def __init__(self, requests_per_second: float, clock: Clock) -> None:
        self._rate, self._clock = requests_per_second, clock
        self._most = max(1.0, requests_per_second)
        self._left, self._seen_s = self._most, clock.monotonic()

    def wait_s(self) -> float:
        """0 when a request may pass now, which it then has; else the seconds until one may."""
        now_s = self._clock.monotonic()
        self._left = min(self._most, self._left + (now_s - self._seen_s) * self._rate)
        self._seen_s = now_s
        if self._left < 1:
            return (1 - self._left) / self._rate
        self._left -= 1
        return 0


class Traffic:
    """ASGI: lets requests through to the API, or not."""

    def __init__(self, api: ASGIApp, clock: Clock, limit: RateLimit | None, tells_when: bool, mode: Mode) -> None:
        """`tells_when`: whether a 429 carries Retry-After."""
        self.mode: Mode = mode
        self._api, self._clock, self._limit, self._tells_when = api, clock, limit, tells_when
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
        await (self._obstacle() or self._api)(scope, receive, send)

    async def _hold(self, receive: Receive) -> None:
        """Until the client goes, or the server; the request has no effect."""
        async with TaskScope() as tasks:
            ends = [tasks.start("the client goes", _gone(receive)), tasks.start("the server ends", self._closed())]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)

    async def _closed(self) -> None:
        await self._closing.wait()

    def _obstacle(self) -> Response | None:
        if self.mode == "broken":
            return HTMLResponse(FAILURE_PAGE, 500)
        if self._limit and (wait_s := self._limit.wait_s()):
            headers = {"Retry-After": str(math.ceil(wait_s))} if self._tells_when else {}
            return JSONResponse({"code": 429, "message": "Too many requests"}, 429, headers)
        return None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
