"""So many requests a second, the others are told to try again."""

import math

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from moderator.clock import Clock


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


class Limited:
    """ASGI: lets requests through to the API while there is room for them."""

    def __init__(self, api: ASGIApp, limit: RateLimit, tells_when: bool) -> None:
        """`tells_when`: whether a 429 carries Retry-After."""
        self._api, self._limit, self._tells_when = api, limit, tells_when

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not (wait_s := self._limit.wait_s()):
            await self._api(scope, receive, send)
            return
        headers = {"Retry-After": str(math.ceil(wait_s))} if self._tells_when else {}
        refused = JSONResponse({"code": 429, "message": "Too many requests"}, 429, headers)
        await refused(scope, receive, send)
