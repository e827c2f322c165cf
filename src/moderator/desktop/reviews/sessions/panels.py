"""What is plotted: the small plots above each other, their lines, and where quality stops being good. Pure.

The limits are those by which the gateway grades (`moderator.quality.scores`); a test keeps them the same.
"""

from typing import Final

from msgspec import Struct

from moderator.feed.quality import QualitySample
from moderator.language import marked

NO_VALUE: Final = float("nan")
ROOM_ABOVE: Final = 1.15


class Line(Struct, frozen=True):
    """A member of a sample, and what it is called."""

    member: str
    name: str


class Panel(Struct, frozen=True, kw_only=True):
    """One small plot."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    fair: float | None = None
    bad: float | None = None
    """Where a grade begins; none for what is not graded."""
    low: float = 0.0
    high: float | None = None
    """The scale, where it is always the same."""

    def scale(self, samples: tuple[QualitySample, ...]) -> tuple[float, float]:
        """From the lowest to the highest value to be shown: the first limit is always in sight, so that a flat line
        shows how far from it it is.
        """
        if self.high is not None:
            return self.low, self.high
        measured = [value for line in self.lines for value in values(samples, line.member) if value == value]
        return self.low, max([*measured, self.fair or 0.0, 1.0]) * ROOM_ABOVE


_MOS: Final = (Line("mos", "MOS"),)
_RATES: Final = (Line("down_kbps", marked("down")), Line("up_kbps", marked("up")))
_LOSSES: Final = (Line("loss_down_pct", marked("down")), Line("loss_up_pct", marked("up")))
_ROUND_TRIP: Final = (Line("round_trip_ms", marked("round trip")),)
_JITTER: Final = (Line("jitter_ms", marked("jitter")),)
PANELS: Final = (
    Panel(title="MOS", unit=marked("estimated"), lines=_MOS, fair=3.5, bad=2.5, low=1.0, high=4.6),
    Panel(title=marked("Bitrate"), unit="kbit/s", lines=_RATES),
    Panel(title=marked("Loss"), unit="%", lines=_LOSSES, fair=3.0, bad=10.0),
    Panel(title=marked("Round trip"), unit="ms", lines=_ROUND_TRIP, fair=300.0, bad=500.0),
    Panel(title=marked("Jitter"), unit="ms", lines=_JITTER, fair=30.0, bad=100.0),
)


def values(samples: tuple[QualitySample, ...], member: str) -> list[float]:
    """One for each sample; not a number where it was not measured, so that the line has a gap there."""
    found = (getattr(sample, member) for sample in samples)
    return [NO_VALUE if value is None else float(value) for value in found]


def alone(line: list[float]) -> list[int]:
    """Where a value has none beside it: a line would not show it."""
    there = [False, *(value == value for value in line), False]
    return [n for n in range(len(line)) if there[n + 1] and not there[n] and not there[n + 2]]


def moments(samples: tuple[QualitySample, ...]) -> list[float]:
    """The middle of each sample, in seconds since the epoch."""
    return [(sample.at + sample.duration_ms / 2) / 1000 for sample in samples]


def gaps(samples: tuple[QualitySample, ...]) -> list[tuple[float, float]]:
    """From when to when there is no data, in seconds since the epoch; neighbours are one."""
    found: list[tuple[float, float]] = []
    for sample in samples:
        if sample.grade != "no_data":
            continue
        begin, end = sample.at / 1000, (sample.at + sample.duration_ms) / 1000
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found
