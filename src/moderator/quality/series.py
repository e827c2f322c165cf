"""From what was measured to what is shown: points for a plot, each with its score and grade, and a summary. Pure."""

import math
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from moderator.feed.quality import GRADES, Grade, QualitySample, QualitySummary
from moderator.quality.intervals import READINGS, Interval, one_after_another
from moderator.quality.scores import FORMULA, Measured, Steady, Thresholds, estimated_mos, judge

DECIMALS: Final = 3
MAX_SAMPLES: Final = 600
"""More than a plot has room for; longer sessions get longer samples."""


def samples(intervals: Sequence[Interval], thresholds: Thresholds) -> tuple[QualitySample, ...]:
    """What to plot. Scores and grades are made of what was measured, before it is summed up."""
    scored = [_scored(interval) for interval in intervals]
    grades = _grades(scored, thresholds)
    step = math.ceil(len(scored) / MAX_SAMPLES) or 1
    starts = range(0, len(scored), step)
    return tuple(_sample(scored[start : start + step], grades[start : start + step]) for start in starts)


def summary(intervals: Sequence[Interval], thresholds: Thresholds) -> QualitySummary:
    """All of it in a line."""
    if not intervals:
        return QualitySummary(formula=FORMULA)
    scored = [_scored(interval) for interval in intervals]
    graded_ms: dict[Grade, int] = {}
    for interval, grade in zip(scored, _grades(scored, thresholds), strict=True):
        graded_ms[grade] = graded_ms.get(grade, 0) + interval.duration_ms
    whole = one_after_another(scored)
    return QualitySummary(
        formula=FORMULA,
        grade=judge(_measured(whole), thresholds),
        **_figures(whole),
        graded_ms=graded_ms,
    )


def _scored(interval: Interval) -> Interval:
    mos = estimated_mos(
        loss_pct=_loss_pct(interval), round_trip_ms=interval.round_trip_ms, jitter_ms=interval.jitter_ms
    )
    return replace(interval, mos=mos)


def _grades(intervals: Sequence[Interval], thresholds: Thresholds) -> list[Grade]:
    steady = Steady()
    return [steady.add(judge(_measured(interval), thresholds)) for interval in intervals]


def _measured(interval: Interval) -> Measured:
    return Measured(
        loss_pct=_loss_pct(interval),
        round_trip_ms=interval.round_trip_ms,
        jitter_ms=interval.jitter_ms,
        mos=interval.mos,
    )


def _loss_pct(interval: Interval) -> float | None:
    """Of the worse direction: a conversation needs both."""
    return max((loss for loss in (interval.loss_down_pct, interval.loss_up_pct) if loss is not None), default=None)


def _sample(intervals: Sequence[Interval], grades: Sequence[Grade]) -> QualitySample:
    joined = one_after_another(intervals)
    return QualitySample(
        at=joined.at,
        duration_ms=joined.duration_ms,
        **_figures(joined),
        grade=max(grades, key=GRADES.index),
    )


def _figures(interval: Interval) -> dict[str, float | None]:
    figures = {
        "down_kbps": _kbps(interval.bytes_down, interval),
        "up_kbps": _kbps(interval.bytes_up, interval),
        "loss_down_pct": interval.loss_down_pct,
        **{name: getattr(interval, name) for name in READINGS},
    }
    return {name: None if value is None else round(value, DECIMALS) for name, value in figures.items()}


def _kbps(count: float | None, interval: Interval) -> float | None:
    """Bytes in so many milliseconds; a bit in a millisecond is a kilobit in a second."""
    return None if count is None else count * 8 / interval.duration_ms
