"""What routes have in common: the room that is meant, the body, who asks, and an id that makes a repeated request
known.
"""

import asyncio
import uuid
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from moderator.domain.events import Actor
from moderator.domain.ids import EventId, RoomId, RoomKey, SourceName, derive_event_id
from moderator.domain.room_states import RoomState
from moderator.domain.rooms import Participant, Room
from moderator.feed.paths import BadId, unquote_id
from moderator.gateway.access.authorization import Authorization
from moderator.gateway.access.tokens import Access
from moderator.gateway.ledger import Ledger
from moderator.gateway.problems import Problem

MAX_BODY_BYTES: Final = 64 * 1024
BODY_TIMEOUT_S: Final = 10.0
MAX_KEY_LENGTH: Final = 200
MAX_TEXT: Final = 1_000
T = TypeVar("T", bound=Struct)


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a route takes. Unknown members are refused, so that a misspelt one is not silently ignored."""


class Nothing(Body, frozen=True, kw_only=True):
    """A body without members, or none."""


class Call:
    """One authorised request."""

    def __init__(self, request: Request, access: Access, authorization: Authorization, ledger: Ledger) -> None:
        self.request = request
        self.access = access
        self._authorization = authorization
        self._ledger = ledger

    @property
    def actor(self) -> Actor:
        """Who asks, for the log."""
        return Actor("moderator", self.access.subject, self.access.name)

    def path_id(self, name: str) -> str:
        """An id out of the path. Raises Problem 404 for what is no id."""
        try:
            return unquote_id(self.request.path_params[name])
        except BadId as error:
            raise Problem(404, "bad_id", str(error)) from error

    def key(self) -> RoomKey:
        """The room that the path names, whether or not it is known. Raises Problem 404."""
        return RoomKey(SourceName(self.path_id("source")), RoomId(self.path_id("room")))

    def room(self) -> Room:
        """The room that the path names. Raises Problem 404, also for one that the token may not see."""
        key = self.key()
        room = self._ledger.room(key)
        if room is None:
            raise _unknown_room()
        self.must_see(key.source, key.room, room.name)
        return room

    def known_room(self) -> RoomState:
        """As `room`, also one that has nothing to show any more, such as one of which only blocks are left."""
        key = self.key()
        room = self._ledger.state.rooms.get(key)
        if room is None:
            raise _unknown_room()
        self.must_see(key.source, key.room, self._ledger.state.name_of(key))
        return room

    def must_see(self, source: str, room: str, name: str) -> None:
        """Raises Problem 404 for a room, known or not, that is outside the token's patterns."""
        if not self.access.sees_room(source, room, name):
            raise self._authorization.outside_patterns(self.access, f"{source}/{name}")

    def live_room(self) -> Room:
        """As `room`, for commands: they address the current instance. Raises Problem 409 when it has ended."""
        room = self.room()
        if room.state == "ended":
            raise Problem(409, "room_ended", "the room has ended")
        return room

    def participant(self, room: Room) -> Participant:
        """The participant that the path names. Raises Problem 404."""
        found = room.participant(self.path_id("participant"))
        if found is None:
            raise Problem(
                404, "unknown_participant", "there is no such participant in the current instance of the room"
            )
        return found

    async def body(self, type_: type[T]) -> T:
        """The JSON body. Raises Problem 408, 413 or 422."""
        raw = await read_body(self.request)
        try:
            return msgspec.json.decode(raw or b"{}", type=type_)
        except msgspec.ValidationError as error:
            raise Problem(422, "invalid_body", str(error)) from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Problem(422, "invalid_json", "the body is not JSON") from error

    def event_id(self, *slot: object) -> EventId:
        """The id of the event that this request causes: the same for a repeat with the same Idempotency-Key."""
        key = self.request.headers.get("idempotency-key", "")
        if len(key) > MAX_KEY_LENGTH:
            raise Problem(422, "invalid_key", f"an Idempotency-Key may have {MAX_KEY_LENGTH} characters at most")
        return derive_event_id(
            self.access.subject, self.request.method, self.request.scope["path"], key or uuid.uuid4(), *slot
        )


def _unknown_room() -> Problem:
    return Problem(404, "unknown_room", "there is no such room, or your token may not see it")


async def read_body(request: Request) -> bytes:
    """The whole body. Raises Problem 400, 408 or 413 for one that breaks off, or is too slow or too large."""
    raw = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for chunk in request.stream():
                raw += chunk
                if len(raw) > MAX_BODY_BYTES:
                    raise Problem(413, "too_large", f"a request may have {MAX_BODY_BYTES} bytes at most")
    except TimeoutError as error:
        raise Problem(408, "too_slow", f"the body did not come within {BODY_TIMEOUT_S:.0f} s") from error
    except ClientDisconnect as error:
        raise Problem(400, "incomplete", "the request ended before its body was complete") from error
    return bytes(raw)


def json_response(content: Any, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(msgspec.json.encode(content), status, media_type="application/json")
