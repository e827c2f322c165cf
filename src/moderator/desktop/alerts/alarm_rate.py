"""How often a moderator is interrupted. More than somebody can take is said once, with what helps. Pure.

The limit is the usual one for people who watch a process: ten alarms in ten minutes.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from moderator.desktop.alerts.alert import Alert
from moderator.language import tr

MOST: Final = 10
WITHIN_MS: Final = 10 * 60_000
CALM: Final = MOST // 2
"""It has to get so much better before a next time is another."""


class AlarmRate(Struct, frozen=True):
    """The interruptions of the last minutes, and since when they are too many."""

    moments: tuple[int, ...] = ()
    high_since: int | None = None


def counted(rate: AlarmRate, interruptions: int, now_ms: int, *, pace: float = 1) -> AlarmRate:
    """The rate after so many more; 0 when only time has passed.

    `pace`: how much quicker than ours the time of the rooms runs. In a demo so many more are no sign of too many rooms.
    """
    kept = (moment for moment in rate.moments if now_ms - moment < WITHIN_MS)
    moments = (*kept, *(now_ms for _ in range(interruptions)))
    if rate.high_since is None:
        return AlarmRate(moments, now_ms if len(moments) > MOST * pace else None)
    return AlarmRate(moments, rate.high_since if len(moments) > CALM * pace else None)


def rate_alerts(rate: AlarmRate) -> Iterator[Alert]:
    """That it is too much, as long as it is; dismissed, it stays away until another time."""
    if rate.high_since is not None:
        yield Alert(
            id=f"rate {rate.high_since}",
            kind="rate",
            level="info",
            icon="bell-ring",
            title=tr("More than 10 interruptions in 10 minutes"),
            text=tr("That is more than anybody can answer well. Look after fewer rooms, or ask for more people."),
            moment=rate.high_since,
            reckoning="at",
        )
