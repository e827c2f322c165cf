"""What an alert is, and which comes first. What alerts there are is worked out in the modules that are named for it:
`time_alerts`, `violation_alerts` and so on."""

from collections.abc import Container, Iterable
from typing import Final, Literal

from msgspec import Struct

from moderator.client.texts import clock_time, safe, time_left
from moderator.desktop.alerts.interrupting import Interruption
from moderator.desktop.durations import age, amount
from moderator.desktop.orders.intents import Intent
from moderator.desktop.room_status import RANK, Level
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Participant, Room
from moderator.language import tr, tr_in

AlertKind = Literal[
    "warning", "time_up", "violation", "failure", "hold", "silence", "removal", "absence", "news", "rate", "test",
]  # fmt: skip
ButtonKind = Literal["danger", ""]
Reckoning = Literal["left", "ago", "at"]

_ORDER: Final[dict[AlertKind, int]] = {
    **{"time_up": 0, "warning": 0, "violation": 1, "failure": 2},
    **{"hold": 3, "silence": 4, "removal": 5, "absence": 6, "news": 7, "rate": 8, "test": 9},
}


class AlertAction(Struct, frozen=True):
    """A button: what it says, what it asks for, and what it looks like."""

    label: str
    intents: tuple[Intent, ...]
    kind: ButtonKind = ""


class Alert(Struct, frozen=True, kw_only=True):
    """One thing that needs somebody. The same thing keeps its id as long as it is the same thing."""

    id: str
    kind: AlertKind
    level: Level
    icon: str
    title: str
    text: str
    moment: int
    """Milliseconds since the epoch, UTC: see `reckoning`. 0 where there is none to tell."""
    reckoning: Reckoning
    """Whether the moment is counted towards, counted from, or told as a time of day."""
    actions: tuple[AlertAction, ...] = ()
    """The first is what Enter does."""
    acknowledge: tuple[Intent, ...] = ()
    """What acknowledges it; empty where there is nothing to acknowledge."""
    room: RoomKey | None = None
    family: str = ""
    """Alerts of one family are shown as one when there are many; empty: never."""
    who: str = ""
    """Whom a group names in its list; the title where it is empty."""
    interruption: Interruption | None = None
    """None: it stands in the list, and interrupts nobody who looks elsewhere."""


def address(room: Room) -> str:
    """The part of an id that says which instance of which room."""
    return f"{room.source}/{room.room} {room.instance}"


def opening(room: Room) -> AlertAction:
    """The button that shows the room."""
    return AlertAction(tr_in("room", "Open"), (Intent(action="select", room=room.key),))


def letting_in(room: Room, person: Participant) -> AlertAction:
    """The button that lets somebody stay, or come back, although a policy objects: once, in this instance."""
    return AlertAction(tr("Let in"), (Intent(action="allow", room=room.key, participant=person.id, user=person.user),))


def as_sentence(words: str) -> str:
    """Another program's words with a capital and a full stop, made safe; empty for none."""
    text = safe(words.strip().rstrip("."))
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def arranged(alerts: Iterable[Alert], dismissed: Container[str] = ()) -> tuple[Alert, ...]:
    """Greatest need first, what ends soonest before what ends later; without those that were dismissed."""
    return tuple(sorted((one for one in alerts if one.id not in dismissed), key=_need))


def when(alert: Alert, now_ms: int, *, stale: bool = False) -> str:
    """The moment as people read it: `00:47 left`, `40 s ago`, `13:58`. `stale`: it may have been changed meanwhile."""
    if alert.reckoning == "at":
        return clock_time(alert.moment, with_seconds=False) if alert.moment else ""
    if alert.reckoning == "ago":
        return _ago(max(0, now_ms - alert.moment) // 1000)
    left = _left(alert.moment - now_ms)
    return f"\u2248 {left}" if stale else left


def _ago(seconds: int) -> str:
    return tr("{time} ago").format(time=amount(seconds) if seconds < 10 else age(seconds))


def _left(left_ms: int) -> str:
    if left_ms < 0:
        return time_left(left_ms)
    return tr("{time} left").format(time=amount(left_ms // 1000) if left_ms < 60_000 else time_left(left_ms))


def _need(alert: Alert) -> tuple[int, int, int, str]:
    newest_first = alert.kind in {"news", "failure", "removal", "absence"}
    if alert.kind == "test":  # it is being waited for
        return -1, 0, 0, alert.id
    return RANK[alert.level], _ORDER[alert.kind], -alert.moment if newest_first else alert.moment, alert.id
