"""LiveKit's RoomService as far as the tests need it: it checks tokens, keeps who is where, and can be told to fail.

The official library judges: tokens by its verifier, requests and answers by the protocol's own messages.
"""

import contextlib
import datetime
from collections.abc import AsyncIterator, Callable
from typing import Any

import jwt
from google.protobuf import json_format
from livekit.api import TokenVerifier, VideoGrants
from livekit.protocol import models
from livekit.protocol import room as rooms
from msgspec import Struct, field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.fakes.serving import served
from tests.providers.livekit.made import API_KEY, API_SECRET, BEGIN

Answer = Response | Callable[[], Response]
NOT_FOUND = {"code": "not_found", "msg": "participant does not exist"}


class Asked(Struct):
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    """The protocol's message."""
    grants: VideoGrants | None


class LiveKit(Struct, dict=True):
    """`rooms` says who is in: room to identity to participant. `answers` come first, one by one."""

    rooms: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    only: dict[str, Answer] = field(default_factory=dict)
    """Answers to one method, always."""
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/twirp/livekit.RoomService/{method}", self._answer, methods=["POST"])])

    def join(self, room: str, identity: str, **members: Any) -> Any:
        """Somebody comes in; the official message, to be changed at will."""
        found = models.ParticipantInfo(sid=f"PA_{identity}", identity=identity, name=identity.title(), **members)
        found.joined_at, found.joined_at_ms = BEGIN // 1000, BEGIN + 207
        found.state = found.state or models.ParticipantInfo.ACTIVE
        for flag in ("can_subscribe", "can_publish", "can_publish_data"):
            setattr(found.permission, flag, True)
        self.rooms.setdefault(room, {})[identity] = found
        return found

    def methods(self) -> list[str]:
        return [one.method for one in self.asked]

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"]
        grants, refusal = self._grants(request)
        kind = getattr(rooms, _REQUESTS[method])
        body = json_format.Parse(await request.body(), kind())
        raw = request.scope["raw_path"].decode()
        self.asked.append(Asked(method, raw, dict(request.headers), body, grants))
        answer = self.answers.pop(0) if self.answers else self.only.get(method)
        if answer is not None:
            return answer if isinstance(answer, Response) else answer()
        if refusal is not None:
            return refusal
        assert grants is not None
        if not _is_enough(method, grants, body):
            return JSONResponse({"code": "unauthenticated", "msg": "permissions denied"}, 401)
        return self._do(method, body)

    def _grants(self, request: Request) -> tuple[VideoGrants | None, Response | None]:
        token = request.headers["authorization"].removeprefix("Bearer ")
        try:
            claims = TokenVerifier(API_KEY, API_SECRET, leeway=datetime.timedelta(minutes=1)).verify(token)
        except jwt.PyJWTError as error:
            return None, PlainTextResponse(f"invalid token: {token}, error: {error}", 401)
        return claims.video, None

    def _do(self, method: str, body: Any) -> Response:
        people = self.rooms.get(getattr(body, "room", ""), {})
        if method == "ListRooms":
            return _written(rooms.ListRoomsResponse(rooms=[models.Room(name=name) for name in self.rooms]))
        if method == "ListParticipants":
            return _written(rooms.ListParticipantsResponse(participants=people.values()))
        if method == "SendData":
            return _written(rooms.SendDataResponse())
        if method == "DeleteRoom":
            gone = self.rooms.pop(body.room, None) is None
            return JSONResponse(NOT_FOUND, 404) if gone else _written(rooms.DeleteRoomResponse())
        found = people.get(body.identity)
        return JSONResponse(NOT_FOUND, 404) if found is None else self._do_to(method, body, found)

    def _do_to(self, method: str, body: Any, found: Any) -> Response:
        if method == "RemoveParticipant":
            del self.rooms[body.room][body.identity]
            return _written(rooms.RemoveParticipantResponse())
        if method == "UpdateParticipant":
            found.permission.CopyFrom(body.permission)
        if method != "MutePublishedTrack":
            return _written(found)
        track = next((one for one in found.tracks if one.sid == body.track_sid), None)
        if track is None:
            return JSONResponse({"track": None})
        track.muted = body.muted
        return _written(rooms.MuteRoomTrackResponse(track=track))


_REQUESTS = {
    "ListRooms": "ListRoomsRequest",
    "ListParticipants": "ListParticipantsRequest",
    "GetParticipant": "RoomParticipantIdentity",
    "RemoveParticipant": "RoomParticipantIdentity",
    "MutePublishedTrack": "MuteRoomTrackRequest",
    "UpdateParticipant": "UpdateParticipantRequest",
    "SendData": "SendDataRequest",
    "DeleteRoom": "DeleteRoomRequest",
}


def _is_enough(method: str, grants: VideoGrants, body: Any) -> bool:
    """Whether the token may do exactly this, and no more."""
    if method == "ListRooms":
        return bool(grants.room_list) and not (grants.room_admin or grants.room_create)
    if method == "DeleteRoom":
        return bool(grants.room_create) and not (grants.room_admin or grants.room_list)
    return bool(grants.room_admin) and grants.room == body.room and not (grants.room_list or grants.room_create)


def _written(message: Any) -> Response:
    """As the server writes it: snake_case, every default present."""
    members = json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return JSONResponse(members)


@contextlib.asynccontextmanager
async def serving(server: LiveKit) -> AsyncIterator[LiveKit]:
    """On a real port of this machine."""
    async with served(server.app(), lifespan="off") as server.url:
        yield server
