"""From when to when it is to be quiet, by the clocks here; and what may be heard all the same. Pure."""

from typing import Final

from msgspec import Struct

from moderator.client.texts import next_time
from moderator.desktop.alerts.alert import Alert, AlertKind

ABOUT_TIME: Final[frozenset[AlertKind]] = frozenset({"warning", "time_up"})


class QuietHours(Struct, frozen=True):
    """Every day; times of day such as `22:00`. Over midnight where the end is the earlier one."""

    begins: str
    ends: str


def quiet_until(hours: QuietHours, now_ms: int) -> int | None:
    """When the quiet ends that is in force now; None outside of it, and where both times are the same, or are none."""
    try:
        begins, ends = next_time(hours.begins, now_ms), next_time(hours.ends, now_ms)
    except ValueError:  # somebody edited the file
        return None
    return ends if ends < begins else None


def is_let_through(alert: Alert) -> bool:
    """The last call, and that time is up, of a room that this moderator looks after."""
    found = alert.interruption
    return found is not None and found.is_ours and found.cue == "last" and alert.kind in ABOUT_TIME
