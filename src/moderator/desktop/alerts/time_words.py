"""The sentences about a room's time: when it ends, what happens then, and who has answered. Pure."""

from moderator.client.texts import clock_time, keeper, safe
from moderator.desktop.alerts.interrupting import Concern
from moderator.desktop.census.parts import ANSWER_MS
from moderator.desktop.durations import amount
from moderator.desktop.orders.extending import booking, runs_into, step_s
from moderator.domain.rooms import Deadline, Room, Warning
from moderator.language import ntr, tr


def looked_after(room: Room, whose: Concern, waited_ms: int) -> str:
    """Who looks after a room that is another's; empty for one's own and nobody's."""
    if room.owner is None or whose in {"ours", "anybodys"}:
        return ""
    owner = safe(room.owner.name or room.owner.id)
    if whose == "theirs":
        return tr("{owner} looks after it.").format(owner=owner)
    waited_s = waited_ms // 1000
    waited = amount(ANSWER_MS // 1000 if waited_s < 60 else waited_s // 60 * 60)
    return tr("Nobody has answered for {time}: {owner} looks after it.").format(time=waited, owner=owner)


def answered_by(warning: Warning) -> str:
    """Who acknowledged it, and when where that is known."""
    who = safe(warning.acknowledged_by_name or warning.acknowledged_by or "")
    if not warning.acknowledged_at:
        return tr("{who} has acknowledged it.").format(who=who)
    at = clock_time(warning.acknowledged_at, with_seconds=False)
    return tr("{who} acknowledged it at {time}.").format(who=who, time=at)


def outlook(room: Room, deadline: Deadline, *, held: bool) -> str:
    """When the room ends, for whom, and what its next appointment is where the usual extension would run into it."""
    booked = runs_into(room, deadline.ends_at + step_s(room) * 1000)
    end = _end(room, held=held).format(
        time=clock_time(deadline.ends_at, with_seconds=False), platform=keeper(room), count=room.people
    )
    return f"{end} {booking(booked)}" if booked else end


def what_now(room: Room, deadline: Deadline, *, held: bool) -> str:
    """That time is up, and what happens next."""
    return _next_step(room, deadline, held=held).format(platform=keeper(room), count=room.people)


def _end(room: Room, *, held: bool) -> str:
    if keeper(room):
        if not room.people:
            return tr("{platform} ends it at {time}.")
        return ntr(
            "{platform} ends it at {time} and disconnects 1 person.",
            "{platform} ends it at {time} and disconnects {count} people.",
            room.people,
        )
    if not _cuts_off(room):
        return tr("Ends at {time}. Nobody is disconnected then: you are told.")
    if held:
        return tr("Ends at {time}. Disconnects are paused: everybody stays.")
    if not room.people:
        return tr("Ends at {time}.")
    return ntr(
        "Ends at {time} and disconnects 1 person.", "Ends at {time} and disconnects {count} people.", room.people
    )


def _next_step(room: Room, deadline: Deadline, *, held: bool) -> str:
    if keeper(room):
        return ntr(
            "Time is up. {platform} disconnects 1 person by itself.",
            "Time is up. {platform} disconnects {count} people by itself.",
            room.people,
        )
    if not _cuts_off(room):
        return ntr(
            "Time is up. Nobody disconnects the 1 person: it is your turn.",
            "Time is up. Nobody disconnects the {count} people: it is your turn.",
            room.people,
        )
    if held:
        return ntr(
            "Time is up. Disconnects are paused: 1 person stays.",
            "Time is up. Disconnects are paused: {count} people stay.",
            room.people,
        )
    if deadline.expired:
        return ntr(
            "Time is up. 1 person is disconnected now.", "Time is up. {count} people are disconnected now.", room.people
        )
    return ntr(
        "Time is up. 1 person is disconnected in a moment.",
        "Time is up. {count} people are disconnected in a moment.",
        room.people,
    )


def _cuts_off(room: Room) -> bool:
    """Whether the gateway does, when the time is up that it keeps."""
    return room.limits is not None and room.limits.mode == "enforce" and room.limits.on_expiry != "alert"
