"""What an event of session monitoring says, as facts. Pure, and knows nothing of deliveries or HTTP.

A connection is never taken up again once it was destroyed; the session it is in may be. Whatever names a connection
proves that it was there since its `createdAt`, and says so in the same words, so that it is told once.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct, field

from moderator.domain.events import (
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    StreamPublished,
    StreamUnpublished,
)
from moderator.domain.kinds import Data, StreamKind
from moderator.domain.presence import EVERYBODY
from moderator.providers.identity import MAX_NAME, Identity, read_person
from moderator.providers.reporting import NotUnderstoodError

MAX_DATA: Final = 4_096
"""Vonage allows 1,000 characters; more than this nobody would want to see."""
SECONDS_BELOW: Final = 100_000_000_000
"""A time below this is one in seconds: as milliseconds it would be in 1973."""
LATEST_MS: Final = 2**53
_KINDS: Final[Mapping[str, StreamKind]] = {"camera": "camera", "screen": "screen", "custom": "custom"}
PHONE: Final = "Phone call"
T = TypeVar("T")


Time = int | float | str | None


class Connection(Struct, frozen=True, rename="camel"):
    """A participant. Only `id` is always there."""

    id: str
    created_at: Time = None
    data: Any = None

    @property
    def text(self) -> str:
        """What the application gave with the token; empty in many events about somebody who has some."""
        if isinstance(self.data, str):
            return self.data
        return msgspec.json.encode(self.data).decode() if self.data else ""


class Stream(Struct, frozen=True, rename="camel"):
    """A published medium."""

    id: str
    connection: Connection
    created_at: Time = None
    name: str | None = None
    video_type: str | None = None

    @property
    def kind(self) -> StreamKind:
        """Without video there is no type."""
        return _KINDS.get(self.video_type, "custom") if self.video_type else "microphone"


class Call(Struct, frozen=True, rename="camel"):
    """Somebody on the phone (SIP): a connection like any other, beside it."""

    id: str
    connection_id: str
    created_at: Time = None


class Body(Struct, frozen=True, rename="camel"):
    """The union of what events hold; which members are there depends on `event`."""

    session_id: str
    event: str
    timestamp: Time = None
    reason: str | None = None
    connection: Connection | None = None
    stream: Stream | None = None
    call: Call | None = None
    reason_code: str | int | None = field(default=None, name="reason_code")
    reason_message: str | None = field(default=None, name="reason_message")


class Told(Struct, frozen=True):
    """A fact and its time, by the platform's clock."""

    at: int
    data: Data


class Reading(Struct, frozen=True):
    """One event, being read."""

    body: Body
    at: int
    identity: Identity | None

    def connection(self) -> Connection:
        return _there(self.body.connection, "connection")

    def stream(self) -> Stream:
        return _there(self.body.stream, "stream")

    def call(self) -> Call:
        return _there(self.body.call, "call")


def facts_of(body: Body, identity: Identity | None) -> list[Told] | None:
    """The facts in one event; None when there is none for it. Raises NotUnderstoodError when it makes no sense."""
    reader = _READERS.get(body.event)
    if reader is None:
        return None
    if not body.session_id:
        raise NotUnderstoodError("no session is named")
    return reader(Reading(body, moment_ms(body.timestamp, None), identity))


def moment_ms(value: float | str | None, otherwise: int | None) -> int:
    """A time of the platform's, in milliseconds; it may come as text, or in seconds. Raises NotUnderstoodError."""
    if value is None and otherwise is not None:
        return otherwise
    try:
        number = float(value or 0)
        milliseconds = round(number if number >= SECONDS_BELOW else number * 1000)
    except (ValueError, OverflowError) as error:
        raise NotUnderstoodError("a time that is none") from error
    if not 0 < milliseconds <= LATEST_MS:
        raise NotUnderstoodError("no time, or one that cannot be")
    return milliseconds


# --- readers -------------------------------------------------------------------------------------------------------


def _connected(reading: Reading) -> list[Told]:
    connection = reading.connection()
    return [Told(moment_ms(connection.created_at, reading.at), _join(connection, reading.identity))]


def _disconnected(reading: Reading) -> list[Told]:
    connection, reason = reading.connection(), reading.body.reason or ""
    left = ParticipantLeft(participant=connection.id, reason=reason[:MAX_NAME], forced=reason == "forceDisconnected")
    return [*_presence(connection, reading.identity), Told(reading.at, left)]


def _published(reading: Reading) -> list[Told]:
    stream = reading.stream()
    data = StreamPublished(
        participant=stream.connection.id, stream=stream.id, kind=stream.kind, name=(stream.name or "")[:MAX_NAME]
    )
    since = moment_ms(stream.created_at, reading.at)
    return [*_presence(stream.connection, reading.identity), Told(since, data)]


def _unpublished(reading: Reading) -> list[Told]:
    stream, reason = reading.stream(), (reading.body.reason or "")[:MAX_NAME]
    data = StreamUnpublished(participant=stream.connection.id, stream=stream.id, reason=reason)
    return [*_presence(stream.connection, reading.identity), Told(reading.at, data)]


def _session_destroyed(reading: Reading) -> list[Told]:
    """Nobody is in it any more, but it can be used again at once, and is after a rotation of servers: no end yet."""
    return [Told(reading.at, ParticipantLeft(participant=EVERYBODY, reason=(reading.body.reason or "")[:MAX_NAME]))]


def _session_created(reading: Reading) -> list[Told]:
    """The first connection says the same, and a session without any is nothing to moderate."""
    return []


def _called(reading: Reading) -> list[Told]:
    """A phone has no name of its own, and often no data."""
    call = reading.call()
    seen = ParticipantUpdated(participant=call.connection_id, name=PHONE)
    return [Told(moment_ms(call.created_at, reading.at), seen)]


def _hung_up(reading: Reading) -> list[Told]:
    code, words = reading.body.reason_code or "", reading.body.reason_message or ""
    left = ParticipantLeft(participant=reading.call().connection_id, reason=f"{code} {words}".strip()[:MAX_NAME])
    return [*_called(reading), Told(reading.at, left)]


_READERS: Final[dict[str, Callable[[Reading], list[Told]]]] = {
    "connectionCreated": _connected,
    "connectionDestroyed": _disconnected,
    "streamCreated": _published,
    "streamDestroyed": _unpublished,
    "sessionCreated": _session_created,
    "sessionDestroyed": _session_destroyed,
    "callCreated": _called,
    "callDestroyed": _hung_up,
}


def _join(connection: Connection, identity: Identity | None) -> ParticipantJoined:
    person = read_person(connection.text, identity)
    return ParticipantJoined(
        participant=_named(connection),
        user=person.user,
        name=person.name,
        role=person.role,
        room_name=person.room,
        data=connection.text[:MAX_DATA],
    )


def _presence(connection: Connection, identity: Identity | None) -> list[Told]:
    """That a connection was there, said by something else about it. Its data is often left out then."""
    _named(connection)
    if connection.created_at is None:
        return []
    at = moment_ms(connection.created_at, None)
    if connection.text:
        return [Told(at, _join(connection, identity))]
    return [Told(at, ParticipantUpdated(participant=connection.id))]


def _named(connection: Connection) -> str:
    if not connection.id or connection.id == EVERYBODY:
        raise NotUnderstoodError("nobody is named")
    return connection.id


def _there(value: T | None, what: str) -> T:
    if value is None:
        raise NotUnderstoodError(f"no {what} is named")
    return value
