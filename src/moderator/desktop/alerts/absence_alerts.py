"""Alerts about who has not come to an appointment. Pure. Who that is says `moderator.desktop.upcoming.coming`."""

from collections.abc import Iterable, Iterator

from moderator.client.texts import clock_time, safe
from moderator.desktop.alerts.alert import Alert, AlertAction
from moderator.desktop.orders.intents import Intent
from moderator.desktop.upcoming.coming import Coming, missing_text
from moderator.language import ntr, tr, tr_in


def absence_alerts(coming: Iterable[Coming]) -> Iterator[Alert]:
    """Of appointments that should be going on: calm, for all that a moderator can do is to know."""
    for one in coming:
        if one.absent or one.nobody_came:
            yield _absence(one)


def _absence(coming: Coming) -> Alert:
    found = coming.attendance
    room = coming.room
    return Alert(
        id=f"absence {coming.id}",
        kind="absence",
        level="info",
        icon="calendar-x",
        title=safe(found.name),
        text=_sentence(coming),
        moment=found.starts_at,
        reckoning="ago",
        actions=(AlertAction(tr_in("room", "Open"), (Intent(action="select", room=room),)),) if room else (),
        room=room,
        family="absence",
    )


def _sentence(coming: Coming) -> str:
    begins = clock_time(coming.attendance.starts_at, with_seconds=False)
    if coming.nobody_came:
        return tr("Nobody has come: it was to begin at {time}.").format(time=begins)
    missing = ntr(
        "{people} has not come: it was to begin at {time}.",
        "{people} have not come: it was to begin at {time}.",
        len(coming.absent),
    )
    return missing.format(people=missing_text(coming), time=begins)
