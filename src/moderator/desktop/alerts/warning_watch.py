"""Which notifications the system should show, and which to take back, by what needs somebody now. Pure."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Final

from msgspec import Struct

from moderator.desktop.alerts.alert import Alert, AlertAction
from moderator.desktop.alerts.grouping import group
from moderator.desktop.orders.availability import why_none
from moderator.desktop.orders.intents import Intent
from moderator.desktop.room_status import threshold_word
from moderator.language import marked, tr

MOST_AT_ONCE: Final = 3
"""Of one family: more are one notification."""
_HEADLINES: Final = {
    "warning": marked("{room}: {time} left"),
    "unanswered-warning": marked("Nobody answers: {room}, {time} left"),
    "time-up": marked("{room}: time is up"),
    "unanswered-time-up": marked("Nobody answers: {room}, time is up"),
    "violation": marked("{room}: not allowed"),
    "failure": marked("{room}: not done"),
}
"""By family, without the threshold."""


class Notification(Struct, frozen=True, kw_only=True):
    """What the system is asked to show."""

    id: str
    alerts: frozenset[str]
    """The alerts it stands for: it is taken back when none of them is left."""
    title: str
    text: str
    urgent: bool
    actions: tuple[AlertAction, ...]
    opens: AlertAction
    """What a click beside the buttons does."""


def fresh(alerts: Sequence[Alert], shown: Container[str]) -> tuple[Alert, ...]:
    """What has not been told yet."""
    return tuple(one for one in alerts if one.interruption is not None and one.id not in shown)


def notifications(alerts: Sequence[Alert], why_not: Callable[[Intent], str]) -> tuple[Notification, ...]:
    """What to show for these alerts, which are new; many of a family become one.

    `why_not` says of a wish why it cannot be granted: a notification cannot show a button that is off.
    """
    families: dict[str, list[Alert]] = {}
    for alert in alerts:
        families.setdefault(alert.family, []).append(alert)
    return tuple(
        one
        for members in families.values()
        for one in (
            [_of_many(members)] if len(members) > MOST_AT_ONCE else [_of_one(alert, why_not) for alert in members]
        )
    )


def gone(showing: Mapping[str, Notification], alerts: Sequence[Alert]) -> tuple[str, ...]:
    """Which of the notifications that are being shown are no longer true, by id."""
    left = {one.id for one in alerts}
    return tuple(id_ for id_, notification in showing.items() if notification.alerts.isdisjoint(left))


def _of_one(alert: Alert, why_not: Callable[[Intent], str]) -> Notification:
    first, opens = alert.actions[0], alert.actions[-1]
    return Notification(
        id=alert.id,
        alerts=frozenset({alert.id}),
        title=_headline(alert),
        text=alert.text,
        urgent=alert.level == "critical",
        actions=tuple(dict.fromkeys((opens,) if why_none(first.intents, why_not) else (first, opens))),
        opens=opens,
    )


def _of_many(members: Sequence[Alert]) -> Notification:
    together = group(members)
    shows = next((one for one in together.actions if one.intents[0].action == "filter"), members[0].actions[-1])
    return Notification(
        id=f"{together.id} {members[0].id}",
        alerts=frozenset(one.id for one in members),
        title=together.title,
        text=together.text,
        urgent=together.level == "critical",
        actions=(shows,),
        opens=shows,
    )


def _headline(alert: Alert) -> str:
    kind, _, threshold_ms = alert.family.partition(" ")
    left = threshold_word(int(threshold_ms)) if threshold_ms else ""
    return tr(_HEADLINES[kind]).format(room=alert.title, time=left)
