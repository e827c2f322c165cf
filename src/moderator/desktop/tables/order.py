"""Which room stands in which row, sorted or held. Pure: it plans one step at a time, and the model announces the step
to Qt before it is taken.

A room has a standing place, which its row follows from, and while the order is held perhaps another that is due.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

from msgspec import Struct

from moderator.desktop.tables.sorting import Place
from moderator.domain.ids import RoomKey

ARRIVED: Final = 2
"""The first part of the place of a room that came while the order was held: after all others."""

EMPTY: Final[Mapping[RoomKey, Place | None]] = MappingProxyType({})


class Step(Struct, frozen=True):
    """One change of rows. `to_row` is where the row stands afterwards."""

    kind: Literal["insert", "move", "remove"]
    key: RoomKey
    place: Place | None
    from_row: int = 0
    to_row: int = 0

    def misses(self, rows: Sequence[int]) -> bool:
        """Whether of the rows from the least to the greatest of these none stands elsewhere because of it."""
        first, last = sorted((self.from_row, self.to_row))
        return not rows or last < min(rows) or first > max(rows)


class RoomOrder:
    """The keys of the rows, top first."""

    def __init__(self) -> None:
        self.keys: list[RoomKey] = []
        self.held = False
        self._places: list[Place] = []
        """Of `keys`, one by one; always sorted, so that a row is found by bisection."""
        self._standing: dict[RoomKey, Place] = {}
        self._due: dict[RoomKey, Place | None] = {}
        """Where rooms will stand that are held elsewhere; None: they will go."""
        self._out: set[RoomKey] = set()
        """Those of them that would stand elsewhere among the others, or go, as it was found last."""
        self._unsure: set[RoomKey] = set()
        """What became of these since; then their neighbours are to be looked at again, too."""
        self._arrivals = 0

    def row(self, key: RoomKey) -> int | None:
        """Where a room stands, or None when it is not shown."""
        place = self._standing.get(key)
        return None if place is None else bisect_left(self._places, place)

    def plan(self, key: RoomKey, place: Place | None) -> Step | None:
        """What has to happen so that the room is at its place; None for a room that is not to be shown.

        While the order is held nothing moves or goes; new rooms come last.
        """
        standing = self._standing.get(key)
        if self.held:
            return self._plan_held(key, standing, place)
        if standing == place:
            return None
        if standing is None:
            return Step("insert", key, place, to_row=self._row_for(place))
        row = bisect_left(self._places, standing)
        if place is None:
            return Step("remove", key, None, from_row=row)
        to_row = self._row_for(place)
        return Step("move", key, place, from_row=row, to_row=to_row - 1 if to_row > row else to_row)

    def take(self, step: Step) -> None:
        """Do what was planned; nothing may have been taken since."""
        if step.kind != "insert":
            del self.keys[step.from_row], self._places[step.from_row], self._standing[step.key]
        if step.place is not None:
            self.keys.insert(step.to_row, step.key)
            self._places.insert(step.to_row, step.place)
            self._standing[step.key] = step.place

    def replace(self, rows: Iterable[tuple[Place, RoomKey]]) -> None:
        """Show these, which are sorted already, and nothing else; nothing is held back any more."""
        for kept in (self._due, self._out, self._unsure):
            kept.clear()
        self._arrivals = 0
        self._standing = {key: place for place, key in rows}
        self._places = list(self._standing.values())
        self.keys = list(self._standing)

    def due(self, changes: Mapping[RoomKey, Place | None] = EMPTY) -> list[tuple[Place, RoomKey]]:
        """The rows as they stand when these changes are made and the order is not held any more."""
        places: dict[RoomKey, Place | None] = {**self._standing, **self._due, **changes}
        return sorted((place, key) for key, place in places.items() if place is not None)

    @property
    def moved(self) -> int:
        """How many rooms would stand elsewhere, or go, if the order were not held.

        Costs as much as changed since it was asked last, however many rooms are held.
        """
        rows = sorted(row for key in self._unsure if (row := self.row(key)) is not None)
        self._unsure.clear()
        for row in self._with_neighbours(rows):
            (self._out.add if self._is_out_of_order(row) else self._out.discard)(self.keys[row])
        return len(self._out)

    def _plan_held(self, key: RoomKey, standing: Place | None, place: Place | None) -> Step | None:
        if standing is None and place is None:
            return None
        self._unsure.add(key)
        if standing is None:
            self._arrivals += 1
            self._due[key] = place
            return Step("insert", key, (ARRIVED, self._arrivals, *key), to_row=len(self.keys))
        if place == standing:
            self._due.pop(key, None)
        else:
            self._due[key] = place
        return None

    def _row_for(self, place: Place | None) -> int:
        return 0 if place is None else bisect_left(self._places, place)

    def _with_neighbours(self, rows: Iterable[int]) -> set[int]:
        """These rows, top first, and those next to them that stay."""
        found, after = set(rows), -1
        for row in rows:
            if row >= after:  # else it is one of many in a row that go, and their neighbours are found already
                before, after = self._staying(row, -1), self._staying(row, 1)
                found |= {before, after}
        return {row for row in found if 0 <= row < len(self.keys)}

    def _staying(self, row: int, step: int) -> int:
        """The next row in this direction that does not go; beyond the last where there is none."""
        row += step
        while 0 <= row < len(self.keys) and self._due_at(row) is None:
            row += step
        return row

    def _is_out_of_order(self, row: int) -> bool:
        if self.keys[row] not in self._due:
            return False
        place = self._due_at(row)
        if place is None:
            return True
        before, after = self._due_at(self._staying(row, -1)), self._due_at(self._staying(row, 1))
        return (before is not None and before > place) or (after is not None and after < place)

    def _due_at(self, row: int) -> Place | None:
        """Where the room of a row will stand; None where it will go, and where there is no row."""
        return self._due.get(self.keys[row], self._places[row]) if 0 <= row < len(self.keys) else None
