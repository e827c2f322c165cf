"""What state a room is in, in one word, and how much it matters. Pure: no Qt, no clock."""

from typing import Final, Literal

from msgspec import Struct

from moderator.domain.rooms import Deadline, Room

Level = Literal["normal", "info", "warn", "critical", "stale"]
RANK: Final[dict[Level, int]] = {"critical": 0, "warn": 1, "stale": 2, "info": 3, "normal": 4}
"""Greatest need first."""


class Status(Struct, frozen=True, gc=False):
    """A level, an icon of `resources/icons` ("" for none) and a word: never told by colour alone."""

    level: Level
    icon: str
    word: str


ON_TIME: Final = Status("normal", "", "On time")
OPEN_END: Final = Status("normal", "", "No limit")
WAITING: Final = Status("info", "hourglass", "Waiting")
EMPTY: Final = Status("info", "door-open", "Empty")
ENDED: Final = Status("info", "circle-check", "Ended")
OVER_TIME: Final = Status("critical", "alarm-clock", "Time is up")


def room_status(room: Room, now_ms: int, *, stale: str = "") -> Status:
    """The state that matters most. `stale` says since when nothing is known of the room ("22 s"), or nothing."""
    if room.state == "ended":
        return ENDED
    if stale:
        return Status("stale", "wifi-off", f"Stale {stale}")
    if room.violations:
        return _violated(room)
    if room.deadline is not None:
        return _timed(room.deadline, now_ms, room.people)
    if room.people == 0:
        return EMPTY
    waits = room.limits is not None and room.limits.duration_ms is not None and room.reported_end is None
    return WAITING if waits else OPEN_END


_VIOLATED: Final[dict[str, Status]] = {
    "lock": Status("critical", "user-x", "Not let in"),
    "allow_list": Status("critical", "user-x", "Not on the list"),
    "max_people": Status("critical", "user-x", "Over size"),
    "screen_share": Status("critical", "monitor-x", "Wrong share"),
}
"""By policy, the gravest first."""


def _violated(room: Room) -> Status:
    policies = {found.policy for found in room.violations}
    found = next((status for policy, status in _VIOLATED.items() if policy in policies), None)
    return found or Status("critical", "user-x", "Not allowed")


def _timed(deadline: Deadline, now_ms: int, people: int) -> Status:
    left_ms = deadline.ends_at - now_ms
    if left_ms <= 0:
        return OVER_TIME
    crossed = [threshold for threshold in deadline.warn_ms if left_ms <= threshold]
    if not crossed:
        return EMPTY if people == 0 else ON_TIME
    word = threshold_word(min(crossed))
    if len(crossed) == 1 and len(deadline.warn_ms) > 1:
        return Status("warn", "clock-alert", word)
    return Status("critical", "alarm-clock", word)


def threshold_word(threshold_ms: int) -> str:
    """A threshold as people call it: `5 minutes`, `1 minute`, `20 seconds`."""
    unit, unit_ms = ("minute", 60_000) if threshold_ms % 60_000 == 0 else ("second", 1000)
    amount = threshold_ms // unit_ms
    return f"{amount} {unit}" + ("" if amount == 1 else "s")
