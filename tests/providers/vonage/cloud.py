"""The Video API as far as the tests need it: it checks credentials, keeps who is connected, and can be told to fail."""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec import Struct, field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.serving import served
from tests.providers.vonage.made import API_KEY, API_SECRET, APPLICATION, private_key


class Asked(Struct):
    """A request that came."""

    method: str
    path: str
    """As it was sent, with its quotes."""
    headers: dict[str, str]
    body: bytes

    def claims(self) -> dict[str, Any]:
        token = self.headers.get("x-opentok-auth") or self.headers["authorization"].removeprefix("Bearer ")
        return jwt.decode(token, options={"verify_signature": False})


class Cloud(Struct, dict=True):
    """`sessions` says who is in: connection id to `createdAt`. `answers` come first, one by one."""

    sessions: dict[str, dict[str, int]] = field(default_factory=dict)
    answers: list[Response | Callable[[], Response]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    has_lists: bool = True
    without_lists: int = 405
    """The status that is answered where there are no lists."""
    refusal: int = 0
    """The status with which every disconnect is refused; 0: it is done."""
    refuses_sessions: str = ""
    """With these words, where there are some, no session is made."""
    verify_times: bool = True

    def app(self) -> Starlette:
        """Routes of both environments."""
        at = "/v2/project/{project}/session/{session}"
        return Starlette(
            routes=[
                Route(at + "/connection", self._answering(self._list), methods=["GET"]),
                Route(at + "/connection/{connection:path}", self._answering(self._disconnect), methods=["DELETE"]),
                Route(at + "/stream/{stream}/mute", self._answering(self._done), methods=["POST"]),
                Route(at + "/signal", self._answering(self._signal), methods=["POST"]),
                Route("/session/create", self._answering(self._create), methods=["POST"]),
                Route(at + "/connection/{connection}/signal", self._answering(self._signal), methods=["POST"]),
            ]
        )

    def paths(self, method: str) -> list[str]:
        """What was asked for with this method."""
        return [one.path for one in self.asked if one.method == method]

    def _answering(self, handler: Callable[[Request], Response]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            raw = request.scope["raw_path"].decode()
            self.asked.append(Asked(request.method, raw, dict(request.headers), await request.body()))
            if self.answers:
                answer = self.answers.pop(0)
                return answer if isinstance(answer, Response) else answer()
            if not self._may(request):
                return JSONResponse({"code": -1, "message": "No permission"}, 403)
            return handler(request)

        return endpoint

    def _may(self, request: Request) -> bool:
        options: Any = {} if self.verify_times else {"verify_exp": False, "verify_iat": False}
        try:
            if "x-opentok-auth" in request.headers:
                claims = jwt.decode(request.headers["x-opentok-auth"], API_SECRET, ["HS256"], options=options)
                return (claims["iss"], claims["ist"]) == (API_KEY, "project")
            scheme, _, token = request.headers["authorization"].partition(" ")
            claims = jwt.decode(token, _public_key(), ["RS256"], options=options)
            return (scheme, claims["application_id"]) == ("Bearer", APPLICATION)
        except (KeyError, jwt.PyJWTError):
            return False

    def _list(self, request: Request) -> Response:
        if not self.has_lists:
            return Response(status_code=self.without_lists)
        found = self.sessions.get(request.path_params["session"])
        if found is None:
            return JSONResponse({"code": 404, "message": "Session not found"}, 404)
        items = [{"connectionId": id_, "connectionState": "Connected", "createdAt": at} for id_, at in found.items()]
        return JSONResponse({"count": len(items), "items": items})

    def _disconnect(self, request: Request) -> Response:
        if self.refusal:
            return Response(status_code=self.refusal)
        people = self.sessions.get(request.path_params["session"], {})
        gone = people.pop(request.path_params["connection"], None) is None
        return Response(status_code=404 if gone else 204)

    def _create(self, request: Request) -> Response:
        """Each is another one."""
        if self.refuses_sessions:
            return JSONResponse({"code": -1, "message": self.refuses_sessions}, 403)
        session = f"1_MX4{len(self.asked)}"
        self.sessions[session] = {}
        return JSONResponse([{"session_id": session, "project_id": APPLICATION}])

    def _signal(self, request: Request) -> Response:
        return Response(status_code=204)

    def _done(self, request: Request) -> Response:
        return JSONResponse({"id": APPLICATION})


def _public_key() -> Any:
    key = load_pem_private_key(private_key().encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return key.public_key()


@contextlib.asynccontextmanager
async def serving(cloud: Cloud) -> AsyncIterator[Cloud]:
    """On a real port of this machine."""
    async with served(cloud.app(), lifespan="off") as cloud.url:
        yield cloud
