"""Alerts about a room's time: the tightest warning, who has answered it, and that time is up. Pure. The sentences are
in `time_words`."""

from collections.abc import Iterator, Sequence

from moderator.client.me import Me
from moderator.client.texts import safe
from moderator.desktop.alerts.alert import Alert, AlertAction, address, opening
from moderator.desktop.alerts.interrupting import Concern, concern, interruption, time_cue, waiting_since
from moderator.desktop.alerts.time_words import answered_by, looked_after, outlook, what_now
from moderator.desktop.census.parts import ANSWER_MS
from moderator.desktop.durations import amount
from moderator.desktop.orders.extending import step_s
from moderator.desktop.orders.intents import Intent
from moderator.desktop.room_status import Level
from moderator.domain.rooms import Deadline, Room, Warning
from moderator.language import tr


def time_alerts(room: Room, me: Me | None, now_ms: int, *, held: bool = False) -> Iterator[Alert]:
    """What to say about the time of a live room; `held`: automatic disconnects are paused.

    It interrupts whoever looks after the room, and everybody when nobody answers; see `interrupting`.
    """
    deadline = room.deadline
    if deadline is None or room.state != "live":
        return
    raised = _raised(room, deadline)
    if deadline.ends_at <= now_ms:
        if room.people:
            yield _time_up(room, deadline, raised, me, now_ms, held=held)
    elif raised:
        tightest = min(raised, key=lambda one: one.threshold_ms)
        if tightest.acknowledged_by is None:
            yield _warned(room, deadline, tightest, me, now_ms, held=held)
        elif me is None or tightest.acknowledged_by != me.id:
            yield _answered(room, deadline, tightest, held=held)


def next_change(room: Room, now_ms: int) -> int | None:
    """When there is something else to say although nothing happens: time is up, or nobody has answered for long."""
    deadline = room.deadline
    if deadline is None or room.state != "live":
        return None
    waiting = waiting_since(_raised(room, deadline))
    moments = (deadline.ends_at, deadline.ends_at + ANSWER_MS, 0 if waiting is None else waiting + ANSWER_MS)
    return min((moment for moment in moments if moment > now_ms), default=None)


def _raised(room: Room, deadline: Deadline) -> Sequence[Warning]:
    return [one for one in room.warnings if one.deadline_version == deadline.version]


def _level(warning: Warning, deadline: Deadline) -> Level:
    is_first = warning.threshold_ms == max(deadline.warn_ms, default=0) and len(deadline.warn_ms) > 1
    return "warn" if is_first else "critical"


def _warned(room: Room, deadline: Deadline, warning: Warning, me: Me | None, now_ms: int, *, held: bool) -> Alert:
    since = waiting_since(_raised(room, deadline)) or warning.raised_at
    whose = concern(room, me, since, now_ms)
    level = "info" if whose == "theirs" else _level(warning, deadline)
    acknowledge = (Intent(action="acknowledge", room=room.key, warning=warning.id),)
    return Alert(
        id=f"{_family('warning', whose)} {address(room)} {warning.deadline_version} {warning.threshold_ms}",
        kind="warning",
        level=level,
        icon="alarm-clock" if level == "critical" else "clock-alert",
        title=safe(room.name),
        text=f"{looked_after(room, whose, now_ms - since)} {outlook(room, deadline, held=held)}".strip(),
        moment=deadline.ends_at,
        reckoning="left",
        actions=(_extension(room), AlertAction(tr("Acknowledge"), acknowledge), opening(room)),
        acknowledge=acknowledge,
        room=room.key,
        family=f"{_family('warning', whose)} {warning.threshold_ms}",
        interruption=interruption(room, me, time_cue(warning.threshold_ms, deadline.warn_ms), whose),
    )


def _answered(room: Room, deadline: Deadline, warning: Warning, *, held: bool) -> Alert:
    return Alert(
        id=f"answered {address(room)} {warning.deadline_version} {warning.threshold_ms}",
        kind="warning",
        level="info",
        icon="circle-check",
        title=safe(room.name),
        text=f"{answered_by(warning)} {outlook(room, deadline, held=held)}",
        moment=deadline.ends_at,
        reckoning="left",
        actions=(_extension(room), opening(room)),
        room=room.key,
        family="answered",
    )


def _time_up(
    room: Room, deadline: Deadline, raised: Sequence[Warning], me: Me | None, now_ms: int, *, held: bool
) -> Alert:
    since = waiting_since(raised) or deadline.ends_at
    whose = concern(room, me, since, now_ms)
    return Alert(
        id=f"{_family('time-up', whose)} {address(room)} {deadline.version}",
        kind="time_up",
        level="info" if whose == "theirs" else "critical",
        icon="alarm-clock",
        title=safe(room.name),
        text=f"{looked_after(room, whose, now_ms - since)} {what_now(room, deadline, held=held)}".strip(),
        moment=deadline.ends_at,
        reckoning="left",
        actions=(
            _extension(room),
            AlertAction(tr("End room\u2026"), (Intent(action="end", room=room.key),), "danger"),
            opening(room),
        ),
        room=room.key,
        family=_family("time-up", whose),
        interruption=interruption(room, me, "last", whose),
    )


def _family(kind: str, whose: Concern) -> str:
    """Another's, and later everybody's, are other alerts: a note that was dismissed keeps no call for help away."""
    return kind if whose in {"ours", "anybodys"} else f"{whose}-{kind}"


def _extension(room: Room) -> AlertAction:
    label = amount(step_s(room), signed=True)
    return AlertAction(label, (Intent(action="extend", room=room.key),))
