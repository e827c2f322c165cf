"""What the log says about each room, and the table of them; what people see of it is computed in `view`."""

from collections.abc import Iterable, Iterator, MutableMapping, Set
from typing import Final

from msgspec import Struct

from moderator.domain.decided import Decided
from moderator.domain.ids import RoomKey
from moderator.domain.presence import Presence
from moderator.domain.rooms import Block, Viewer

UNNAMED: Final = ""
"""The key of the presence of rooms whose platform has no ids for instances."""


class Named(Struct, frozen=True, gc=False, order=True):
    """The newest name that was reported, by the platform's time."""

    at: int
    id: str
    name: str


class Unavailable(Struct, frozen=True, gc=False, order=True):
    """The newest report of what the platform does not let this account do in a room, by the platform's time."""

    at: int
    id: str
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
        return RoomKey(self.source, self.room)  # type: ignore[arg-type]

    @property
    def platform_name(self) -> str:
        """What the platform, or the application through it, calls the room; empty when nothing was told."""
        return self.named.name if self.named else ""


class RoomStates(MutableMapping[RoomKey, RoomState]):
    """The rooms by key, and by the platform's name of them."""

    def __init__(self, rooms: Iterable[RoomState] = ()) -> None:
        self._rooms: dict[RoomKey, RoomState] = {}
        self._by_name: dict[tuple[str, str], set[RoomKey]] = {}
        """By source and platform's name."""
        for room in rooms:
            self[room.key] = room

    def named(self, source: str, name: str) -> Set[RoomKey]:
        """The rooms that the platform calls so."""
        return self._by_name.get((source, name), frozenset())

    def __getitem__(self, key: RoomKey) -> RoomState:
        return self._rooms[key]

    def __setitem__(self, key: RoomKey, room: RoomState) -> None:
        before = self._rooms.get(key)
        if before is None or before.platform_name != room.platform_name:
            self._forget_name(key, before)
            if room.platform_name:
                self._by_name.setdefault((key.source, room.platform_name), set()).add(key)
        self._rooms[key] = room

    def __delitem__(self, key: RoomKey) -> None:
        self._forget_name(key, self._rooms.pop(key))

    def __iter__(self) -> Iterator[RoomKey]:
        return iter(self._rooms)

    def __len__(self) -> int:
        return len(self._rooms)

    def _forget_name(self, key: RoomKey, room: RoomState | None) -> None:
        place = (key.source, room.platform_name if room else "")
        if (called := self._by_name.get(place)) is not None:
            called.discard(key)
            if not called:
                del self._by_name[place]
