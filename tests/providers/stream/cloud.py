"""Stream's REST API as far as the tests need it: it checks credentials, keeps calls, and can be told to fail."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any, Final
from urllib.parse import parse_qs

import jwt
from msgspec import Struct, field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.serving import served
from tests.providers.stream.made import API_KEY, API_SECRET, MAY_ALL, ns

AT: Final = "/api/v2/video/call/{type}/{id:path}"


class Asked(Struct):
    """A request that came."""

    method: str
    path: str
    """As it was sent, with its quotes."""
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any

    def claims(self) -> dict[str, Any]:
        return jwt.decode(self.headers["authorization"], options={"verify_signature": False})


def refusal(code: int, status: int, **headers: str) -> Response:
    """As the API words it."""
    body = {"code": code, "message": "hidden-words", "StatusCode": status, "duration": "1ms", "details": []}
    return JSONResponse(body, status, headers)


class Cloud(Struct, dict=True):
    """`calls` by cid, as `made.call` makes them. `answers` come first, one by one."""

    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    tracks: dict[str, set[str]] = field(default_factory=dict)
    """Who publishes each kind of track, by user_session_id."""
    odd: set[str] = field(default_factory=set)
    """Calls whose people nobody may ask for."""
    own: list[str] = field(default_factory=lambda: list(MAY_ALL))
    hooks: list[dict[str, Any]] | None = None
    late: int = 0
    """For so many readings after a new limit, the timer stays where it was."""
    page: int = 100
    page_of_people: int = 100
    answers: list[Response | Callable[[], Response]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    timed: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Sessions as they will be read next, by cid: their timer follows the limit."""
    url: str = ""

    def app(self) -> Starlette:
        done = self._answering(lambda request, body: JSONResponse({"duration": "1ms"}, 201))
        actions = ("mark_ended", "kick", "unblock", "mute_users", "user_permissions", "event")
        return Starlette(
            routes=[
                Route("/api/v2/app", self._answering(self._app), methods=["GET"]),
                Route("/api/v2/video/calls", self._answering(self._query), methods=["POST"]),
                Route(AT, self._answering(self._get), methods=["GET"]),
                Route(AT, self._answering(self._update), methods=["PATCH"]),
                Route(f"{AT}/participants", self._answering(self._participants), methods=["POST"]),
                *(Route(f"{AT}/{action}", done, methods=["POST"]) for action in actions),
            ]
        )

    def bodies(self, ending: str) -> list[Any]:
        """What was sent to paths with this end."""
        return [one.body for one in self.asked if one.path.endswith(ending)]

    def _answering(self, handler: Callable[[Request, Any], Response]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            raw, content = request.scope["raw_path"].decode(), await request.body()
            body, query = json.loads(content) if content else None, parse_qs(request.url.query)
            self.asked.append(Asked(request.method, raw, query, dict(request.headers), body))
            if self.answers:
                answer = self.answers.pop(0)
                return answer if isinstance(answer, Response) else answer()
            return self._refused(request, query) or handler(request, body)

        return endpoint

    def _refused(self, request: Request, query: dict[str, list[str]]) -> Response | None:
        if query.get("api_key") != [API_KEY]:
            return refusal(2, 401)
        if request.headers.get("stream-auth-type") != "jwt":
            return refusal(5, 401)
        try:
            claims = jwt.decode(request.headers["authorization"], API_SECRET, ["HS256"])
        except jwt.ExpiredSignatureError:
            return refusal(40, 401)
        except jwt.ImmatureSignatureError:
            return refusal(42, 401)
        except (KeyError, jwt.PyJWTError):
            return refusal(43, 401)
        return None if claims.get("server") is True else refusal(5, 401)

    def _app(self, request: Request, body: Any) -> Response:
        return refusal(17, 403) if self.hooks is None else JSONResponse({"app": {"event_hooks": self.hooks}})

    def _query(self, request: Request, body: Any) -> Response:
        begin = int(body.get("next") or 0)
        found = [{"call": one, "members": [], "own_capabilities": self.own} for one in self.calls.values()]
        end = begin + min(self.page, body["limit"])
        more = {"next": str(end)} if end < len(found) else {"next": None}
        return JSONResponse({"calls": found[begin:end], "duration": "1ms", **more}, 201)

    def _known(self, request: Request) -> dict[str, Any] | None:
        return self.calls.get(f"{request.path_params['type']}:{request.path_params['id']}")

    def _get(self, request: Request, body: Any) -> Response:
        found = self._known(request)
        if found and self.late:
            self.late -= 1
        elif found:
            found["session"] = self.timed.pop(found["cid"], found["session"])
        return JSONResponse({"call": found, "own_capabilities": self.own}) if found else refusal(16, 404)

    def _update(self, request: Request, body: Any) -> Response:
        found = self._known(request)
        if found is None:
            return refusal(16, 404)
        limit_s = body["settings_override"]["limits"]["max_duration_seconds"]
        found["settings"]["limits"]["max_duration_seconds"] = limit_s
        if session := found["session"]:
            timer_ends_at = session["started_at"] + (ns(limit_s * 1000) or 0) if limit_s else None
            self.timed[found["cid"]] = {**session, "timer_ends_at": timer_ends_at}
        return JSONResponse({"call": found})

    def _participants(self, request: Request, body: Any) -> Response:
        found = self._known(request)
        if found is None:
            return refusal(16, 404)
        if found["cid"] in self.odd:
            return refusal(4, 400)
        people = found.get("everybody") or found["session"]["participants"]
        if wanted := body["filter_conditions"].get("published_tracks"):
            publishing = self.tracks.get(wanted["$eq"], set())
            people = [one for one in people if one["user_session_id"] in publishing]
        shown = people[: self.page_of_people]
        return JSONResponse({"call": found, "participants": shown, "total_participants": len(people)}, 201)


@contextlib.asynccontextmanager
async def serving(cloud: Cloud) -> AsyncIterator[Cloud]:
    """On a real port of this machine."""
    async with served(cloud.app(), lifespan="off") as cloud.url:
        yield cloud
