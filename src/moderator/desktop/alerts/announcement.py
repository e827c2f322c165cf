"""What screen readers are told of new alerts: those that need somebody. What merely counts down is never told. Pure."""

from collections.abc import Sequence
from typing import Final

from moderator.desktop.alerts.alert import Alert

MOST_SENTENCES: Final = 3


def announcement(alerts: Sequence[Alert], sum_up: str) -> str:
    """What to say of these new alerts; `sum_up` where there are too many to read each."""
    needs = [one for one in alerts if one.level != "info"]
    if len(needs) > MOST_SENTENCES:
        return sum_up
    return " ".join(f"{one.title}. {one.text}" for one in needs)
