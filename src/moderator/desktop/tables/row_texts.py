"""The words and figures of a row, for the eye and for screen readers. Pure: no Qt, no clock."""

from moderator.client.texts import safe, time_left
from moderator.desktop.extending import step_s
from moderator.desktop.room_status import Status
from moderator.domain.rooms import Room

NOTHING = "\N{EM DASH}"


def name_of(room: Room) -> str:
    """What the room is called, else its id; safe to paint."""
    return safe(room.name or room.room)


def left_text(room: Room, now_ms: int, *, stale: bool) -> str:
    """`04:31`, `+02:13` when time is up, `≈ 33:02` when somebody may have changed it unseen."""
    if room.deadline is None or room.state == "ended":
        return NOTHING
    text = time_left(room.deadline.ends_at - now_ms).removesuffix(" over")
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
    if seconds <= 0 or (room.limits is None and room.deadline is None):
        return ""
    return f"+{seconds} s" if seconds % 60 else f"+{seconds // 60}"


def owner_text(room: Room, me: str) -> str:
    """`you`, the owner's name, or a dash."""
    if room.owner is None:
        return NOTHING
    return "you" if room.owner.id == me else safe(room.owner.name or room.owner.id)


def spoken(room: Room, status: Status, now_ms: int) -> str:
    """A row in one sentence: `Room cardio-14, 4 minutes 12 seconds left, warning, 2 of 2 people`."""
    locked = "locked" if room.locked else ""
    parts = (f"Room {name_of(room)}", _spoken_time(room, now_ms), *_spoken_status(status), _spoken_people(room), locked)
    return ", ".join(part for part in parts if part)


def _spoken_status(status: Status) -> tuple[str, ...]:
    # Beside the time that is left, the name of a threshold ("5 minutes") would be heard as another time.
    level = {"warn": "warning", "critical": "critical"}.get(status.level)
    if level is None:
        return (status.word,)
    return (level,) if "clock" in status.icon else (level, status.word)


def _spoken_time(room: Room, now_ms: int) -> str:
    if room.deadline is None or room.state == "ended":
        return ""
    left_s = (room.deadline.ends_at - now_ms) // 1000
    return f"{spoken_duration(abs(left_s))} {'left' if left_s >= 0 else 'over'}"


def spoken_duration(seconds: int) -> str:
    """`4 minutes 12 seconds`, `1 hour 5 minutes`: the two greatest units."""
    amounts = (seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second")
    said = [f"{amount} {unit}{'' if amount == 1 else 's'}" for amount, unit in amounts if amount]
    return " ".join(said[:2]) or "0 seconds"


def _spoken_people(room: Room) -> str:
    most = room.limits.max_people if room.limits else None
    if most is not None:
        return f"{room.people} of {most} people"
    return f"{room.people} {'person' if room.people == 1 else 'people'}"
