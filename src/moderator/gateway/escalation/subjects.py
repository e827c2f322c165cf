"""What somebody outside is to be told of: warnings, violations and holds that nobody took care of. Pure."""

from collections.abc import Iterator
from typing import Final, Literal

from msgspec import Struct

from moderator.domain.rooms import Person, Room, Violation, Warning
from moderator.domain.state import Hold

Kind = Literal["warning", "violation", "hold", "test"]
_ENFORCING: Final = frozenset({"disconnect", "mute", "stream_stop"})
"""Commands by which a policy does something about a violation."""


class Subject(Struct, frozen=True, gc=False):
    """One warning, violation or hold that stands."""

    id: str
    """Unique in its room's instance; a hold is of no room."""
    kind: Kind
    since: int
    what: str
    """A sentence, without names of people."""


class Alert(Struct, frozen=True, kw_only=True):
    """What is sent; as JSON it is what a webhook's receiver gets. Times in milliseconds since the epoch, UTC."""

    id: str
    """The same whenever it is sent again, and in every channel."""
    kind: Kind
    text: str
    since: int
    source: str
    room: str
    room_name: str
    people: int
    ends_at: int | None
    owner: Person | None
    on_duty: tuple[Person, ...]
    url: str
    """Of the room at the gateway; empty when it has no public address."""


def standing(room: Room, hold: Hold | None) -> list[Subject]:
    """What nobody took care of yet, in a room that is on. `hold`: that keeps policies from removing anybody."""
    if room.state != "live":
        return []
    return [*_warnings(room), *_violations(room, hold)]


def held(hold: Hold | None) -> list[Subject]:
    """The hold itself: whoever set it, and even the breaker, nobody is removed by any policy until it is lifted.

    Its reason is not repeated, since somebody may have named people in it.
    """
    if hold is None:
        return []
    what = "automatic removals are paused everywhere, and nobody has resumed them"
    return [Subject(f"hold:{hold.since}", "hold", hold.since, what)]


def _warnings(room: Room) -> Iterator[Subject]:
    """Of the deadline as it is now. Who acknowledged a tighter warning has seen the wider ones too."""
    current = [one for one in room.warnings if room.deadline and one.deadline_version == room.deadline.version]
    seen_ms = min((one.threshold_ms for one in current if one.acknowledged_by is not None), default=None)
    for one in current:
        if one.acknowledged_by is None and (seen_ms is None or one.threshold_ms < seen_ms):
            yield Subject(one.id, "warning", one.raised_at, f"{_time(one)} left, and nobody has acknowledged it")


def _violations(room: Room, hold: Hold | None) -> Iterator[Subject]:
    """Those that no policy does anything about, or could not, or may not as long as removals are paused."""
    failed = {one.target for one in room.failures if one.command in _ENFORCING}
    for one in room.violations:
        since = one.found_at
        if not one.enforced:
            outcome = "nothing is done about it by itself"
        elif one.participant in failed:
            outcome = "it could not be ended"
        elif hold is not None:
            outcome, since = "nothing is done about it while automatic removals are paused", max(since, hold.since)
        else:
            continue
        yield Subject(_id(one), "violation", since, f"{_reason(one)}, and {outcome}")


def _id(one: Violation) -> str:
    """The same violation may be found again after it was cleared: then it is another."""
    return f"{one.policy}:{one.participant}:{one.found_at}"


def _reason(one: Violation) -> str:
    return f"somebody is not allowed here ({one.reason.replace('_', ' ')})"


def _time(one: Warning) -> str:
    minutes, seconds = divmod(one.threshold_ms // 1000, 60)
    if not seconds:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    return f"{minutes}:{seconds:02d} minutes" if minutes else f"{seconds} seconds"
