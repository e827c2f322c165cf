"""The alert that is only a test, and what it says of each way to reach somebody. Pure."""

from collections.abc import Mapping
from typing import Final, Literal

from moderator.desktop.alerts.alert import Alert, AlertAction
from moderator.desktop.alerts.warning_watch import Notification
from moderator.language import marked, tr

Channel = Literal["window", "notification", "sound"]
Outcome = Literal["trying", "works", "fails", "off"]

_LINES: Final[Mapping[tuple[Channel, Outcome], str]] = {
    ("window", "works"): marked("In the window: you see it."),
    ("window", "fails"): marked("In the window: the alerts are closed."),
    ("notification", "trying"): marked("Notification: asking the system\u2026"),
    ("notification", "works"): marked("Notification: the system has taken it."),
    ("notification", "fails"): marked("Notification: no service here shows any."),
    ("sound", "trying"): marked("Sound: playing\u2026"),
    ("sound", "works"): marked("Sound: played."),
    ("sound", "fails"): marked("Sound: no audio device works here."),
    ("sound", "off"): marked("Sound: the volume is 0."),
}


def lines(outcomes: Mapping[Channel, Outcome]) -> str:
    """A line for each way that was tried."""
    return "\n".join(tr(_LINES[channel, outcome]) for channel, outcome in outcomes.items())


def rehearsal_alert(begun_at: int, outcomes: Mapping[Channel, Outcome]) -> Alert:
    """As a warning looks, marked as none."""
    return Alert(
        id=f"test {begun_at}",
        kind="test",
        level="warn",
        icon="flask-conical",
        title=tr("Test: no room is meant"),
        text=lines(outcomes),
        moment=begun_at,
        reckoning="at",
    )


def rehearsal_notification(alert: Alert) -> Notification:
    """What the system is asked to show; it goes with the card."""
    return Notification(
        id=alert.id,
        alerts=frozenset({alert.id}),
        title=alert.title,
        text=tr("Warnings look like this. There is nothing to do."),
        urgent=False,
        actions=(),
        opens=AlertAction("", ()),
    )
