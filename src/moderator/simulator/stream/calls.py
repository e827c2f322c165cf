"""What the platform knows of its calls beyond who is there: sessions, the timer, who was blocked, what was taken away.

It hears of the world's changes and tells of each what a webhook tells. Times are milliseconds since the epoch.
"""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Literal, Protocol

from msgspec import Struct, field

from moderator.simulator.world import Change, Connection, Person, Room, Stream, StreamKind, World

UNLIMITED_EVERY: Final = 5
"""So many calls have one among them that may last for ever."""

Medium = Literal["audio", "video", "screenshare", "screenshare_audio"]


class Session(Struct):
    """One live stretch of a call."""

    id: str
    started_at: int
    is_told: bool = False
    """It is told together with its first participant."""
    ended_at: int | None = None


class Call(Struct):
    """One call. Its limit is for each of its sessions."""

    room: Room
    max_duration_s: int | None
    updated_at: int
    session: Session | None = None
    """The one that goes on, or the last."""
    ended_at: int | None = None
    seen: dict[str, Person] = field(default_factory=dict)
    """Everybody who ever was there, by user."""
    revoked: dict[str, set[str]] = field(default_factory=dict)
    """Permissions that were taken from users."""
    without_picture: set[str] = field(default_factory=set)
    """Streams, by their ids, of which the camera was switched off."""

    @property
    def type(self) -> str:
        """The first half of its id."""
        return self.room.id.partition(":")[0]

    @property
    def is_ongoing(self) -> bool:
        """Whether a session goes on."""
        return self.session is not None and self.session.ended_at is None

    @property
    def timer_ends_at(self) -> int | None:
        """When the session's time is over. Whatever the speed, the limit counts real seconds: the platform's own and
        those of an extension are the same seconds.
        """
        if self.session is None or not self.max_duration_s:
            return None
        return self.session.started_at + self.max_duration_s * 1000

    def connections_of(self, users: set[str]) -> list[Connection]:
        """All devices of these users."""
        return [one for one in self.room.connections.values() if one.person.user in users]


class Tell(Protocol):
    """Sends a webhook about a call. `members` are those that not every event of its kind has."""

    def __call__(self, call: Call, kind: str, at: int, /, **members: Any) -> None: ...


class Calls:
    """The calls of one world."""

    def __init__(self, world: World, tell: Tell) -> None:
        self._world, self._tell = world, tell
        self._calls: dict[str, Call] = {}
        self._made = 0
        self._hears: dict[str, Callable[[Call, Change], None]] = {
            "opened": self._opened,
            "closed": self._closed,
            "joined": self._joined,
            "left": self._left,
            "published": self._published,
        }
        world.listeners.append(self._heard)

    def all(self) -> list[Call]:
        """Every call there is."""
        return [self.get(room_id) for room_id in list(self._world.rooms)]

    def get(self, cid: str) -> Call:
        """Raises Gone."""
        room = self._world.room(cid)
        if (call := self._calls.get(cid)) and call.room is room:
            return call
        self._calls = {cid: call for cid, call in self._calls.items() if cid in self._world.rooms}
        self._made += 1
        limit_s = None if self._made % UNLIMITED_EVERY == 0 else _planned_s(room)
        self._calls[cid] = Call(room, limit_s, room.created_at)
        return self._calls[cid]

    # --- what is done to a call -------------------------------------------------------------------------------------

    def limit(self, call: Call, seconds: int, now: int) -> None:
        """Another limit for the session; 0 is none."""
        call.max_duration_s = seconds
        self.touch(call, now)

    def touch(self, call: Call, now: int) -> None:
        """Something of it was changed."""
        call.updated_at = now
        self._tell(call, "call.updated", now)
        self._set_timer(call)

    def end(self, call: Call, now: int, user: Person | None = None) -> None:
        """For good: everybody is removed and nobody comes in any more. `user` is who did it, unless a server did."""
        if call.ended_at is None:
            call.ended_at = call.updated_at = now
            call.room.is_over = True
            self._world.end(call.room.id, now)
            self._tell(call, "call.ended", now, user=user, reason="")

    def withhold(self, call: Call, user: str, permissions: set[str], now: int) -> None:
        """These are what the user has no more: what needs them ends, and does not come back."""
        call.revoked[user] = permissions
        call.room.withheld[user] = {kind for permission, kind in WITHHELD.items() if permission in permissions}
        self.take_away(call, {user}, {MEDIA[one] for one in permissions}, now)

    def take_away(self, call: Call, users: set[str], media: set[Medium], now: int) -> None:
        """These media of these users end or fall silent; nobody is kept from beginning again."""
        for connection in call.connections_of(users):
            for stream in list(connection.streams.values()):
                self._silence(call, stream, media, now)

    def _silence(self, call: Call, stream: Stream, media: set[Medium], now: int) -> None:
        if stream.kind == "screen":
            if "screenshare" in media:
                self._world.unpublish(stream.id, now, "stopped")
            return
        if "audio" in media:
            stream.muted = True
        if "video" in media and stream.kind != "microphone":
            call.without_picture.add(stream.id)

    # --- what happens in the world ----------------------------------------------------------------------------------

    def _heard(self, change: Change) -> None:
        if hears := self._hears.get(change.kind):
            hears(self.get(change.room.id), change)

    def _opened(self, call: Call, change: Change) -> None:
        if call.session is None:
            self._tell(call, "call.created", call.room.created_at)
        name = f"{call.room.id} {change.at}"
        call.session = Session(str(uuid.uuid5(uuid.NAMESPACE_URL, name)), change.at)
        self._set_timer(call)

    def _joined(self, call: Call, change: Change) -> None:
        assert call.session
        assert change.connection
        person = change.connection.person
        call.seen[person.user] = person
        if not call.session.is_told:
            call.session.is_told = True
            self._tell(call, "call.session_started", change.at)
        self._tell(call, "call.session_participant_joined", change.at, participant=change.connection)
        self._tell(call, "call.session_participant_count_updated", change.at)

    def _left(self, call: Call, change: Change) -> None:
        self._tell(call, "call.session_participant_left", change.at, participant=change.connection)
        self._tell(call, "call.session_participant_count_updated", change.at)

    def _closed(self, call: Call, change: Change) -> None:
        assert call.session
        call.session.ended_at = change.at
        self._tell(call, "call.session_ended", change.at)

    def _published(self, call: Call, change: Change) -> None:
        """What was taken from a user stays so."""
        assert change.connection
        assert change.stream
        revoked = call.revoked.get(change.connection.person.user, set())
        self._silence(call, change.stream, {MEDIA[one] for one in revoked}, change.at)

    def _set_timer(self, call: Call) -> None:
        if call.is_ongoing and (ends_at := call.timer_ends_at) is not None:
            self._world.when(ends_at, partial(self._time_is_over, call, ends_at))

    def _time_is_over(self, call: Call, ends_at: int, now: int) -> None:
        if call.is_ongoing and call.timer_ends_at == ends_at:
            self.end(call, now)


MEDIA: Final[dict[str, Medium]] = {"send-audio": "audio", "send-video": "video", "screenshare": "screenshare"}
"""What each permission is for."""
WITHHELD: Final[dict[str, StreamKind]] = {"send-audio": "microphone", "screenshare": "screen"}
"""What cannot be published without it. (A camera carries sound as well, and may go on without it.)"""


def _planned_s(room: Room) -> int | None:
    """As long as the people in it mean to stay."""
    return None if room.ends_at is None else max(1, round((room.ends_at - room.created_at) / 1000))
