"""Every room that the table knows, shown or not, as rows: what filters and orders look at, and the counts. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from moderator.desktop.tables.arrangement import (
    Filter,
    FilterName,
    Row,
    Viewpoint,
    a_row,
    arranged,
    matches,
    placed,
)
from moderator.desktop.tables.namesakes import Namesakes
from moderator.desktop.tables.sorting import BY_DEADLINE, Place, Sort
from moderator.desktop.tables.tallies import Tallies
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room


class KnownRows:
    """Kept by differences: a change of a room costs the same among ten rooms and among ten thousand."""

    def __init__(self) -> None:
        self.sort = BY_DEADLINE
        self.exceptions_first = False
        """Rooms that need somebody come before all others."""
        self.needed: frozenset[RoomKey] = frozenset()
        """Rooms that alerts are about: what "needs me" means is the alerts' business."""
        self._rows: dict[RoomKey, Row] = {}
        """A held row outlives its room, so that it keeps something to show."""
        self._gone: set[RoomKey] = set()
        """Rooms that are no more, while their rows are held."""
        self._tallies = Tallies()
        self._names = Namesakes()

    def keys(self) -> Iterable[RoomKey]:
        """Of all rooms, also those that are no more."""
        return self._rows.keys()

    def room(self, key: RoomKey) -> Room:
        """The room as it is now, or as it was last."""
        return self._rows[key].room

    def is_over(self, key: RoomKey) -> bool:
        """The room ended or is gone."""
        return key in self._gone or self.room(key).state == "ended"

    def mark(self, key: RoomKey) -> str:
        """What tells this room from another of the same name."""
        return self._names.mark(key, _called(self.room(key)))

    def counts(self, view: Viewpoint) -> Mapping[FilterName, int]:
        """How many rooms each filter shows."""
        return self._tallies.counts(view)

    def place(self, key: RoomKey, chosen: Filter, view: Viewpoint) -> Place | None:
        """Where a room stands, or None where the filter does not show it."""
        row = self._rows.get(key)
        return row.place if row is not None and key not in self._gone and matches(row, chosen, view) else None

    def arranged(self, chosen: Filter, view: Viewpoint) -> list[Row]:
        """The rooms to be shown, in their order."""
        return arranged([row for key, row in self._rows.items() if key not in self._gone], chosen, view)

    def take_in(self, rooms: Mapping[RoomKey, Room | None], me: str) -> frozenset[RoomKey]:
        """These are different, new or gone. Returns others that are told from them in another way now."""
        renamed: set[RoomKey] = set()
        for key, room in rooms.items():
            before = None if key in self._gone else self._rows.get(key)
            after = None if room is None else self._row(key, room, me)
            self._tallies.change(before, after)
            renamed |= self._names.change(key, _name(before), _name(after))
            self._remember(key, after)
        return frozenset(renamed)

    def sort_by(self, sort: Sort) -> None:
        """Another order."""
        self.sort = sort
        first = self.exceptions_first
        self._rows = {key: placed(row, sort, exceptions_first=first) for key, row in self._rows.items()}

    def forget_gone(self, still_shown: Sequence[RoomKey]) -> None:
        """Rooms that are no more and have no row any more."""
        if self._gone:
            for key in self._gone.difference(still_shown):
                self._gone.discard(key)
                del self._rows[key]

    def _row(self, key: RoomKey, room: Room, me: str) -> Row:
        return a_row(room, me, self.sort, needed=key in self.needed, exceptions_first=self.exceptions_first)

    def _remember(self, key: RoomKey, row: Row | None) -> None:
        if row is not None:
            self._gone.discard(key)
            self._rows[key] = row
        elif key in self._rows:
            self._gone.add(key)


def _name(row: Row | None) -> str | None:
    return None if row is None else _called(row.room)


def _called(room: Room) -> str:
    return room.name or room.room
