"""Which rooms a table shows and in which order. Pure: what a room is worth to each filter is computed once per change
of the room, so that a filter or a letter typed costs one comparison per room.
"""

from functools import cache
from typing import Final, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from moderator.desktop.census.parts import SOON_MS, Part, is_in
from moderator.desktop.tables.sorting import BY_DEADLINE, Place, Sort, place
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room

FilterName = Literal["all", "mine", "needs_me", "ending", "violations", "stale"]
FILTERS: Final[tuple[FilterName, ...]] = get_args(FilterName)


class Filter(Struct, frozen=True):
    """What the moderator wants to see."""

    name: FilterName = "all"
    text: str = ""
    """Words; each must occur in the room's name, its people or its source."""
    part: Part | None = None
    """Of these only what the overview counts there."""


class Viewpoint(Struct, frozen=True):
    """What filters depend on beside the room."""

    now_ms: int
    stale_sources: frozenset[str] = frozenset()
    """Of which nothing was heard for too long."""


class Row(Struct, frozen=True, gc=False):
    """One room, as far as tables look at it."""

    key: RoomKey
    room: Room
    place: Place
    """Where it stands in the chosen order."""
    ends_at: int | None
    text: str
    """Everything that a text filter looks at."""
    filters: frozenset[FilterName]
    """The filters that match whatever the time is."""


def a_row(
    room: Room, me: str, sort: Sort = BY_DEADLINE, *, needed: bool = False, exceptions_first: bool = False
) -> Row:
    """A room's row; `me` is the moderator's id, or nothing while it is not known; `needed`: an alert says so.

    With `exceptions_first` rooms that need somebody come before all others, as long as they are sorted by deadline.
    """
    ends_at = room.deadline.ends_at if room.deadline else None
    row = Row(room.key, room, (), ends_at, _text(room), _filters(room, me, needed=needed))
    return placed(row, sort, exceptions_first=exceptions_first)


def placed(row: Row, sort: Sort, *, exceptions_first: bool = False) -> Row:
    """The same row in another order."""
    first: Place = (0 if "needs_me" in row.filters else 1,) if exceptions_first and sort == BY_DEADLINE else ()
    return replace(row, place=first + place(row.room, sort))


def matches(row: Row, chosen: Filter, view: Viewpoint) -> bool:
    """Whether a table with this filter shows the room."""
    return _counted(row, chosen, view) and all(word in row.text for word in words(chosen.text))


def arranged(rows: list[Row], chosen: Filter, view: Viewpoint) -> list[Row]:
    """The rows to be shown, in their order."""
    wanted = words(chosen.text)
    shown = [row for row in rows if _counted(row, chosen, view)]
    for word in wanted:
        shown = [row for row in shown if word in row.text]
    return sorted(shown, key=_by_place)


def words(text: str) -> list[str]:
    """What is looked for, one word each."""
    return text.casefold().split()


def _by_place(row: Row) -> Place:
    return row.place


def _counted(row: Row, chosen: Filter, view: Viewpoint) -> bool:
    return _named(row, chosen.name, view) and (chosen.part is None or is_in(row.room, chosen.part, view.now_ms))


def _named(row: Row, name: FilterName, view: Viewpoint) -> bool:
    if name == "ending":
        return "all" in row.filters and row.ends_at is not None and row.ends_at <= view.now_ms + SOON_MS
    if name == "stale":
        return "all" in row.filters and row.room.source in view.stale_sources
    return name in row.filters


def _text(room: Room) -> str:
    people = (text for person in room.here() for text in (person.name, person.user))
    owner = room.owner.name if room.owner else ""
    return "\n".join((room.name, room.room, room.source, room.provider, owner, *people)).casefold()


def _filters(room: Room, me: str, *, needed: bool) -> frozenset[FilterName]:
    if room.state == "ended":
        return frozenset()
    mine = bool(me) and room.owner is not None and room.owner.id == me
    return _of_live(mine=mine, violated=bool(room.violations), needed=needed)


@cache
def _of_live(*, mine: bool, violated: bool, needed: bool) -> frozenset[FilterName]:
    """The same few objects for all rooms."""
    which: dict[FilterName, bool] = {"all": True, "mine": mine, "violations": violated, "needs_me": needed}
    return frozenset(name for name, matched in which.items() if matched)
