"""Many alerts of one kind become one, that names them all: twenty cards that say the same hide the twenty-first."""

from collections.abc import Sequence
from typing import Final

from moderator.desktop.alerts.alert import Alert, AlertAction
from moderator.desktop.durations import amount

MOST_OF_A_FAMILY: Final = 6
_TITLES: Final = {
    "time-up": "Time is up in {count} rooms",
    "violation": "{count} people are not allowed",
    "failure": "{count} commands failed",
    "removal": "{count} people were removed by policy",
    "absence": "Somebody is missing from {count} appointments",
}
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
        text=_names(members),
        moment=first.moment,
        reckoning=first.reckoning,
        actions=(*_extension(members), *((AlertAction("Acknowledge all", acknowledge),) if acknowledge else ())),
        acknowledge=acknowledge,
        family=first.family,
    )


def _names(members: Sequence[Alert]) -> str:
    named = ", ".join(one.who or one.title for one in members[:NAMED])
    return f"{named} and {len(members) - NAMED} more" if len(members) > NAMED else named


def _extension(members: Sequence[Alert]) -> tuple[AlertAction, ...]:
    extending = [one.actions[0] for one in members if one.actions and one.actions[0].intents[0].action == "extend"]
    if not extending:
        return ()
    labels = {one.label for one in extending}
    label = f"{labels.pop()} for all" if len(labels) == 1 else "Extend all"
    return (AlertAction(label, tuple(intent for one in extending for intent in one.intents)),)


def _title(family: str, count: int) -> str:
    kind, _, threshold_ms = family.partition(" ")
    if kind == "warning":
        return f"{count} rooms end within {amount(int(threshold_ms) // 1000)}"
    return _TITLES[kind].format(count=count)


def _group_id(family: str) -> str:
    return f"group {family}"
