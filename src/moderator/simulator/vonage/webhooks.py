"""What the platform posts about each change: the session-monitoring payloads, and how identity is written into them.

Pure; the signature is in `accounts`, the sending in `platform`.
"""

from collections.abc import Callable
from typing import Any, Final, Literal
from urllib.parse import urlencode

import msgspec

from moderator.simulator.world import Change, Connection, Person, Room, Stream

Identity = Literal["json", "query", "text"]

REPORTED_AFTER_MS: Final = {"opened": 150, "joined": 166, "published": 155}
"""The platform notices a little later than it happened; `createdAt` is when it happened."""

EVENTS: Final = {
    "opened": "sessionCreated",
    "closed": "sessionDestroyed",
    "joined": "connectionCreated",
    "left": "connectionDestroyed",
    "published": "streamCreated",
    "unpublished": "streamDestroyed",
}
REASONS: Final = {
    "left": "clientDisconnected",
    "lost": "networkDisconnected",
    "removed": "forceDisconnected",
    "stopped": "mediaStopped",
    "ended": "forceDisconnected",
    "replaced": "clientDisconnected",
}
IDENTITIES: Final[dict[Identity, Callable[[dict[str, str]], str]]] = {
    "json": lambda fields: msgspec.json.encode(fields).decode(),
    "query": urlencode,
    "text": lambda fields: fields["name"],
}


def payload(change: Change, project: str, identity: Identity) -> dict[str, Any]:
    """The body that reports a change."""
    body: dict[str, Any] = {"sessionId": change.room.id, "projectId": project, "event": EVENTS[change.kind]}
    if change.ending:
        body["reason"] = REASONS[change.ending]
    body["timestamp"] = change.at + REPORTED_AFTER_MS.get(change.kind, 0)
    if change.connection:
        connection = _connection(change.connection, change.room, identity)
        body |= {"stream": _stream(change.stream, connection)} if change.stream else {"connection": connection}
    return body


def connection_data(person: Person, room: Room, identity: Identity) -> str:
    """What the application put into the token of this person."""
    if person.data is not None:
        return person.data
    fields = {"userId": person.user, "name": person.name, "role": person.role}
    return IDENTITIES[identity](fields | ({"room": room.name} if room.name else {}))


def _connection(connection: Connection, room: Room, identity: Identity) -> dict[str, Any]:
    data = connection_data(connection.person, room, identity)
    return {"id": connection.id, "createdAt": connection.joined_at, "data": data}


def _stream(stream: Stream, connection: dict[str, Any]) -> dict[str, Any]:
    body = {"id": stream.id, "connection": connection, "createdAt": stream.published_at, "name": stream.name}
    # The platform says nothing of the kind when there is no picture.
    return body if stream.kind == "microphone" else body | {"videoType": stream.kind}
