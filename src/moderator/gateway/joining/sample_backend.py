"""`GET /room/{name}` and `GET /session`, as Vonage's sample front ends ask their backend. Off unless configured.

They ask without a token, so whoever reaches these routes gets in as nobody in particular, in a room without an
allow-list: as publisher, and under every rule that `POST /v1/join` obeys. Errors have the shape that those front ends
expect.
"""

import logging
import math
import re
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from moderator.clock import Clock
from moderator.domain.events import Actor
from moderator.gateway.access.limits import Buckets
from moderator.gateway.joining.issuing import Asked, Issuing
from moderator.gateway.joining.joining import UNCACHED
from moderator.gateway.problems import Problem
from moderator.gateway.requests import json_response
from moderator.gateway.rules import OpenRule
from moderator.journal.event_log import LogError

logger = logging.getLogger(__name__)

NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
SHAPE: Final = ("applicationId", "apiKey", "sessionId", "token")
"""The members that are told; the first two are of one environment each."""
PER_SECOND: Final = 10
BURST: Final = 100
"""Of one address, which may be a proxy's: a class may come at once, but nobody fills the log, or makes sessions without
end.
"""


class SampleBackend:
    """For the rooms of one source. Browsers at `allow_origin` may read the answers; where it is empty, only the same
    site's.
    """

    def __init__(self, issuing: Issuing, clock: Clock, source: str, allow_origin: str = "") -> None:
        self._issuing = issuing
        self._clock = clock
        self._source = source
        self._allow_origin = allow_origin
        self._buckets = Buckets(PER_SECOND, BURST)

    def open_rules(self) -> tuple[OpenRule, ...]:
        """The routes: they look at no token."""
        return (
            OpenRule("GET", "/session", self._session, "The room `session`, for front ends of Vonage's samples"),
            OpenRule("GET", "/room/{name}", self._room, "What anybody joins this room with, for the same front ends"),
        )

    async def _session(self, request: Request) -> Response:
        return RedirectResponse("/room/session", 302, self._headers(request))

    async def _room(self, request: Request) -> Response:
        headers = self._headers(request)
        wait_s = self._buckets.take(request.client.host if request.client else "", self._clock.monotonic())
        if wait_s:
            status, content = 429, {"error": "That was asked too often: try again in a moment."}
            headers |= {"Retry-After": str(math.ceil(wait_s))}
        else:
            status, content = await self._answer(request.path_params["name"])
        response = json_response(content, status)
        response.headers.update(headers)
        return response

    async def _answer(self, name: str) -> tuple[int, dict[str, str]]:
        if not NAME.fullmatch(name):
            return 400, {"error": "A room is called by 1 to 64 letters, digits, hyphens or underscores."}
        try:
            given = await self._issuing.issue(Asked(source=self._source, name=name, actor=Actor("application")))
        except Problem as problem:
            return self._refusal(name, problem)
        except LogError as error:
            logger.error("credentials could not be recorded, so none were given: %s", error)
            return 500, {"error": "The gateway could not write its log, so nothing was done: try again."}
        return 200, {member: given[member] for member in SHAPE if member in given}

    def _refusal(self, name: str, problem: Problem) -> tuple[int, dict[str, str]]:
        """Whoever asks may be anybody: what is wrong between us and the platform is not for them."""
        if problem.status == 403:
            return 403, {"error": problem.detail}
        logger.info("no credentials for %s/%s: %s", self._source, name, problem.detail)
        return 500, {"error": "The video platform cannot be used now: try again later."}

    def _headers(self, request: Request) -> dict[str, str]:
        origin = request.headers.get("origin", "")
        if not self._allow_origin:
            return dict(UNCACHED)
        allowed = {"Access-Control-Allow-Origin": origin} if origin == self._allow_origin else {}
        return {**UNCACHED, "Vary": "Origin", **allowed}
