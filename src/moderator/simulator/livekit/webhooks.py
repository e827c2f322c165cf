"""What the server does when something happens in the world, and what it posts about it.

A second connection of the same identity replaces the first. An agent and a recorder come with the first person of some
rooms and stay to the end. The sending is in `delivery`.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from moderator.simulator.livekit.descriptions import (
    describe_companion,
    describe_participant,
    describe_room,
    describe_track,
    participant_sid,
)
from moderator.simulator.livekit.message_json import webhook_json
from moderator.simulator.livekit.messages import WEBHOOK_EVENT, Values
from moderator.simulator.livekit.server import Companion, LiveRoom, Server, companions_of, sid
from moderator.simulator.world import Change, ChangeKind, Connection, Ending, Stream, World

REASONS: Final[dict[Ending, str]] = {
    "left": "CLIENT_INITIATED",
    "lost": "CONNECTION_TIMEOUT",
    "removed": "PARTICIPANT_REMOVED",
    "ended": "ROOM_DELETED",
    "replaced": "DUPLICATE_IDENTITY",
}

Send = Callable[[str, bytes], None]
"""Takes the room's name and a webhook's body."""


class Webhooks:
    """Hears of every change in the world, keeps the server's picture, and posts."""

    def __init__(self, server: Server, world: World, send: Send, company: float) -> None:
        """`company` is the probability of an agent, and of a recorder, in a room."""
        self._server, self._world, self._send, self._company = server, world, send, company
        self._hear: dict[ChangeKind, Callable[[Change], None]] = {
            "opened": self._opened,
            "joined": self._joined,
            "published": self._track,
            "unpublished": self._track,
            "left": self._left,
            "closed": self._closed,
        }
        world.listeners.append(lambda change: self._hear[change.kind](change))

    def started(self, name: str, now: int, metadata: str = "") -> LiveRoom:
        """A room begins, perhaps before anybody comes."""
        live = self._server.start(name, now)
        live.metadata = metadata
        self._post("room_started", live, now)
        return live

    def finished(self, live: LiveRoom, now: int) -> None:
        """A room ends, and with it those in it who are no people."""
        for one in list(live.companions.values()):
            self.companion_left(live, one, "ROOM_DELETED" if live.is_deleted else "ROOM_CLOSED", now)
        self._post("room_finished", live, now)
        del self._server.rooms[live.name]

    def companion_left(self, live: LiveRoom, one: Companion, reason: str, now: int) -> None:
        """An agent or a recorder goes."""
        del live.companions[one.identity]
        self._post("participant_left", live, now, participant=_gone(describe_companion(one), reason))

    # --- changes ----------------------------------------------------------------------------------------------------

    def _opened(self, change: Change) -> None:
        if change.room.id not in self._server.rooms:
            self.started(change.room.id, change.at)

    def _joined(self, change: Change) -> None:
        new, live = _connection(change), self._server.rooms[change.room.id]
        is_first = len(change.room.connections) == 1 and not live.companions
        for old in list(change.room.connections.values()):
            if old.id != new.id and old.person.user == new.person.user:
                self._world.leave(old.id, change.at, "replaced")
        standing = self._server.admit(new)
        self._post("participant_joined", live, change.at, participant=describe_participant(new, standing))
        for one in companions_of(live, self._company, change.at) if is_first else ():
            live.companions[one.identity] = one
            self._post("participant_joined", live, change.at, participant=describe_companion(one))

    def _track(self, change: Change) -> None:
        one, stream, live = _connection(change), _stream(change), self._server.rooms[change.room.id]
        # The platform says no more than this of the room and the participant.
        who = {"sid": participant_sid(one), "identity": one.person.user}
        what = {"room": {"sid": live.sid, "name": live.name}, "participant": who, "track": describe_track(stream)}
        self._post(f"track_{change.kind}", live, change.at, **what)

    def _left(self, change: Change) -> None:
        one, live = _connection(change), self._server.rooms[change.room.id]
        # What was taken from somebody was taken from this connection only.
        change.room.withheld.pop(one.person.user, None)
        described = describe_participant(one, self._server.standings.pop(one.id))
        reason = REASONS.get(change.ending or "left", "CLIENT_INITIATED")
        self._post("participant_left", live, change.at, participant=_gone(described, reason))

    def _closed(self, change: Change) -> None:
        self.finished(self._server.rooms[change.room.id], change.at)

    def _post(self, event: str, live: LiveRoom, now: int, **more: Values) -> None:
        live.told += 1
        body: Values = {"event": event, "room": describe_room(live, self._world.rooms.get(live.name)), **more}
        body |= {"id": sid("EV_", live.sid, str(live.told)), "created_at": now // 1000}
        self._send(live.name, msgspec.json.encode(webhook_json(body, WEBHOOK_EVENT)))


def _gone(participant: Values, reason: str) -> Values:
    return participant | {"state": "DISCONNECTED", "disconnect_reason": reason, "tracks": []}


def _connection(change: Change) -> Connection:
    assert change.connection is not None
    return change.connection


def _stream(change: Change) -> Stream:
    assert change.stream is not None
    return change.stream
