"""Alerts about a room's time: the tightest warning that nobody has acknowledged, and that time is up. Pure."""

from collections.abc import Iterator

from moderator.client.me import Me
from moderator.client.texts import clock_time, keeper, safe
from moderator.desktop.alerts.alert import Alert, AlertAction, address, opening
from moderator.desktop.durations import amount
from moderator.desktop.extending import step_s
from moderator.desktop.intents import Intent
from moderator.desktop.room_status import Level
from moderator.domain.rooms import Deadline, Room, Warning


def time_alerts(room: Room, me: Me | None, now_ms: int, *, held: bool = False) -> Iterator[Alert]:
    """What to say about the time of a live room; `held`: automatic disconnects are paused.

    The first warning is told to the moderator who looks after the room, later ones to everybody.
    """
    deadline = room.deadline
    if deadline is None or room.state != "live":
        return
    if deadline.ends_at <= now_ms:
        if room.people:
            yield _time_up(room, deadline, held=held)
        return
    raised = [one for one in room.warnings if one.deadline_version == deadline.version]
    tightest = min(raised, key=lambda one: one.threshold_ms, default=None)
    if tightest is None or tightest.acknowledged_by is not None:
        return
    level = _level(tightest, deadline)
    if level == "critical" or _is_ours(room, me):
        yield _warned(room, deadline, tightest, level, held=held)


def _is_ours(room: Room, me: Me | None) -> bool:
    return room.owner is None or me is None or room.owner.id == me.id


def _level(warning: Warning, deadline: Deadline) -> Level:
    is_first = warning.threshold_ms == max(deadline.warn_ms, default=0) and len(deadline.warn_ms) > 1
    return "warn" if is_first else "critical"


def _warned(room: Room, deadline: Deadline, warning: Warning, level: Level, *, held: bool) -> Alert:
    acknowledge = (Intent(action="acknowledge", room=room.key, warning=warning.id),)
    return Alert(
        id=f"warning {address(room)} {warning.deadline_version} {warning.threshold_ms}",
        kind="warning",
        level=level,
        icon="clock-alert" if level == "warn" else "alarm-clock",
        title=safe(room.name),
        text=_outlook(room, deadline, held=held),
        moment=deadline.ends_at,
        reckoning="left",
        actions=(
            _extension(room),
            AlertAction("Acknowledge", acknowledge),
            opening(room),
        ),
        acknowledge=acknowledge,
        room=room.key,
        family=f"warning {warning.threshold_ms}",
    )


def _time_up(room: Room, deadline: Deadline, *, held: bool) -> Alert:
    return Alert(
        id=f"time-up {address(room)} {deadline.version}",
        kind="time_up",
        level="critical",
        icon="alarm-clock",
        title=safe(room.name),
        text=_what_now(room, deadline, held=held),
        moment=deadline.ends_at,
        reckoning="left",
        actions=(
            _extension(room),
            AlertAction("End room\u2026", (Intent(action="end", room=room.key),), "danger"),
            opening(room),
        ),
        room=room.key,
        family="time-up",
    )


def _extension(room: Room) -> AlertAction:
    label = amount(step_s(room), signed=True)
    return AlertAction(label, (Intent(action="extend", room=room.key),))


def _outlook(room: Room, deadline: Deadline, *, held: bool) -> str:
    ends_at = clock_time(deadline.ends_at, with_seconds=False)
    if platform := keeper(room):
        return f"{platform} ends it at {ends_at}{f' and disconnects {_people(room.people)}' if room.people else ''}."
    if not _cuts_off(room):
        return f"Ends at {ends_at}. Nobody is disconnected then: you are told."
    if held:
        return f"Ends at {ends_at}. Disconnects are paused: everybody stays."
    return f"Ends at {ends_at} and disconnects {_people(room.people)}." if room.people else f"Ends at {ends_at}."


def _what_now(room: Room, deadline: Deadline, *, held: bool) -> str:
    if platform := keeper(room):
        return f"Time is up. {platform} disconnects {_people(room.people)} by itself."
    if not _cuts_off(room):
        return f"Time is up. Nobody disconnects the {_people(room.people)}: it is your turn."
    if held:
        return f"Time is up. Disconnects are paused: {_people(room.people)} stay{'s' if room.people == 1 else ''}."
    when = "now" if deadline.expired else "in a moment"
    return f"Time is up. {_people(room.people)} {'is' if room.people == 1 else 'are'} disconnected {when}."


def _cuts_off(room: Room) -> bool:
    """Whether the gateway does, when the time is up that it keeps."""
    return room.limits is not None and room.limits.mode == "enforce" and room.limits.on_expiry != "alert"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
