"""The columns of the rooms table, and the text of each. Pure: no Qt, no clock."""

from collections.abc import Callable
from enum import IntEnum
from typing import Final

from msgspec import Struct

from moderator.client.texts import clock_time, keeper, safe
from moderator.desktop.extending import step_s
from moderator.desktop.room_status import Status
from moderator.desktop.tables import row_texts
from moderator.domain.rooms import Room


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

WIDTHS: Final[dict[Column, int]] = {
    Column.LEFT: 112,
    Column.ENDS: 72,
    Column.PEOPLE: 88,
    Column.STATE: 144,
    Column.SOURCE: 88,
    Column.OWNER: 80,
    Column.EXTEND: 80,
}
"""In pixels; the name takes what is left."""
NAME_PX: Final = 176
"""As much of a room's name is always in sight."""
_SPARED: Final = (Column.SOURCE, Column.OWNER, Column.ENDS, Column.PEOPLE)
"""What goes first when the table is too narrow."""


class Glance(Struct, frozen=True, gc=False):
    """A room at one moment, as one moderator sees it."""

    room: Room
    status: Status
    now_ms: int
    me: str
    why_not_extend: str
    """Why the room cannot be extended; empty when it can."""

    @property
    def left(self) -> str:
        """How much time there is."""
        return row_texts.left_text(self.room, self.now_ms, stale=self.status.level == "stale")

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
        return row_texts.spoken(self.room, self.status, self.now_ms)


def spared_columns(width_px: int) -> frozenset[Column]:
    """What a table of this width leaves out, so that names can be read."""
    spared: set[Column] = set()
    missing = NAME_PX + sum(WIDTHS.values()) - width_px
    for column in _SPARED:
        if missing > 0:
            spared.add(column)
            missing -= WIDTHS[column]
    return frozenset(spared)


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
    room = glance.room
    booked = room.next_appointment
    parts = (
        row_texts.name_of(room),
        "locked" if room.locked else "",
        f"next: {safe(booked.name)} at {clock_time(booked.starts_at, with_seconds=False)}" if booked else "",
    )
    return " · ".join(part for part in parts if part)


def _extend_tooltip(glance: Glance) -> str:
    return glance.why_not_extend or f"Extend by {row_texts.spoken_duration(step_s(glance.room))}"


def _ends_tooltip(glance: Glance) -> str:
    return f"{keeper(glance.room)} keeps this end" if keeper(glance.room) else ""


_TEXTS: Final[dict[Column, Callable[[Glance], str]]] = {
    Column.ROOM: lambda glance: row_texts.name_of(glance.room),
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
    Column.SOURCE: lambda glance: f"{safe(glance.room.source)} ({safe(glance.room.provider)})",
    Column.OWNER: lambda glance: safe(glance.room.owner.name or glance.room.owner.id) if glance.room.owner else "",
    Column.EXTEND: _extend_tooltip,
}
