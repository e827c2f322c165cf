"""Counts of all rooms, kept by differences: counting thousands of rooms every second would cost more than painting
them. Pure: no Qt, no clock.
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from itertools import pairwise
from operator import itemgetter
from typing import Final

from msgspec import Struct

from moderator.desktop.census.parts import ANSWER_MS, BUCKETS_MS, SOON_MS, unacknowledged_since
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room

_moment: Final = itemgetter(0)


class Figures(Struct, frozen=True, kw_only=True):
    """How it is at one moment."""

    live: int
    ending: int
    """Within five minutes, or over."""
    unowned: int
    """Of those, the ones that nobody looks after."""
    unacknowledged: int
    violations: int
    stale: int
    buckets: tuple[int, ...]
    """How many end in each stretch of the histogram."""
    endless: int
    """Without a deadline."""
    sources: tuple[tuple[str, int], ...]
    """Rooms of each, by name."""
    looked_after: int


class _Counted(Struct, frozen=True, gc=False):
    """What a room adds to the counts."""

    source: str
    ends_at: int | None
    owned: bool
    violated: bool
    warned_at: int | None


class Census:
    """Counts the live rooms that were told to it."""

    def __init__(self, rooms: Iterable[Room] = ()) -> None:
        self._rooms: dict[RoomKey, _Counted] = {}
        self._sources: Counter[str] = Counter()
        self._ends: list[tuple[int, RoomKey]] = []
        """Deadlines with whose they are, sorted."""
        self._unowned_ends: list[int] = []
        self._warned: dict[RoomKey, int] = {}
        """When the warnings were raised that nobody has acknowledged."""
        self._violated: set[RoomKey] = set()
        self._owned = 0
        for room in rooms:
            self.take(room.key, room)

    @property
    def live(self) -> int:
        """How many rooms are live."""
        return len(self._rooms)

    @property
    def by_source(self) -> Mapping[str, int]:
        """Live rooms of each source that ever had any."""
        return self._sources

    def next_end(self, now_ms: int) -> RoomKey | None:
        """The room that ends next of those whose time is not up; None where none has an end."""
        place = bisect_right(self._ends, now_ms, key=_moment)
        return self._ends[place][1] if place < len(self._ends) else None

    def take(self, key: RoomKey, room: Room | None) -> None:
        """A room is like this now; None: it is gone."""
        before = self._rooms.get(key)
        after = _counted(room) if room is not None and room.state == "live" else None
        if before == after:  # as after nearly every event
            return
        self._rooms.pop(key, None)
        if before is not None:
            self._withdraw(key, before)
        if after is not None:
            self._rooms[key] = after
            self._add(key, after)

    def figures(self, now_ms: int, stale_sources: Container[str] = ()) -> Figures:
        """The counts at this moment."""
        within = (bisect_left(self._ends, now_ms + bound, key=_moment) for bound in BUCKETS_MS)
        bounds = [0, *within, len(self._ends)]
        return Figures(
            live=len(self._rooms),
            ending=bisect_right(self._ends, now_ms + SOON_MS, key=_moment),
            unowned=bisect_right(self._unowned_ends, now_ms + SOON_MS),
            unacknowledged=sum(now_ms - at > ANSWER_MS for at in self._warned.values()),
            violations=len(self._violated),
            stale=sum(count for source, count in self._sources.items() if source in stale_sources),
            buckets=tuple(after - before for before, after in pairwise(bounds)),
            endless=len(self._rooms) - len(self._ends),
            sources=tuple(sorted((source, count) for source, count in self._sources.items() if count)),
            looked_after=self._owned,
        )

    def _add(self, key: RoomKey, one: _Counted) -> None:
        self._sources[one.source] += 1
        self._owned += one.owned
        if one.ends_at is not None:
            insort(self._ends, (one.ends_at, key))
            if not one.owned:
                insort(self._unowned_ends, one.ends_at)
        if one.warned_at is not None:
            self._warned[key] = one.warned_at
        if one.violated:
            self._violated.add(key)

    def _withdraw(self, key: RoomKey, one: _Counted) -> None:
        self._sources[one.source] -= 1
        self._owned -= one.owned
        if one.ends_at is not None:
            del self._ends[bisect_left(self._ends, (one.ends_at, key))]
            if not one.owned:
                del self._unowned_ends[bisect_left(self._unowned_ends, one.ends_at)]
        self._warned.pop(key, None)
        self._violated.discard(key)


def _counted(room: Room) -> _Counted:
    return _Counted(
        source=room.source,
        ends_at=room.deadline.ends_at if room.deadline else None,
        owned=room.owner is not None,
        violated=bool(room.violations),
        warned_at=unacknowledged_since(room),
    )
