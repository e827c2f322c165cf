"""An appointment in words: when it begins, who is expected, who is missing. Pure: no Qt, no clock."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from moderator.client.texts import clock_time, safe
from moderator.desktop.durations import amount
from moderator.desktop.room_status import Level
from moderator.domain.attendance import Attendance
from moderator.domain.ids import RoomId, RoomKey, SourceName
from moderator.domain.settings import MINUTE_MS
from moderator.language import marked, ntr, tr, tr_in

_DAYS: Final = {1: marked("tomorrow {time}"), -1: marked("yesterday {time}")}
MOST_NAMED: Final = 3
"""So many people are named; the others are counted."""


class Coming(Struct, frozen=True, kw_only=True):
    """An appointment of today, and how it is going."""

    attendance: Attendance
    certain: bool = True
    """Whether it is known that nobody was there, where nobody is."""
    names: dict[str, str] = {}
    """Of people whose name any room has told, by user."""

    @property
    def id(self) -> str:
        """Of one beginning of one appointment."""
        return f"{self.attendance.source}/{self.attendance.name} {self.attendance.starts_at}"

    @property
    def room(self) -> RoomKey | None:
        """Where it takes place, once it does."""
        found = self.attendance
        return RoomKey(SourceName(found.source), RoomId(found.room)) if found.instance else None

    @property
    def absent(self) -> tuple[str, ...]:
        """The users who should be there, and are known not to have come."""
        return self.attendance.missing if self.certain and self.attendance.state in {"live", "missed"} else ()

    @property
    def nobody_came(self) -> bool:
        """Nobody at all, although it should have begun."""
        return self.attendance.state == "missed" and self.certain

    def called(self, user: str) -> str:
        """A person's name, else the id that the application knows them by."""
        return safe(self.names.get(user) or user)


def starts_text(coming: Coming, now_ms: int) -> str:
    """`10:00`, or `tomorrow 10:00`."""
    at = coming.attendance.starts_at
    days = (_local_day(at) - _local_day(now_ms)).days
    return tr(_DAYS.get(days, "{time}")).format(time=clock_time(at, with_seconds=False))


def state_text(coming: Coming, now_ms: int) -> str:
    """`in 12 min`, `Live now`, `3 min late`, `Nobody came`."""
    found = coming.attendance
    wait_min = -(-(found.starts_at - now_ms) // MINUTE_MS)
    match found.state:
        case "live":
            return tr("Live now")
        case "over":
            return tr("Was on")
        case "missed":
            return tr("Nobody came") if coming.certain else tr("Not on now")
        case _ if wait_min > 0:
            return tr("in {time}").format(time=amount(wait_min * 60))
        case _:
            return tr("{time} late").format(time=amount(-wait_min * 60)) if wait_min else tr("Due now")


def state_level(coming: Coming) -> Level:
    """How much it matters."""
    return "warn" if coming.nobody_came or coming.absent else "normal"


def expected_text(coming: Coming) -> str:
    """`Dr Lee, Bill`: who is expected; `anyone` where no list was announced."""
    users = [one.user for one in coming.attendance.allow]
    return listed([coming.called(user) for user in users]) if users else tr("anyone")


def missing_text(coming: Coming) -> str:
    """Who has not come although it is time."""
    return listed([coming.called(user) for user in coming.absent])


def listed(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """`Ann, Bo and 3 more`: at most so many by name."""
    shown = tr_in("between items of a list", ", ").join(names[:most])
    more = len(names) - most
    if more <= 0:
        return shown
    return ntr("{names} and {count} more", "{names} and {count} more", more).format(names=shown, count=more)


def spoken(coming: Coming, now_ms: int) -> str:
    """The row for a screen reader."""
    missing = missing_text(coming)
    words = tr("Appointment {name}, starts {start}, {state}, expected: {expected}")
    if missing:
        words = tr("Appointment {name}, starts {start}, {state}, expected: {expected}, missing: {missing}")
    return words.format(
        name=safe(coming.attendance.name),
        start=starts_text(coming, now_ms),
        state=state_text(coming, now_ms),
        expected=expected_text(coming),
        missing=missing,
    )


def matches(coming: Coming, words: Sequence[str]) -> bool:
    """Whether each of the words occurs in its name, its people or its source."""
    found = coming.attendance
    people = " ".join((*(one.user for one in found.allow), *coming.names.values()))
    text = f"{found.name}\n{found.room}\n{found.source}\n{found.type}\n{people}".casefold()
    return all(word in text for word in words)


def _local_day(at_ms: int) -> datetime:
    local = datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone()
    return local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
