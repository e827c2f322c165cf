"""The simulated world: which rooms there are, who is connected, and what each connection publishes.

Pure and seeded: times are milliseconds since the epoch and always given, nothing is read or sent. What people do by
themselves is in `life`; how a platform tells it, in the platform's package.
"""

import heapq
import random
import uuid
from collections.abc import Callable
from itertools import count
from typing import Final, Literal

from msgspec import Struct, field

FORGOTTEN_AFTER_S: Final = 3600
"""A room that has been closed for so long is gone for good, at speed 1."""

ChangeKind = Literal["opened", "closed", "joined", "left", "published", "unpublished"]
StreamKind = Literal["camera", "screen", "custom", "microphone"]
Ending = Literal["left", "lost", "removed", "stopped", "ended", "replaced"]
"""By themselves; the network broke; a moderator; only this medium was switched off; the room was ended; the same person
connected again where only one connection is allowed.
"""


class Gone(LookupError):
    """No such room, or what was asked for is not (or no longer) in it."""


class TurnedAway(Exception):
    """The room does not let this person in, or not with this medium."""


class Person(Struct, frozen=True):
    """Who the application says this is. `data` replaces what it would normally put into the connection."""

    user: str
    name: str
    role: str
    data: str | None = None


class Stream(Struct):
    """One published medium."""

    id: str
    kind: StreamKind
    name: str
    published_at: int
    muted: bool = False


class Connection(Struct):
    """One client of one person; a second tab is a second connection."""

    id: str
    person: Person
    joined_at: int
    streams: dict[str, Stream] = field(default_factory=dict)


class Signal(Struct, frozen=True):
    """A message that was sent to a room, or to one connection of it."""

    at: int
    type: str
    data: str
    connection: str | None


class Room(Struct):
    """Where people meet. `name` is the application's; the platform addresses the room by `id`."""

    id: str
    name: str
    created_at: int
    ends_at: int | None = None
    """When the people in it mean to end; nobody is obliged to."""
    empty_since: int | None = None
    """When the last one left; None before anybody came and while somebody is there."""
    is_open: bool = False
    is_over: bool = False
    """Ended for good: nobody comes in any more."""
    is_muted: bool = False
    has_had_streams: bool = False
    connections: dict[str, Connection] = field(default_factory=dict)
    signals: list[Signal] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    """Users who are not let in."""
    withheld: dict[str, set[StreamKind]] = field(default_factory=dict)
    """What users may not publish."""

    def streams(self) -> list[Stream]:
        """Everything that is published in it."""
        return [stream for connection in self.connections.values() for stream in connection.streams.values()]


class Change(Struct, frozen=True):
    """What happened, as it is told to the listeners."""

    kind: ChangeKind
    at: int
    room: Room
    connection: Connection | None = None
    stream: Stream | None = None
    ending: Ending | None = None


Listener = Callable[[Change], None]
Action = Callable[[int], None]
"""Called with the time for which it was put on the agenda."""
MakeRoomId = Callable[[str, int, str], str]
"""Gives a room its id in the platform's format, from its name, its time of creation and a random text."""


class World:
    """The rooms, and an agenda of what happens in them later."""

    def __init__(
        self, rng: random.Random, make_room_id: MakeRoomId, speed: float = 1, closes_after_s: float = 60
    ) -> None:
        """An empty room is closed after `closes_after_s`, at speed 1. It opens again when somebody joins."""
        self.rooms: dict[str, Room] = {}
        self.listeners: list[Listener] = []
        self.agenda_changed: Callable[[], None] = lambda: None
        self._rng = rng
        self._make_room_id = make_room_id
        self._closes_after_ms = round(closes_after_s * 1000 / speed)
        self._forgotten_after_ms = round(FORGOTTEN_AFTER_S * 1000 / speed)
        self._rooms_of: dict[str, Room] = {}
        """Where each connection is, by its id."""
        self._publishers: dict[str, str] = {}
        """Whose each stream is: the connection's id by the stream's."""
        self._agenda: list[tuple[int, int, Action]] = []
        self._order = count()

    # --- time -------------------------------------------------------------------------------------------------------

    @property
    def next_at(self) -> int | None:
        """When the next thing on the agenda happens."""
        return self._agenda[0][0] if self._agenda else None

    def when(self, at: int, action: Action) -> None:
        """Put an action on the agenda."""
        heapq.heappush(self._agenda, (at, next(self._order), action))
        self.agenda_changed()

    def step(self, now: int) -> None:
        """Do everything that is due."""
        while self._agenda and self._agenda[0][0] <= now:
            at, _, action = heapq.heappop(self._agenda)
            action(at)

    # --- rooms and people -------------------------------------------------------------------------------------------

    def create(self, name: str, now: int) -> Room:
        """A new room, with nobody in it; the one that is there where the platform addresses rooms by name."""
        return self.create_as(self._make_room_id(name, now, self._uuid()), name, now)

    def create_as(self, room_id: str, name: str, now: int) -> Room:
        """The room of this id, with nobody in it where there was none."""
        return self.rooms.setdefault(room_id, Room(room_id, name, now))

    def room(self, room_id: str) -> Room:
        """Raises Gone."""
        if room := self.rooms.get(room_id):
            return room
        raise Gone(f"no room {room_id}")

    def locate(self, connection_id: str) -> tuple[Room, Connection]:
        """Who is connected under this id, and where. Raises Gone."""
        if room := self._rooms_of.get(connection_id):
            return room, room.connections[connection_id]
        raise Gone(f"no connection {connection_id}")

    def locate_stream(self, stream_id: str) -> tuple[Room, Connection, Stream]:
        """A stream, who publishes it, and where. Raises Gone."""
        if publisher := self._publishers.get(stream_id):
            room, connection = self.locate(publisher)
            return room, connection, connection.streams[stream_id]
        raise Gone(f"no stream {stream_id}")

    def join(self, room_id: str, person: Person, now: int) -> Connection:
        """A person connects; the first one opens the room. Raises Gone or TurnedAway."""
        room = self.room(room_id)
        if room.is_over or person.user in room.blocked:
            raise TurnedAway(f"{person.user} is not let into {room_id}")
        if not room.is_open:
            room.is_open = True
            self._tell(Change("opened", now, room))
        room.empty_since = None
        connection = Connection(self._uuid(), person, now)
        room.connections[connection.id] = connection
        self._rooms_of[connection.id] = room
        self._tell(Change("joined", now, room, connection))
        return connection

    def leave(self, connection_id: str, now: int, ending: Ending = "left") -> None:
        """A connection ends, and with it its streams. Raises Gone."""
        room, connection = self.locate(connection_id)
        for stream_id in list(connection.streams):
            self.unpublish(stream_id, now, ending)
        del room.connections[connection_id], self._rooms_of[connection_id]
        self._tell(Change("left", now, room, connection, ending=ending))
        if not room.connections:
            room.empty_since = now
            self.when(now + self._closes_after_ms, lambda at: self._close(room, now, at))

    def publish(self, connection_id: str, kind: StreamKind, now: int) -> Stream:
        """A connection publishes one more medium. Raises Gone, or TurnedAway when that is withheld from the user."""
        room, connection = self.locate(connection_id)
        if kind in room.withheld.get(connection.person.user, ()):
            raise TurnedAway(f"{connection.person.user} may not publish a {kind}")
        name = f"{connection.person.name}'s screen" if kind == "screen" else connection.person.name
        stream = Stream(self._uuid(), kind, name, now, muted=room.is_muted)
        connection.streams[stream.id] = stream
        self._publishers[stream.id] = connection_id
        room.has_had_streams = True
        self._tell(Change("published", now, room, connection, stream))
        return stream

    def unpublish(self, stream_id: str, now: int, ending: Ending = "left") -> None:
        """A medium ends, whoever publishes it stays. Raises Gone."""
        room, connection, stream = self.locate_stream(stream_id)
        del connection.streams[stream_id], self._publishers[stream_id]
        self._tell(Change("unpublished", now, room, connection, stream, ending))

    def end(self, room_id: str, now: int) -> None:
        """Everybody is sent away and the room is closed, at once. Raises Gone."""
        room = self.room(room_id)
        for connection_id in list(room.connections):
            self.leave(connection_id, now, "ended")
        self._close(room, room.empty_since, now)

    def _close(self, room: Room, empty_since: int | None, now: int) -> None:
        if room.is_open and room.empty_since == empty_since:
            room.is_open = False
            self._tell(Change("closed", now, room))
            self.when(now + self._forgotten_after_ms, lambda _: self._forget(room, empty_since))

    def _forget(self, room: Room, empty_since: int | None) -> None:
        if not room.is_open and room.empty_since == empty_since:
            self.rooms.pop(room.id, None)

    def _tell(self, change: Change) -> None:
        for listener in self.listeners:
            listener(change)

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
