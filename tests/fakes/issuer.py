"""A gateway that signs people in, as far as a client can see: device codes, tokens that rotate, who has signed out."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from moderator.feed.messages import FoldBase, heartbeat_frame, snapshot_frames
from tests.fakes.builders import DAY
from tests.fakes.serving import served

NAME: Final = "Maya"
PASTED: Final = "a-token-that-was-given"
CODE: Final = "WDJB-MJHT"
Handler = Callable[[Request], Awaitable[Response]]


class Issuer:
    """What it was asked is written down; what it answers to polling and refreshing can be told beforehand."""

    def __init__(self) -> None:
        self.url = ""
        self.forms: list[dict[str, str]] = []
        """Of the token endpoint."""
        self.asked: list[str] = []
        """Method, path and token of everything else that needs one."""
        self.bodies: list[Any] = []
        self.polls: deque[str] = deque()
        """Errors that the next polls get; without any the code is approved."""
        self.refresh_error = ""
        self.valid: set[str] = {PASTED}
        """Access tokens that are taken."""
        self.refresh = ""
        """The refresh token that counts: the newest."""
        self.revoked: list[str] = []
        self.lifetime_s: float | None = 900
        self.offer: dict[str, str] | None = {}
        self.code: dict[str, Any] = {"interval": 1, "expires_in": 600}
        self._made = 0
        self._ends = False

    def end(self) -> None:
        """End the feeds, also one that somebody opens with a new token meanwhile."""
        self._ends = True
        self.valid.clear()

    # --- signing in ------------------------------------------------------------------------------------------------

    async def signin(self, request: Request) -> Response:
        if self.offer is None:
            return JSONResponse({"code": "not_found", "detail": "There is no such route."}, 404)
        offer = {
            "device_authorization_endpoint": f"{self.url}/v1/device",
            "token_endpoint": f"{self.url}/v1/token",
            "revocation_endpoint": f"{self.url}/v1/revoke",
            "client_id": "moderator-desktop",
            "scope": "rooms:read",
            "issuer": "moderator",
        }
        return JSONResponse(offer | self.offer)

    async def device(self, request: Request) -> Response:
        self.forms.append(await _form(request))
        code = {"device_code": "the-device-code", "user_code": CODE, "verification_uri": f"{self.url}/approve"}
        return JSONResponse(code | self.code)

    async def token(self, request: Request) -> Response:
        form = await _form(request)
        self.forms.append(form)
        if form["grant_type"] == "refresh_token":
            if self.refresh_error or form["refresh_token"] != self.refresh:
                return JSONResponse({"error": self.refresh_error or "invalid_grant"}, 400)
        elif self.polls:
            return JSONResponse({"error": self.polls.popleft()}, 400)
        return JSONResponse(self.grant())

    def grant(self) -> dict[str, Any]:
        """New tokens; the refresh token before counts no more."""
        self._made += 1
        access, self.refresh = f"access-{self._made}", f"refresh-{self._made}"
        self.valid.add(access)
        answer = {"access_token": access, "token_type": "Bearer", "refresh_token": self.refresh}
        return answer | ({} if self.lifetime_s is None else {"expires_in": self.lifetime_s})

    async def revoke(self, request: Request) -> Response:
        form = await _form(request)
        self.revoked.append(form["token"])
        self.refresh = "" if form["token"] == self.refresh else self.refresh
        return Response()

    # --- what needs a token ----------------------------------------------------------------------------------------

    async def sign_out(self, request: Request) -> Response:
        self.valid.discard(_token(request))
        return Response(status_code=204)

    async def me(self, request: Request) -> Response:
        return JSONResponse({"name": NAME, "scopes": ["rooms:read"]})

    async def now(self, request: Request) -> Response:
        return JSONResponse({"now": DAY})

    async def rooms(self, request: Request) -> Response:
        return JSONResponse({"seq": 1, "now": DAY, "rooms": [], "sources": []})

    async def feed(self, request: Request) -> Response:
        async def frames() -> AsyncIterator[bytes]:
            for frame in snapshot_frames("log", 10, DAY, [], [], FoldBase()):
                yield frame
            while _token(request) in self.valid and not self._ends:
                yield heartbeat_frame("log", 10, 10, DAY, [])
                await asyncio.sleep(0.05)

        return StreamingResponse(frames(), media_type="text/event-stream")

    async def accepted(self, request: Request) -> Response:
        if content := await request.body():
            self.bodies.append(msgspec.json.decode(content))
        return JSONResponse({"seq": 1})

    def guarded(self, handler: Handler) -> Handler:
        async def guard(request: Request) -> Response:
            self.asked.append(f"{request.method} {request.url.path} {_token(request)}")
            if _token(request) not in self.valid:
                return JSONResponse({"code": "bad_token", "detail": "The token is not valid."}, 401)
            return await handler(request)

        return guard

    @property
    def app(self) -> Starlette:
        free = {
            "/v1/signin": self.signin,
            "/v1/device": self.device,
            "/v1/token": self.token,
            "/v1/revoke": self.revoke,
        }
        guarded = {"/v1/me": self.me, "/v1/time": self.now, "/v1/rooms": self.rooms, "/v1/feed": self.feed}
        orders = ("/v1/device/approve", "/v1/device/deny", "/v1/tokens/{jti}")
        return Starlette(
            routes=[
                *(Route(path, handler, methods=["GET", "POST"]) for path, handler in free.items()),
                *(Route(path, self.guarded(handler)) for path, handler in guarded.items()),
                *(Route(path, self.guarded(self.accepted), methods=["POST", "DELETE"]) for path in orders),
                Route("/v1/session", self.guarded(self.sign_out), methods=["DELETE"]),
            ]
        )


@contextlib.asynccontextmanager
async def issuing() -> AsyncIterator[Issuer]:
    """One that runs."""
    issuer = Issuer()
    async with served(issuer.app, issuer.end) as issuer.url:
        yield issuer


async def _form(request: Request) -> dict[str, str]:
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in request.headers
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")
