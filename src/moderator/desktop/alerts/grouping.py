"""Many alerts of one kind become one, that names them all: twenty cards that say the same hide the twenty-first."""

from collections.abc import Callable, Sequence
from typing import Final

from moderator.desktop.alerts.alert import Alert, AlertAction
from moderator.desktop.durations import amount
from moderator.desktop.orders.intents import Intent
from moderator.desktop.tables.arrangement import FilterName
from moderator.desktop.upcoming.coming import listed
from moderator.language import ntr, tr

MOST_OF_A_FAMILY: Final = 6
_TITLES: Final[dict[str, Callable[[int], str]]] = {
    "warning": lambda n: ntr("1 room ends within {time}", "{count} rooms end within {time}", n),
    "theirs-warning": lambda n: ntr(
        "1 room of somebody else ends within {time}", "{count} rooms of others end within {time}", n
    ),
    "unanswered-warning": lambda n: ntr(
        "1 room ends within {time}, and nobody answers", "{count} rooms end within {time}, and nobody answers", n
    ),
    "answered": lambda n: ntr("1 warning has been answered", "{count} warnings have been answered", n),
    "time-up": lambda n: ntr("Time is up in 1 room", "Time is up in {count} rooms", n),
    "theirs-time-up": lambda n: ntr(
        "Time is up in 1 room of somebody else", "Time is up in {count} rooms of others", n
    ),
    "unanswered-time-up": lambda n: ntr(
        "Time is up in 1 room, and nobody answers", "Time is up in {count} rooms, and nobody answers", n
    ),
    "violation": lambda n: ntr("1 person is not allowed", "{count} people are not allowed", n),
    "failure": lambda n: ntr("1 command failed", "{count} commands failed", n),
    "removal": lambda n: ntr("1 person was removed by policy", "{count} people were removed by policy", n),
    "absence": lambda n: ntr(
        "Somebody is missing from 1 appointment", "Somebody is missing from {count} appointments", n
    ),
}
"""By family, without the threshold."""
_FILTERS: Final[dict[str, FilterName]] = {
    **dict.fromkeys(("warning", "theirs-warning", "unanswered-warning", "answered"), "ending"),
    **dict.fromkeys(("time-up", "theirs-time-up", "unanswered-time-up"), "ending"),
    "violation": "violations",
}
"""What the table is to show for a group."""
NAMED: Final = 8
"""So many are named in the text of a group, the next to end first; the others are counted."""


def grouped(alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """In the same order; where a family is larger than `MOST_OF_A_FAMILY`, one alert in the place of its first."""
    families: dict[str, list[Alert]] = {}
    for alert in alerts:
        families.setdefault(alert.family or alert.id, []).append(alert)
    return tuple(
        one
        for members in families.values()
        for one in (members if len(members) <= MOST_OF_A_FAMILY else [group(members)])
    )


def members_of(shown: Alert, alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """The alerts that a shown one stands for: itself, or its family."""
    return tuple(one for one in alerts if one.id == shown.id or shown.id == _group_id(one.family))


def group(members: Sequence[Alert]) -> Alert:
    """One alert for several of a family; its moment is that of the first. Buttons act on all of them."""
    first = members[0]
    acknowledge = tuple(intent for one in members for intent in one.acknowledge)
    return Alert(
        id=_group_id(first.family),
        kind=first.kind,
        level=first.level,
        icon=first.icon,
        title=_title(first.family, len(members)),
        text=listed([one.who or one.title for one in members], NAMED),
        moment=first.moment,
        reckoning=first.reckoning,
        actions=(*_extension(members), *_acknowledgement(acknowledge), *_showing(first.family)),
        acknowledge=acknowledge,
        family=first.family,
        interruption=first.interruption,
    )


def _extension(members: Sequence[Alert]) -> tuple[AlertAction, ...]:
    extending = [one.actions[0] for one in members if one.actions and one.actions[0].intents[0].action == "extend"]
    if not extending:
        return ()
    labels = {one.label for one in extending}
    label = tr("{time} for all").format(time=labels.pop()) if len(labels) == 1 else tr("Extend all")
    return (AlertAction(label, tuple(intent for one in extending for intent in one.intents)),)


def _acknowledgement(acknowledge: tuple[Intent, ...]) -> tuple[AlertAction, ...]:
    return (AlertAction(tr("Acknowledge all"), acknowledge),) if acknowledge else ()


def _showing(family: str) -> tuple[AlertAction, ...]:
    name = _FILTERS.get(family.partition(" ")[0])
    return (AlertAction(tr("Show"), (Intent(action="filter", filter=name),)),) if name else ()


def _title(family: str, count: int) -> str:
    kind, _, threshold_ms = family.partition(" ")
    within = amount(int(threshold_ms) // 1000) if threshold_ms else ""
    return _TITLES[kind](count).format(count=count, time=within)


def _group_id(family: str) -> str:
    return f"group {family}"
