"""The words and figures of a row, for the eye and for screen readers. Pure: no Qt, no clock."""

from typing import Final

from moderator.client.texts import safe, time_left
from moderator.desktop import durations
from moderator.desktop.orders.extending import step_s
from moderator.desktop.room_status import Level, Status
from moderator.domain.rooms import Room
from moderator.language import marked, ntr, plus, tr, tr_in

NOTHING = "\N{EM DASH}"


def name_of(room: Room) -> str:
    """What the room is called, else its id; safe to paint."""
    return safe(room.name or room.room)


def left_text(room: Room, now_ms: int, *, stale: bool) -> str:
    """`04:31`, `+02:13` when time is up, `≈ 33:02` when somebody may have changed it unseen."""
    if room.deadline is None or room.state == "ended":
        return NOTHING
    return left_of(room.deadline.ends_at - now_ms, stale=stale)


def left_of(left_ms: int, *, stale: bool) -> str:
    """The same of a time; how far it is past without the word, for which there is a colour and a sign."""
    over_s = -(left_ms // 1000)
    text = time_left(left_ms) if left_ms >= 0 else f"{plus()}{over_s // 60:02d}:{over_s % 60:02d}"
    return f"\N{ALMOST EQUAL TO} {text}" if stale else text


def people_text(room: Room) -> str:
    """`2/2`, or `2` where any number may come."""
    most = room.limits.max_people if room.limits else None
    return f"{room.people}" if most is None else f"{room.people}/{most}"


def over_full(room: Room) -> bool:
    """More people than the room's type allows."""
    return room.limits is not None and room.limits.max_people is not None and room.people > room.limits.max_people


def step_text(room: Room) -> str:
    """What the button adds: `+5` minutes, `+30 s`; nothing where there is neither an end nor a type that gives one."""
    seconds = step_s(room)
    return "" if seconds <= 0 or (room.limits is None and room.deadline is None) else durations.step(seconds * 1000)


def owner_text(room: Room, me: str) -> str:
    """`you`, the owner's name, or a dash."""
    if room.owner is None:
        return NOTHING
    return tr("you") if room.owner.id == me else safe(room.owner.name or room.owner.id)


def spoken(name: str, room: Room, status: Status, now_ms: int) -> str:
    """A row in one sentence: `Room cardio-14, 4 minutes 12 seconds left, warning, 2 of 2 people`."""
    parts = (
        tr("Room {name}").format(name=name),
        _spoken_time(room, now_ms),
        *_spoken_status(status),
        _spoken_people(room),
        tr("locked") if room.locked else "",
    )
    return tr_in("between parts of a list", ", ").join(part for part in parts if part)


_LEVELS: Final[dict[Level, str]] = {"warn": marked("warning"), "critical": marked("critical")}


def _spoken_status(status: Status) -> tuple[str, ...]:
    # Beside the time that is left, the name of a threshold ("last 5 minutes") would be heard as another time.
    if status.level not in _LEVELS:
        return (status.word,)
    level = tr(_LEVELS[status.level])
    return (level,) if "clock" in status.icon else (level, status.word)


def _spoken_time(room: Room, now_ms: int) -> str:
    if room.deadline is None or room.state == "ended":
        return ""
    left_s = (room.deadline.ends_at - now_ms) // 1000
    words = tr("{duration} left") if left_s >= 0 else tr("{duration} over")
    return words.format(duration=durations.spoken(abs(left_s)))


def _spoken_people(room: Room) -> str:
    most = room.limits.max_people if room.limits else None
    if most is not None:
        return ntr("{count} of {most} person", "{count} of {most} people", most).format(count=room.people, most=most)
    return ntr("{count} person", "{count} people", room.people).format(count=room.people)
