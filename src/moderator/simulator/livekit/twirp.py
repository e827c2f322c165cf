"""Twirp: a call is a POST to the method's path, in JSON or protobuf; the answer comes the same way, errors as JSON."""

from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from moderator.simulator.livekit.accounts import Account, BadToken
from moderator.simulator.livekit.message_json import read_json, reply_json
from moderator.simulator.livekit.messages import Fields, Malformed, Values
from moderator.simulator.livekit.protobuf import from_protobuf, to_protobuf

SERVICE: Final = "/twirp/livekit.RoomService/"
JSON: Final = "application/json"
PROTOBUF: Final = "application/protobuf"
STATUSES: Final = {
    **{"bad_route": 404, "failed_precondition": 412, "malformed": 400, "not_found": 404},
    **{"unauthenticated": 401, "unavailable": 503},
}


class TwirpError(Exception):
    """A refusal, by the protocol's code."""

    def __init__(self, code: str, message: str, meta: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.body = {"code": code, "msg": message} | ({"meta": meta} if meta else {})
        self.status = STATUSES[code]


class Method(Struct, frozen=True):
    """One call: the right that it needs, what is asked, what is answered, and by whom."""

    grant: str
    request: Fields
    reply: Fields
    act: Callable[[Values], Values]


class Twirp:
    """The service's methods on the wire."""

    def __init__(self, account: Account, now: Callable[[], int], methods: dict[str, Method]) -> None:
        """`now` tells the time, after everything due has happened."""
        self._account, self._now, self._methods = account, now, methods
        routes = [Route("/", _alive), Route(SERVICE + "{method}", self._call, methods=["GET", "POST", "PUT", "DELETE"])]
        self.app = Starlette(routes=routes, exception_handlers={TwirpError: _refused, BadToken: _bad_token})

    async def _call(self, request: Request) -> Response:
        grants = self._account.grants(request.headers.get("authorization", ""), self._now())
        method, is_json = self._route(request)
        asked = _read(await request.body(), method.request, is_json)
        if not grants.may(method.grant, asked.get("room", "")):
            raise TwirpError("unauthenticated", "permissions denied")
        answer = method.act(asked)
        if is_json:
            return JSONResponse(reply_json(answer, method.reply))
        return Response(to_protobuf(answer, method.reply), media_type=PROTOBUF)

    def _route(self, request: Request) -> tuple[Method, bool]:
        """The method that is called, and whether in JSON."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        method = self._methods.get(request.path_params["method"])
        reasons = (
            (request.method != "POST", f'unsupported method "{request.method}" (only POST is allowed)'),
            (method is None, f'no handler for path "{request.url.path}"'),
            (kind not in (JSON, PROTOBUF), f'unexpected Content-Type: "{kind}"'),
        )
        for is_so, reason in reasons:
            if is_so:
                route = f"{request.method} {request.url.path}"
                raise TwirpError("bad_route", reason, {"twirp_invalid_route": route})
        assert method is not None
        return method, kind == JSON


def _read(body: bytes, fields: Fields, is_json: bool) -> Values:
    try:
        return read_json(msgspec.json.decode(body), fields) if is_json else from_protobuf(body, fields)
    except (Malformed, msgspec.DecodeError, UnicodeDecodeError):
        kind = "json" if is_json else "protobuf"
        raise TwirpError("malformed", f"the {kind} request could not be decoded") from None


async def _alive(request: Request) -> Response:
    return PlainTextResponse("OK")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, TwirpError)
    return JSONResponse(error.body, error.status)


async def _bad_token(request: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 401)
