"""What state a room is in, in one word, and how much it matters. Pure: no Qt, no clock."""

from typing import Final, Literal

from msgspec import Struct

from moderator.domain.rooms import Deadline, Room
from moderator.language import marked, ntr, tr

Level = Literal["normal", "info", "warn", "critical", "stale"]
RANK: Final[dict[Level, int]] = {"critical": 0, "warn": 1, "stale": 2, "info": 3, "normal": 4}
"""Greatest need first."""


class Status(Struct, frozen=True, gc=False):
    """A level, an icon of `resources/icons` ("" for none) and a word: never told by colour alone."""

    level: Level
    icon: str
    word: str


ON_TIME: Final = Status("normal", "", marked("On time"))
OPEN_END: Final = Status("normal", "", marked("No limit"))
WAITING: Final = Status("info", "hourglass", marked("Waiting"))
EMPTY: Final = Status("info", "door-open", marked("Empty"))
ENDED: Final = Status("info", "circle-check", marked("Ended"))
OVER_TIME: Final = Status("critical", "alarm-clock", marked("Time is up"))
_NOT_ALLOWED: Final = Status("critical", "user-x", marked("Not allowed"))
_VIOLATED: Final[dict[str, Status]] = {
    "lock": Status("critical", "user-x", marked("Not let in")),
    "allow_list": Status("critical", "user-x", marked("Not on the list")),
    "max_people": Status("critical", "user-x", marked("Over size")),
    "screen_share": Status("critical", "monitor-x", marked("Wrong share")),
}
"""By policy, the gravest first. The words of all of these are English until `_said`."""


def room_status(room: Room, now_ms: int, *, stale: str = "") -> Status:
    """The state that matters most. `stale` says since when nothing is known of the room ("22 s"), or nothing."""
    if room.state == "ended":
        return _said(ENDED)
    if stale:
        return Status("stale", "wifi-off", tr("Stale {age}").format(age=stale))
    if room.violations:
        return _said(_violated(room))
    if room.deadline is not None:
        return _timed(room.deadline, now_ms, room.people)
    if room.people == 0:
        return _said(EMPTY)
    waits = room.limits is not None and room.limits.duration_ms is not None and room.reported_end is None
    return _said(WAITING if waits else OPEN_END)


def every_word() -> tuple[str, ...]:
    """What a state can be called, for the width of a column."""
    states = (ON_TIME, OPEN_END, WAITING, EMPTY, ENDED, OVER_TIME, _NOT_ALLOWED, *_VIOLATED.values())
    spans = (last_words(threshold_ms) for threshold_ms in (300_000, 20_000))
    stale = tr("Stale {age}").format(age=tr("{minutes} min").format(minutes=10))
    return (*(tr(state.word) for state in states), *spans, stale)


def _said(status: Status) -> Status:
    return Status(status.level, status.icon, tr(status.word))


def _violated(room: Room) -> Status:
    policies = {found.policy for found in room.violations}
    found = next((status for policy, status in _VIOLATED.items() if policy in policies), None)
    return found or _NOT_ALLOWED


def _timed(deadline: Deadline, now_ms: int, people: int) -> Status:
    left_ms = deadline.ends_at - now_ms
    if left_ms <= 0:
        return _said(OVER_TIME)
    crossed = [threshold for threshold in deadline.warn_ms if left_ms <= threshold]
    if not crossed:
        return _said(EMPTY if people == 0 else ON_TIME)
    words = last_words(min(crossed))
    if len(crossed) == 1 and len(deadline.warn_ms) > 1:
        return Status("warn", "clock-alert", words)
    return Status("critical", "alarm-clock", words)


def last_words(threshold_ms: int) -> str:
    """The span that has begun, true at every moment of it: `Last 5 minutes`, `Last 20 seconds`."""
    if threshold_ms % 60_000 == 0:
        minutes = threshold_ms // 60_000
        return ntr("Last minute", "Last {count} minutes", minutes).format(count=minutes)
    seconds = threshold_ms // 1000
    return ntr("Last second", "Last {count} seconds", seconds).format(count=seconds)


def threshold_word(threshold_ms: int) -> str:
    """A threshold as people call it: `5 minutes`, `1 minute`, `20 seconds`."""
    if threshold_ms % 60_000 == 0:
        minutes = threshold_ms // 60_000
        return ntr("{count} minute", "{count} minutes", minutes).format(count=minutes)
    seconds = threshold_ms // 1000
    return ntr("{count} second", "{count} seconds", seconds).format(count=seconds)
