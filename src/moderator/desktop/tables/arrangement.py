"""Which rooms a table shows and in which order. Pure: what a room is worth to each filter is computed once per change
of the room, so that a filter or a letter typed costs one comparison per room.
"""

from typing import Final, Literal, get_args

from msgspec import Struct

from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.domain.settings import MINUTE_MS

FilterName = Literal["all", "mine", "needs_me", "ending", "violations", "stale"]
FILTERS: Final[tuple[FilterName, ...]] = get_args(FilterName)
ENDING_MS: Final = 5 * MINUTE_MS
Place = tuple[int, int, str, str]
"""What rows are ordered by: with a deadline or without, the deadline, and the room's key, which makes it unique."""
WITH_DEADLINE: Final = 0
WITHOUT_DEADLINE: Final = 1


class Filter(Struct, frozen=True):
    """What the moderator wants to see."""

    name: FilterName = "all"
    text: str = ""
    """Words; each must occur in the room's name, its people or its source."""


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
    text: str
    """Everything that a text filter looks at."""
    filters: frozenset[FilterName]
    """The filters that match whatever the time is."""


def a_row(room: Room, me: str) -> Row:
    """A room's row; `me` is the moderator's id, or nothing while it is not known."""
    return Row(room.key, room, _place(room), _text(room), _filters(room, me))


def matches(row: Row, chosen: Filter, view: Viewpoint) -> bool:
    """Whether a table with this filter shows the room."""
    return _named(row, chosen.name, view) and all(word in row.text for word in words(chosen.text))


def arranged(rows: list[Row], chosen: Filter, view: Viewpoint) -> list[Row]:
    """The rows to be shown, in their order."""
    wanted = words(chosen.text)
    shown = [row for row in rows if _named(row, chosen.name, view)]
    for word in wanted:
        shown = [row for row in shown if word in row.text]
    return sorted(shown, key=_by_place)


def words(text: str) -> list[str]:
    """What is looked for, one word each."""
    return text.casefold().split()


def _by_place(row: Row) -> Place:
    return row.place


def _named(row: Row, name: FilterName, view: Viewpoint) -> bool:
    if name == "ending":
        group, ends_at = row.place[:2]
        return "all" in row.filters and group == WITH_DEADLINE and ends_at <= view.now_ms + ENDING_MS
    if name == "stale":
        return "all" in row.filters and row.room.source in view.stale_sources
    return name in row.filters


def _place(room: Room) -> Place:
    if room.deadline is None:
        return (WITHOUT_DEADLINE, 0, room.source, room.room)
    return (WITH_DEADLINE, room.deadline.ends_at, room.source, room.room)


def _text(room: Room) -> str:
    people = (text for person in room.here() for text in (person.name, person.user))
    owner = room.owner.name if room.owner else ""
    return "\n".join((room.name, room.room, room.source, room.provider, owner, *people)).casefold()


def _filters(room: Room, me: str) -> frozenset[FilterName]:
    if room.state == "ended":
        return frozenset()
    found: set[FilterName] = {"all"}
    mine = bool(me) and room.owner is not None and room.owner.id == me
    if mine:
        found.add("mine")
    if room.violations:
        found.add("violations")
    if (mine or room.owner is None) and _needs_somebody(room):
        found.add("needs_me")
    return frozenset(found)


def _needs_somebody(room: Room) -> bool:
    """As the alerts have it: a violation, people whose time is up, or a last warning that nobody has acknowledged."""
    if room.violations:
        return True
    deadline = room.deadline
    if deadline is None or deadline.expired:
        return deadline is not None and room.people > 0
    raised = [one for one in room.warnings if one.deadline_version == deadline.version]
    tightest = min(raised, key=lambda one: one.threshold_ms, default=None)
    return tightest is not None and tightest.acknowledged_by is None
