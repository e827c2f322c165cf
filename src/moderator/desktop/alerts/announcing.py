"""Tells screen readers what is new and needs somebody. What merely counts down is never told."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from moderator.desktop.alerts.alert import Alert

MOST_SENTENCES: Final = 3


def announcement(alerts: Sequence[Alert], sum_up: str) -> str:
    """What to say of these new alerts; `sum_up` where there are too many to read each."""
    needs = [one for one in alerts if one.level != "info"]
    if len(needs) > MOST_SENTENCES:
        return sum_up
    return " ".join(f"{one.title}. {one.text}" for one in needs)


def announce(widget: QWidget, text: str, *, urgent: bool) -> None:
    """Have a screen reader say it, `urgent` at once."""
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
