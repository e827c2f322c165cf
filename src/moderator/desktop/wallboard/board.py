"""What stands on the wallboard at one moment: a headline, counts, and a tile for each room that ends next. Pure."""

import heapq
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from moderator.client.texts import clock_time
from moderator.desktop.census.census import Figures
from moderator.desktop.room_status import Level, room_status
from moderator.desktop.tables.row_texts import left_text
from moderator.desktop.wallboard.codes import code_of
from moderator.domain.rooms import Room
from moderator.language import ntr, number, tr, tr_in


class Tile(Struct, frozen=True, gc=False):
    """One room, without any name."""

    code: str
    left: str
    ends: str
    icon: str
    word: str
    level: Level


class Headline(Struct, frozen=True):
    """The worst there is, in words."""

    level: Level
    icon: str
    text: str


NEXT: Final = 60
"""No screen has place for more tiles."""


def next_to_end(rooms: Iterable[Room]) -> list[Room]:
    """The first first."""
    timed = (room for room in rooms if room.state == "live" and room.deadline is not None)
    return heapq.nsmallest(NEXT, timed, key=_ends_at)


def tile(room: Room, now_ms: int, *, stale: bool) -> Tile:
    """A room that has a deadline."""
    status = room_status(room, now_ms, stale="?" if stale else "")
    assert room.deadline is not None
    return Tile(
        code=code_of(room),
        left=left_text(room, now_ms, stale=stale),
        ends=clock_time(room.deadline.ends_at, with_seconds=False),
        icon=status.icon,
        word=tr_in("room", "Stale") if stale else status.word,
        level=status.level,
    )


def headline(found: Figures, over: int, *, ready: bool, stale_for: str) -> Headline:
    """What to know first; `over` rooms have people in them although their time is up."""
    if not ready:
        return Headline("info", "loader-circle", tr("Connecting"))
    if stale_for:
        return Headline("stale", "wifi-off", tr("Old picture: nothing heard for {age}").format(age=stale_for))
    if over:
        text = ntr("Time is up in 1 room", "Time is up in {count} rooms", over)
        return Headline("critical", "alarm-clock", text.format(count=number(over)))
    if found.violations:
        text = ntr("Somebody is not allowed in 1 room", "Somebody is not allowed in {count} rooms", found.violations)
        return Headline("critical", "shield-alert", text.format(count=number(found.violations)))
    if found.unacknowledged:
        text = ntr("Nobody has answered 1 warning", "Nobody has answered {count} warnings", found.unacknowledged)
        return Headline("critical", "bell-ring", text.format(count=number(found.unacknowledged)))
    if found.ending:
        text = ntr("1 room ends within 5 minutes", "{count} rooms end within 5 minutes", found.ending)
        return Headline("warn", "clock-alert", text.format(count=number(found.ending)))
    return Headline("normal", "circle-check", tr("All calm") if found.live else tr("No live rooms"))


def over_time(rooms: Iterable[Room], now_ms: int) -> int:
    """How many rooms still have somebody in them after their time."""
    return sum(
        room.state == "live" and room.people > 0 and room.deadline is not None and room.deadline.ends_at <= now_ms
        for room in rooms
    )


def counts(found: Figures) -> tuple[tuple[str, str, str], ...]:
    """Numbers with their words, and the colour of each: a nought is nothing to look at."""
    numbers = (
        (found.live, tr("live"), "text"),
        (found.ending, tr("ending in 5 min"), "warn"),
        (found.violations, tr("violations"), "critical"),
        (found.unacknowledged, tr("unanswered"), "critical"),
        (found.stale, tr("stale"), "stale"),
    )
    return tuple((number(count), word, color if count else "muted") for count, word, color in numbers)


def _ends_at(room: Room) -> int:
    assert room.deadline is not None
    return room.deadline.ends_at
