"""What the log says about each room, and the table of them; what people see of it is computed in `view`."""

from collections.abc import Iterable, Iterator, MutableMapping, Set
from typing import Final, TypeVar

from msgspec import Struct

from moderator.domain.decided import Decided
from moderator.domain.ids import RoomKey, room_key
from moderator.domain.presence import Presence
from moderator.domain.rooms import Block, Viewer

Place = TypeVar("Place")

UNNAMED: Final = ""
"""The key of the presence of rooms whose platform has no ids for instances."""


class Named(Struct, frozen=True, gc=False, order=True):
    """The newest name that was reported, by the platform's time."""

    at: int
    id: str
    name: str


class Unavailable(Struct, frozen=True, gc=False):
    """The newest report of what the platform does not let this account do in a room, by the platform's time."""

    at: int
    id: str
    """The event's: it makes the order total."""
    actions: dict[str, str]
    """Each with the reason."""


class RoomState(Struct, frozen=True, gc=False, kw_only=True):
    """What the log says about one room, over all its instances."""

    source: str
    room: str
    named: Named | None = None
    unavailable: Unavailable | None = None
    presences: dict[str, Presence] = {}
    """By the platform's instance id, or under `UNNAMED`."""
    decided: dict[str, Decided] = {}
    """By instance id."""
    blocks: tuple[Block, ...] = ()
    heard_at: int = 0
    told_at: int = 0
    """When the last entry about this room was recorded, a decision too; `heard_at` is of the platform only."""
    version: int = 0
    viewers: tuple[Viewer, ...] = ()
    """Who looks at it. They change nothing else here: nothing depends on them."""

    @property
    def key(self) -> RoomKey:
        return room_key(self.source, self.room)

    @property
    def platform_name(self) -> str:
        """What the platform, or the application through it, calls the room; empty when nothing was told."""
        return self.named.name if self.named else ""


class RoomStates(MutableMapping[RoomKey, RoomState]):
    """The rooms by key, by the platform's name of them, and by who looks at them."""

    def __init__(self, rooms: Iterable[RoomState] = ()) -> None:
        self._rooms: dict[RoomKey, RoomState] = {}
        self._by_name: dict[tuple[str, str], set[RoomKey]] = {}
        """By source and platform's name."""
        self._by_viewer: dict[str, set[RoomKey]] = {}
        """By moderator."""
        for room in rooms:
            self[room.key] = room

    def named(self, source: str, name: str) -> Set[RoomKey]:
        """The rooms that the platform calls so."""
        return self._by_name.get((source, name), frozenset())

    def viewed_by(self, moderator: str) -> Set[RoomKey]:
        """The rooms that a moderator said to look at."""
        return self._by_viewer.get(moderator, frozenset())

    def __getitem__(self, key: RoomKey) -> RoomState:
        return self._rooms[key]

    def __setitem__(self, key: RoomKey, room: RoomState) -> None:
        before = self._rooms.get(key)
        name_before = before.platform_name if before else ""
        if name_before != room.platform_name:
            self._change_name(key, name_before, room.platform_name)
        viewers_before = before.viewers if before else ()
        if viewers_before is not room.viewers:
            self._change_viewers(key, viewers_before, room.viewers)
        self._rooms[key] = room

    def __delitem__(self, key: RoomKey) -> None:
        room = self._rooms.pop(key)
        self._change_name(key, room.platform_name, "")
        self._change_viewers(key, room.viewers, ())

    def __iter__(self) -> Iterator[RoomKey]:
        return iter(self._rooms)

    def __len__(self) -> int:
        return len(self._rooms)

    def _change_name(self, key: RoomKey, before: str, after: str) -> None:
        if before:
            _discard(self._by_name, (key.source, before), key)
        if after:
            self._by_name.setdefault((key.source, after), set()).add(key)

    def _change_viewers(self, key: RoomKey, before: Iterable[Viewer], after: Iterable[Viewer]) -> None:
        for viewer in before:
            _discard(self._by_viewer, viewer.id, key)
        for viewer in after:
            self._by_viewer.setdefault(viewer.id, set()).add(key)


def _discard(index: dict[Place, set[RoomKey]], place: Place, key: RoomKey) -> None:
    """A place with no room is none."""
    if (found := index.get(place)) is not None:
        found.discard(key)
        if not found:
            del index[place]
