"""The REST calls that a moderation client makes, with the answers and errors of the real platform."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

import msgspec
from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from moderator.simulator.cloud import Cloud
from moderator.simulator.vonage.accounts import Account, Refused
from moderator.simulator.world import Connection, Gone, Room, Signal, Stream

LONGEST_TYPE: Final = 128
LONGEST_DATA: Final = 8192
UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SESSION_OPTIONS: Final = {
    "archiveMode": ("manual", "always"),
    "p2p.preference": ("enabled", "disabled", "always"),
    "e2ee": ("true", "false", "True", "False"),
}
SESSION: Final = "/v2/project/{project}/session/{session}"

Handler = Callable[[Room, Request], Awaitable[Response]]
Body = TypeVar("Body", bound=Struct)


class SignalBody(Struct, frozen=True):
    """`type` and `data` as the clients receive them."""

    type: str = ""
    data: str = ""


class MuteBody(Struct, frozen=True):
    """Whether the room is mute from now on, and who is not."""

    active: bool
    excludedStreamIds: list[str] | None = None  # noqa: N815 -- the platform's spelling


class RestApi:
    """Answers for one cloud."""

    def __init__(self, account: Account, cloud: Cloud) -> None:
        self._account, self._cloud, self._world = account, cloud, cloud.world
        table: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "/connection", self._list_connections),
            ("DELETE", "/connection/{connection}", self._disconnect),
            ("POST", "/connection/{connection}/signal", self._signal),
            ("POST", "/signal", self._signal),
            ("GET", "/stream", self._list_streams),
            ("GET", "/stream/{stream}", self._get_stream),
            ("POST", "/stream/{stream}/mute", self._mute_stream),
            ("POST", "/mute", self._mute),
        )
        routes = [Route(SESSION + path, self._in_session(handler), methods=[method]) for method, path, handler in table]
        routes.append(Route("/session/create", self._create, methods=["POST"]))
        self.app = Starlette(routes=routes, exception_handlers={Refused: _refused, Gone: _gone})

    def _in_session(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            self._authorize(request)
            if request.path_params["project"] != self._account.project:
                raise Refused(403, "Forbidden", -1)
            session_id = request.path_params["session"]
            if not self._account.owns(session_id):
                raise Refused(400, "Invalid session ID", -1)
            return await handler(self._world.room(session_id), request)

        return endpoint

    def _authorize(self, request: Request) -> None:
        self._account.authorize(request.headers, self._cloud.now())

    # --- sessions ---------------------------------------------------------------------------------------------------

    async def _create(self, request: Request) -> Response:
        self._authorize(request)
        form = parse_qs((await request.body()).decode(errors="replace"))
        for name, allowed in SESSION_OPTIONS.items():
            if form.get(name, [allowed[0]])[0] not in allowed:
                raise Refused(400, f"Invalid {name}", -1)
        room = self._world.create("", self._cloud.now())
        if self._account.environment == "opentok" and "json" not in request.headers.get("accept", ""):
            return Response(_session_xml(room, self._account.project), media_type="text/xml")
        return JSONResponse([_session(room, self._account.project)])

    # --- connections ------------------------------------------------------------------------------------------------

    async def _list_connections(self, room: Room, request: Request) -> Response:
        items = [
            {"connectionId": one.id, "connectionState": "Connected", "createdAt": one.joined_at}
            for one in room.connections.values()
        ]
        project = "applicationId" if self._account.environment == "vonage" else "projectId"
        listing = {"count": len(items), project: self._account.project, "sessionId": room.id, "items": items}
        return JSONResponse(listing)

    async def _disconnect(self, room: Room, request: Request) -> Response:
        self._cloud.remove(_connection(room, request).id)
        return Response(status_code=204)

    # --- streams ----------------------------------------------------------------------------------------------------

    async def _list_streams(self, room: Room, request: Request) -> Response:
        if not room.has_had_streams:
            raise Refused(404, "The session exists but has not had any streams added to it yet.")
        items = [_stream(stream) for stream in room.streams()]
        return JSONResponse({"count": len(items), "items": items})

    async def _get_stream(self, room: Room, request: Request) -> Response:
        return JSONResponse(_stream(_published(room, request, Refused(408, "Invalid stream ID"))))

    async def _mute_stream(self, room: Room, request: Request) -> Response:
        _published(room, request, Refused(404, "Stream not found", -1)).muted = True
        return self._project()

    async def _mute(self, room: Room, request: Request) -> Response:
        body = _body(await request.body(), MuteBody)
        room.is_muted = body.active
        if body.active:
            for stream in room.streams():
                stream.muted = stream.muted or stream.id not in (body.excludedStreamIds or [])
        return self._project()

    def _project(self) -> Response:
        name = "applicationId" if self._account.environment == "vonage" else "id"
        project: dict[str, Any] = {name: self._account.project, "status": "ACTIVE", "name": "Simulated"}
        return JSONResponse(project | {"environment": "standard", "createdAt": 1_414_642_898_000})

    # --- signals ----------------------------------------------------------------------------------------------------

    async def _signal(self, room: Room, request: Request) -> Response:
        body = _body(await request.body(), SignalBody)
        if len(body.type.encode()) > LONGEST_TYPE or len(body.data.encode()) > LONGEST_DATA:
            raise Refused(413, "The type or the data is too long", -1)
        to = _connection(room, request).id if "connection" in request.path_params else None
        if not room.connections:
            raise Refused(404, "No clients are connected to the session", -1)
        room.signals.append(Signal(self._cloud.now(), body.type, body.data, to))
        return Response(status_code=204)


def _connection(room: Room, request: Request) -> Connection:
    connection_id = request.path_params["connection"]
    if not UUID.fullmatch(connection_id):
        raise Refused(400, "Invalid connection ID", -1)
    if connection := room.connections.get(connection_id):
        return connection
    raise Refused(404, "The client is not connected to the session", -1)


def _published(room: Room, request: Request, otherwise: Refused) -> Stream:
    for stream in room.streams():
        if stream.id == request.path_params["stream"]:
            return stream
    raise otherwise


def _body(raw: bytes, kind: type[Body]) -> Body:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused(400, "Invalid request", -1) from None


def _stream(stream: Stream) -> dict[str, Any]:
    body = {"id": stream.id, "name": stream.name, "layoutClassList": []}
    return body if stream.kind == "microphone" else body | {"videoType": stream.kind}


def _session(room: Room, project: str) -> dict[str, Any]:
    created = datetime.fromtimestamp(room.created_at / 1000, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    body: dict[str, Any] = {"session_id": room.id, "project_id": project, "partner_id": project, "create_dt": created}
    return body | {"session_status": None, "status_invalid": None, "media_server_hostname": None}


def _session_xml(room: Room, project: str) -> str:
    fields = {name: value for name, value in _session(room, project).items() if value is not None}
    inner = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in fields.items())
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<sessions><Session>{inner}</Session></sessions>"


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    # The platform's own bodies differ as much.
    body: dict[str, Any] = {"message": error.message}
    if error.code is not None:
        body = {"code": error.code, "message": error.message, "description": error.message}
    return JSONResponse(body, error.status)


async def _gone(request: Request, error: Exception) -> Response:
    return await _refused(request, Refused(404, "Session not found", -1))
