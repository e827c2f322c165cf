"""What the rows of the rooms table can be sorted by, and where a room stands then. Pure: no Qt, no clock.

A place never depends on the time, so that rows move only when a room changes.
"""

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from moderator.desktop.tables.columns import Column, title
from moderator.domain.rooms import Room
from moderator.language import tr

Place = tuple[int | str | tuple[int, ...], ...]
"""What rows are ordered by: whether the room has the value at all, the value, the deadline, and the room's key, which
makes it unique. Within one sort, what stands at one position is always of one kind."""
KNOWN: Final = 0
UNKNOWN: Final = 1
"""Rooms without the value come last, whichever way the others run."""
NEVER: Final = 1 << 62
"""In milliseconds since the epoch: the deadline of a room that has none."""
_DIGITS: Final = re.compile(r"\d+")
_AFTER_ALL: Final = 1
"""Greater than any letter turned round: `ab` comes after `abc` then."""

Value = int | str


class Sort(Struct, frozen=True):
    """By which column, and whether the other way round."""

    column: Column = Column.LEFT
    reverse: bool = False


BY_DEADLINE: Final = Sort()


def place(room: Room, sort: Sort) -> Place:
    """Where the room stands: equals by deadline, then by key."""
    value = SORTABLE[sort.column](room)
    ends_at = room.deadline.ends_at if room.deadline else NEVER
    if value is None:
        return (UNKNOWN, 0, ends_at, room.source, room.room)
    return (KNOWN, _turned(value) if sort.reverse else value, ends_at, room.source, room.room)


def after_click(sort: Sort, column: Column) -> Sort:
    """A click on a header: by this column, or the other way round; on one that is nothing to sort by, as before."""
    if column not in SORTABLE:
        return sort
    return Sort(column, reverse=column == sort.column and not sort.reverse)


def spoken_title(column: Column, sort: Sort) -> str:
    """The title of a column, and whether the rows are sorted by it."""
    if column != sort.column:
        return title(column)
    words = tr("{column}, sorted, last first") if sort.reverse else tr("{column}, sorted")
    return words.format(column=title(column))


def natural(text: str) -> str:
    """The text as people order it: `gp-2` before `gp-10`, small letters like capitals."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(12), text.casefold())


def _turned(value: Value) -> int | tuple[int, ...]:
    if isinstance(value, int):
        return -value
    return (*(-ord(letter) for letter in value), _AFTER_ALL)


def _ends_at(room: Room) -> int | None:
    return room.deadline.ends_at if room.deadline else None


def _need(room: Room) -> int:
    """As far as it does not depend on the time: within those with a deadline, that tells the rest."""
    if room.violations:
        return 0
    if room.deadline is not None:
        return 1
    return 2 if room.people else 3


def _owner(room: Room) -> str | None:
    return natural(room.owner.name or room.owner.id) if room.owner else None


SORTABLE: Final[dict[Column, Callable[[Room], Value | None]]] = {
    Column.ROOM: lambda room: natural(room.name or room.room),
    Column.LEFT: _ends_at,
    Column.ENDS: _ends_at,
    Column.PEOPLE: lambda room: room.people,
    Column.STATE: _need,
    Column.SOURCE: lambda room: natural(room.source),
    Column.OWNER: _owner,
}
