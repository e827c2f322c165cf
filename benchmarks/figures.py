"""Measured times, and the table that prints them."""

import statistics
from collections.abc import Sequence

from msgspec import Struct


class Figures(Struct, frozen=True):
    """One line of the table: what was measured, which way, and each time in milliseconds."""

    what: str
    way: str
    times_ms: Sequence[float]


def table(rows: Sequence[Figures]) -> str:
    """The figures, with the ratio of each median to that of the first way of the same kind."""
    lines = [f"{'what':34} {'way':42} {'n':>5} {'min':>9} {'p50':>9} {'p95':>9} {'p99':>9} {'max':>9}  p50 ratio"]
    first: dict[str, float] = {}
    for row in rows:
        times = sorted(row.times_ms)
        p50 = statistics.median(times)
        p95, p99 = (times[min(len(times) - 1, round(len(times) * share))] for share in (0.95, 0.99))
        base = first.setdefault(row.what, p50)
        figures = " ".join(f"{value:9.2f}" for value in (times[0], p50, p95, p99, times[-1]))
        lines.append(f"{row.what:34} {row.way:42} {len(times):5} {figures}  {p50 / base if base else 1:9.2f}")
    return "\n".join(lines) + "\n(milliseconds)"
