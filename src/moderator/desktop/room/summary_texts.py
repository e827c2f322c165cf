"""The words about a room's time. Pure: no Qt, no clock."""

from collections.abc import Mapping
from typing import Final

from moderator.client.texts import clock_time, keeper, platform_name, safe, time_left
from moderator.desktop.durations import amount
from moderator.domain.rooms import Deadline, Room

NO_LIMIT: Final = "nothing ends it by itself"
"""Below the state, which says that there is no limit."""


def countdown(room: Room, now_ms: int, *, stale: bool) -> str:
    """The big figure; nothing where nothing counts down."""
    if room.deadline is None or room.state == "ended":
        return ""
    return ("≈ " if stale else "") + time_left(room.deadline.ends_at - now_ms)


def time_words(room: Room) -> str:
    """The line below the figure: when it ends, what was added, what may be added."""
    if room.state == "ended":
        return f"ended {clock_time(room.ended_at, with_seconds=False)}" if room.ended_at is not None else "ended"
    if room.deadline is not None:
        kept_by = keeper(room)
        return _deadline_words(room.deadline) + (f" · kept by {kept_by}" if kept_by else "")
    if room.deadline_is_platforms:
        return NO_LIMIT if room.reported_end else f"{platform_name(room.provider)} has told no end yet"
    if room.limits is None or room.limits.duration_ms is None:
        return NO_LIMIT
    return "waiting for the second person" if room.limits.starts == "second_person" else "has not begun"


def _deadline_words(deadline: Deadline) -> str:
    parts = [f"ends {clock_time(deadline.ends_at, with_seconds=False)}"]
    if deadline.extended_ms > 0:
        parts.append(f"+{amount(deadline.extended_ms // 1000)} used")
    if deadline.allowance_ms is not None:
        left = amount(deadline.allowance_ms // 1000) if deadline.allowance_ms >= 1000 else "none"
        parts.append(f"{left} left" if deadline.extended_ms > 0 else f"{left} may be added")
    return " · ".join(parts)


def changed_words(room: Room, me_id: str) -> str:
    """That its platform is being asked to move the end; else who changed it last, where somebody did."""
    if any(one.command == "extension" for one in room.pending):
        return f"asking {platform_name(room.provider)} to move the end…"
    deadline = room.deadline
    if deadline is None or not deadline.changed_by or not deadline.extended_ms:
        return ""
    is_me = bool(me_id) and deadline.changed_by == me_id
    return f"last extended by {'you' if is_me else safe(deadline.changed_by_name or deadline.changed_by)}"


def announced_words(room: Room) -> str:
    """`Announced 10:00-11:00 · next: appt-18 at 11:00`; nothing where nothing is announced."""
    appointment, booked = room.appointment, room.next_appointment
    parts = []
    if appointment is not None:
        begins = clock_time(appointment.starts_at, with_seconds=False)
        duration_ms = room.limits.duration_ms if room.limits else appointment.duration_ms
        ends = (
            f"\N{EN DASH}{clock_time(appointment.starts_at + duration_ms, with_seconds=False)}" if duration_ms else ""
        )
        parts.append(f"announced {begins}{ends}")
    if booked is not None:
        parts.append(f"next: {safe(booked.name)} at {clock_time(booked.starts_at, with_seconds=False)}")
    return " · ".join(parts)


def lock_words(room: Room, names: Mapping[str, str], me_id: str) -> str:
    """Who locked the room, and how many were let in since; `names` of moderators by id."""
    if room.locked is None:
        listed = room.limits is not None and room.limits.allow == "listed"
        return "Open to those listed" if listed else "Open to anybody"
    by = "you" if room.locked.by == me_id else safe(names.get(room.locked.by) or room.locked.by)
    let_in = len(set(room.allowed) - set(room.locked.people))
    return f"Locked by {by}" + (f" · {let_in} let in" if let_in else "")


def owner_words(room: Room, me_id: str) -> str:
    """Who looks after the room."""
    if room.owner is None:
        return "Nobody looks after it"
    if me_id and room.owner.id == me_id:
        return "You look after it"
    return f"{safe(room.owner.name or room.owner.id)} looks after it"
