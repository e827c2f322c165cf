"""The columns of the rooms table, and the text of each. Pure: no Qt, no clock."""

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Final

from msgspec import Struct

from moderator.client.texts import clock_time, keeper, safe
from moderator.desktop import durations
from moderator.desktop.orders.extending import step_s
from moderator.desktop.room_status import Status, every_word
from moderator.desktop.tables import row_texts
from moderator.desktop.viewing_words import looking_words, others_looking
from moderator.domain.rooms import Room
from moderator.language import tr, tr_in


class Column(IntEnum):
    """From left to right."""

    ROOM = 0
    LEFT = 1
    ENDS = 2
    PEOPLE = 3
    STATE = 4
    SOURCE = 5
    OWNER = 6
    EXTEND = 7


RIGHT_ALIGNED: Final = frozenset({Column.LEFT, Column.ENDS, Column.PEOPLE})

ALWAYS_SHOWN: Final = frozenset({Column.ROOM, Column.LEFT})
"""What a row is for."""
FIXED: Final = frozenset({Column.ROOM, Column.EXTEND})
"""First and last: the name is where reading begins, the button where the hand expects it."""
NAME_PX: Final = 176
"""So much of a room's name is in sight before a column that only adds to it."""
LEAST_NAME_PX: Final = 120
"""So much of it is always in sight."""
SPARED: Final = {
    **dict.fromkeys((Column.SOURCE, Column.OWNER, Column.ENDS, Column.PEOPLE), NAME_PX),
    **dict.fromkeys((Column.STATE, Column.EXTEND), LEAST_NAME_PX),
}
"""What goes first when the table is too narrow, and how much of the name it makes room for."""


class Glance(Struct, frozen=True, gc=False):
    """A room at one moment, as one moderator sees it."""

    room: Room
    status: Status
    now_ms: int
    me: str
    why_not_extend: str
    """Why the room cannot be extended; empty when it can."""
    mark: str = ""
    """What tells the room from others of its name; empty where there are none."""

    @property
    def name(self) -> str:
        """What the room is called, so that it means this one."""
        name = row_texts.name_of(self.room)
        return f"{name} · {safe(self.mark)}" if self.mark else name

    @property
    def left(self) -> str:
        """How much time there is."""
        return row_texts.left_text(self.room, self.now_ms, stale=self.status.level == "stale")

    @property
    def others(self) -> bool:
        """Whether other moderators look at it too."""
        return bool(self.room.viewers) and bool(others_looking(self.room, self.now_ms, self.me))

    @property
    def overtime(self) -> bool:
        """The deadline has passed, and the room goes on."""
        deadline = self.room.deadline
        return self.room.state != "ended" and deadline is not None and deadline.ends_at < self.now_ms

    @property
    def mine(self) -> bool:
        """The moderator looks after this room."""
        return bool(self.me) and self.room.owner is not None and self.room.owner.id == self.me

    def spoken(self) -> str:
        """The row in one sentence."""
        return row_texts.spoken(self.name, self.room, self.status, self.now_ms)


def spared_columns(width_px: int, widths_px: Mapping[Column, int]) -> frozenset[Column]:
    """What a table of this width leaves out of its columns (all but the name), so that names can be read."""
    spared: set[Column] = set()
    name_px = width_px - sum(widths_px.values())
    for column, wanted_px in SPARED.items():
        if name_px < wanted_px and column in widths_px:
            spared.add(column)
            name_px += widths_px[column]
    return frozenset(spared)


def title(column: Column) -> str:
    """What stands above the column."""
    return _TITLES[column]()


def menu_title(column: Column) -> str:
    """What menus call the column; the button's has no title."""
    return title(column) or tr("Extend button")


def samples(column: Column) -> tuple[str, ...]:
    """The longest that usually stands in a cell, to give the column its width."""
    return _SAMPLES[column]()


def text(column: Column, glance: Glance) -> str:
    """What stands in a cell."""
    return _TEXTS[column](glance)


def tooltip(column: Column, glance: Glance) -> str:
    """What there is to know beyond the cell, or what does not fit in it."""
    return _TOOLTIPS[column](glance) if column in _TOOLTIPS else ""


def _ends(glance: Glance) -> str:
    deadline = glance.room.deadline
    return clock_time(deadline.ends_at, with_seconds=False) if deadline else row_texts.NOTHING


def _name_tooltip(glance: Glance) -> str:
    booked = glance.room.next_appointment
    at = clock_time(booked.starts_at, with_seconds=False) if booked else ""
    parts = (
        glance.name,
        tr("locked") if glance.room.locked else "",
        tr("next: {appointment} at {time}").format(appointment=safe(booked.name), time=at) if booked else "",
    )
    return " · ".join(part for part in parts if part)


def _ends_tooltip(glance: Glance) -> str:
    platform = keeper(glance.room)
    return tr("{platform} keeps this end").format(platform=platform) if platform else ""


def _source_tooltip(glance: Glance) -> str:
    return f"{safe(glance.room.source)} ({safe(glance.room.provider)})"


def _owner_tooltip(glance: Glance) -> str:
    owner, looking = glance.room.owner, looking_words(glance.room, glance.now_ms, glance.me)
    return "\n".join(words for words in (safe(owner.name or owner.id) if owner else "", looking) if words)


def _extend_tooltip(glance: Glance) -> str:
    added = durations.spoken(step_s(glance.room))
    return glance.why_not_extend or tr("Extend by {duration}").format(duration=added)


_TITLES: Final[dict[Column, Callable[[], str]]] = {
    Column.ROOM: lambda: tr("Room"),
    Column.LEFT: lambda: tr_in("time that is left", "Left"),
    Column.ENDS: lambda: tr_in("time of day", "Ends"),
    Column.PEOPLE: lambda: tr("People"),
    Column.STATE: lambda: tr("State"),
    Column.SOURCE: lambda: tr("Source"),
    Column.OWNER: lambda: tr("Owner"),
    Column.EXTEND: lambda: "",
}
_TEXTS: Final[dict[Column, Callable[[Glance], str]]] = {
    Column.ROOM: lambda glance: glance.name,
    Column.LEFT: lambda glance: glance.left,
    Column.ENDS: _ends,
    Column.PEOPLE: lambda glance: row_texts.people_text(glance.room),
    Column.STATE: lambda glance: glance.status.word,
    Column.SOURCE: lambda glance: safe(glance.room.source),
    Column.OWNER: lambda glance: row_texts.owner_text(glance.room, glance.me),
    Column.EXTEND: lambda glance: row_texts.step_text(glance.room),
}
_TOOLTIPS: Final[dict[Column, Callable[[Glance], str]]] = {
    Column.ROOM: _name_tooltip,
    Column.ENDS: _ends_tooltip,
    Column.STATE: lambda glance: glance.status.word,
    Column.SOURCE: _source_tooltip,
    Column.OWNER: _owner_tooltip,
    Column.EXTEND: _extend_tooltip,
}
_DAY_MS: Final = 86_400_000
_SAMPLES: Final[dict[Column, Callable[[], tuple[str, ...]]]] = {
    Column.ROOM: lambda: ("cardiology-14",),
    Column.LEFT: lambda: (row_texts.left_of(_DAY_MS - 1, stale=True), row_texts.left_of(-1, stale=False)),
    Column.ENDS: lambda: (clock_time(_DAY_MS, with_seconds=False),),
    Column.PEOPLE: lambda: ("100/100",),
    Column.STATE: every_word,
    Column.SOURCE: lambda: ("clinic-east",),
    Column.OWNER: lambda: (tr("you"), "Alexandra"),
    Column.EXTEND: lambda: (durations.step(30_000),),
}
