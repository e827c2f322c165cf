"""How many rooms each filter shows. Kept by differences: counting ten thousand rooms twenty times a second would cost
more than everything else.
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Mapping

from moderator.desktop.census.parts import SOON_MS
from moderator.desktop.tables.arrangement import FILTERS, FilterName, Row, Viewpoint


class Tallies:
    """Counts of the rooms that were told to it."""

    def __init__(self) -> None:
        self._by_filter: Counter[FilterName] = Counter()
        self._by_source: Counter[str] = Counter()
        self._ends: list[int] = []
        """Deadlines of live rooms, sorted."""

    def change(self, before: Row | None, after: Row | None) -> None:
        """A room's row was this and is that; None where there was or is none."""
        if before is not None and after is not None and _bears(before) == _bears(after):
            return  # as after nearly every event
        if before is not None:
            self._count(before, -1)
        if after is not None:
            self._count(after, 1)

    def counts(self, view: Viewpoint) -> Mapping[FilterName, int]:
        """The number of rooms of every filter, whatever text is typed."""
        timed: dict[FilterName, int] = {
            "ending": bisect_right(self._ends, view.now_ms + SOON_MS),
            "stale": sum(self._by_source[source] for source in view.stale_sources),
        }
        return {name: timed.get(name, self._by_filter[name]) for name in FILTERS}

    def _count(self, row: Row, sign: int) -> None:
        for name in row.filters:
            self._by_filter[name] += sign
        if "all" not in row.filters:
            return
        self._by_source[row.room.source] += sign
        if row.ends_at is None:
            return
        if sign > 0:
            insort(self._ends, row.ends_at)
        else:
            del self._ends[bisect_left(self._ends, row.ends_at)]


def _bears(row: Row) -> tuple[object, ...]:
    """What is counted of it; the source is in the key."""
    return row.filters, row.ends_at
