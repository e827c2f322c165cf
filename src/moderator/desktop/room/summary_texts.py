"""The words about a room's time. Pure: no Qt, no clock."""

from collections.abc import Mapping

from moderator.client.texts import clock_time, keeper, platform_name, safe, time_left
from moderator.desktop.durations import amount
from moderator.domain.rooms import Deadline, Room
from moderator.language import ntr, tr


def countdown(room: Room, now_ms: int, *, stale: bool) -> str:
    """The big figure; nothing where nothing counts down."""
    if room.deadline is None or room.state == "ended":
        return ""
    return ("≈ " if stale else "") + time_left(room.deadline.ends_at - now_ms)


def time_words(room: Room) -> str:
    """The line below the figure: when it ends, what was added, what may be added."""
    if room.state == "ended":
        return tr("ended {time}").format(time=_time(room.ended_at)) if room.ended_at is not None else tr("ended")
    if room.deadline is not None:
        kept_by = keeper(room)
        kept = [tr("kept by {platform}").format(platform=kept_by)] if kept_by else []
        return " · ".join([*_deadline_words(room.deadline), *kept])
    if room.deadline_is_platforms and not room.reported_end:
        return tr("{platform} has told no end yet").format(platform=platform_name(room.provider))
    if room.deadline_is_platforms or room.limits is None or room.limits.duration_ms is None:
        return tr("nothing ends it by itself")
    return tr("waiting for the second person") if room.limits.starts == "second_person" else tr("has not begun")


def _deadline_words(deadline: Deadline) -> list[str]:
    parts = [tr("ends {time}").format(time=_time(deadline.ends_at))]
    if deadline.extended_ms > 0:
        parts.append(tr("+{amount} used").format(amount=amount(deadline.extended_ms // 1000)))
    if deadline.allowance_ms is not None:
        parts.append(_allowance_words(deadline.allowance_ms, extended=deadline.extended_ms > 0))
    return parts


def _allowance_words(allowance_ms: int, *, extended: bool) -> str:
    if allowance_ms < 1000:
        return tr("no more may be added") if extended else tr("none may be added")
    words = tr("{amount} may still be added") if extended else tr("{amount} may be added")
    return words.format(amount=amount(allowance_ms // 1000))


def changed_words(room: Room, me_id: str) -> str:
    """That its platform is being asked to move the end; else who changed it last, where somebody did."""
    if any(one.command == "extension" for one in room.pending):
        return tr("asking {platform} to move the end…").format(platform=platform_name(room.provider))
    deadline = room.deadline
    if deadline is None or not deadline.changed_by or not deadline.extended_ms:
        return ""
    if me_id and deadline.changed_by == me_id:
        return tr("last extended by you")
    return tr("last extended by {name}").format(name=safe(deadline.changed_by_name or deadline.changed_by))


def announced_words(room: Room) -> str:
    """`Announced 10:00-11:00 · next: appt-18 at 11:00`; nothing where nothing is announced."""
    appointment, booked = room.appointment, room.next_appointment
    parts = []
    if appointment is not None:
        begins = _time(appointment.starts_at)
        duration_ms = room.limits.duration_ms if room.limits else appointment.duration_ms
        words = tr("announced {begins}\N{EN DASH}{ends}") if duration_ms else tr("announced {begins}")
        parts.append(words.format(begins=begins, ends=_time(appointment.starts_at + (duration_ms or 0))))
    if booked is not None:
        parts.append(tr("next: {name} at {time}").format(name=safe(booked.name), time=_time(booked.starts_at)))
    return " · ".join(parts)


def lock_words(room: Room, names: Mapping[str, str], me_id: str) -> str:
    """Who locked the room, and how many were let in since; `names` of moderators by id."""
    if room.locked is None:
        listed = room.limits is not None and room.limits.allow == "listed"
        return tr("Open to those listed") if listed else tr("Open to anybody")
    by = safe(names.get(room.locked.by) or room.locked.by)
    words = tr("Locked by you") if room.locked.by == me_id else tr("Locked by {name}").format(name=by)
    let_in = len(set(room.allowed) - set(room.locked.people))
    return " · ".join([words, *([ntr("1 let in", "{count} let in", let_in).format(count=let_in)] if let_in else [])])


def owner_words(room: Room, me_id: str) -> str:
    """Who looks after the room."""
    if room.owner is None:
        return tr("Nobody looks after it")
    if me_id and room.owner.id == me_id:
        return tr("You look after it")
    return tr("{name} looks after it").format(name=safe(room.owner.name or room.owner.id))


def _time(at_ms: int) -> str:
    return clock_time(at_ms, with_seconds=False)
