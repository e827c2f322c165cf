"""How good a connection was: the estimated mean opinion score, limits, and grades that do not flicker. Pure.

The score is the simplified E-model, as network monitors use it. In milliseconds and percent:

    effective latency = latency + 2 * jitter + 10        latency: half of the round trip
    R = 93.2 - effective / 40                            below 160 ms, else 93.2 - (effective - 120) / 10
    R = R - 2.5 * loss
    MOS = 1 + 0.035 R + 0.000007 R (R - 60) (100 - R)    ITU-T G.107; at least 1, at most 4.5
"""

from collections import Counter, deque
from typing import Final

from msgspec import Struct

from moderator.feed.quality import GRADES, Grade

FORMULA: Final = "simplified E-model (ITU-T G.107), latency = round trip / 2"
WINDOW: Final = 5
ENOUGH: Final = 3
"""So many of the last five raise a grade, and so many better ones in a row clear it."""


class Limits(Struct, frozen=True, kw_only=True):
    """Where a grade begins: at this loss (percent), round trip and jitter (milliseconds), or below this score."""

    loss_pct: float
    round_trip_ms: float
    jitter_ms: float
    mos: float


class Thresholds(Struct, frozen=True, kw_only=True):
    """Where quality stops being good, and where it is bad."""

    fair: Limits = Limits(loss_pct=3, round_trip_ms=300, jitter_ms=30, mos=3.5)
    bad: Limits = Limits(loss_pct=10, round_trip_ms=500, jitter_ms=100, mos=2.5)


class Measured(Struct, frozen=True, kw_only=True):
    """What is judged. None: not measured."""

    loss_pct: float | None = None
    round_trip_ms: float | None = None
    jitter_ms: float | None = None
    mos: float | None = None


def estimated_mos(*, loss_pct: float | None, round_trip_ms: float | None, jitter_ms: float | None) -> float | None:
    """The score by the formula above; None when one of the three is not known."""
    if loss_pct is None or round_trip_ms is None or jitter_ms is None:
        return None
    return mos(r_factor(round_trip_ms / 2, jitter_ms, loss_pct))


def r_factor(latency_ms: float, jitter_ms: float, loss_pct: float) -> float:
    """The transmission rating of the simplified E-model; `latency_ms` is one way."""
    effective_ms = latency_ms + 2 * jitter_ms + 10
    delay_impairment = effective_ms / 40 if effective_ms < 160 else (effective_ms - 120) / 10
    return 93.2 - delay_impairment - 2.5 * loss_pct


def mos(r: float) -> float:
    """The mean opinion score that belongs to a rating, 1 to 4.5."""
    if r <= 0:
        return 1.0
    if r >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r))  # the curve dips below 1 where R is small


def judge(measured: Measured, thresholds: Thresholds) -> Grade:
    """The grade of one moment by what was measured, however little."""
    if measured == Measured():
        return "no_data"
    if _is_beyond(measured, thresholds.bad):
        return "bad"
    return "fair" if _is_beyond(measured, thresholds.fair) else "good"


def _is_beyond(measured: Measured, limits: Limits) -> bool:
    pairs = (
        (measured.loss_pct, limits.loss_pct),
        (measured.round_trip_ms, limits.round_trip_ms),
        (measured.jitter_ms, limits.jitter_ms),
    )
    too_much = any(value is not None and value >= limit for value, limit in pairs)
    return too_much or (measured.mos is not None and measured.mos < limits.mos)


class Steady:
    """A grade that no outlier changes: three of the last five raise it, three better ones in a row clear it."""

    def __init__(self) -> None:
        self.grade: Grade = "no_data"
        self._last: deque[Grade] = deque(maxlen=WINDOW)

    def add(self, moment: Grade) -> Grade:
        """The grade after one more moment. Until three moments were measured it is `no_data`, never `good`."""
        self._last.append(moment)
        self.grade = self._raised() or self._cleared()
        return self.grade

    def _raised(self) -> Grade | None:
        counts = Counter(self._last)
        if counts["no_data"] >= ENOUGH:
            return "no_data"
        if counts["bad"] >= ENOUGH:
            return "bad"
        if counts["fair"] + counts["bad"] >= ENOUGH and self.grade != "bad":
            return "fair"
        return None

    def _cleared(self) -> Grade:
        latest = sorted(list(self._last)[-ENOUGH:], key=GRADES.index)
        if len(latest) < ENOUGH or "no_data" in latest:
            return self.grade
        if self.grade == "no_data":
            return latest[1]
        return min(self.grade, latest[-1], key=GRADES.index)
