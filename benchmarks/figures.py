"""What was measured: times, single values, and the targets they are held against; and the tables that print them."""

import statistics
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct


class Figures(Struct, frozen=True):
    """One line of the table of times: what was measured, which way, and each time in milliseconds."""

    what: str
    way: str
    times_ms: Sequence[float]

    def at(self, share: float) -> float:
        """The time that this share of all times is not above; the median at 0.5."""
        times = sorted(self.times_ms)
        return times[min(len(times) - 1, round(len(times) * share))]


class Value(Struct, frozen=True):
    """One line of the table of values: the same of each way."""

    what: str
    way: str
    value: float
    unit: str


class Target(Struct, frozen=True):
    """What a figure was to reach, and what it reached."""

    what: str
    reached: float
    must_be: Literal["at least", "at most"]
    bound: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        return self.reached >= self.bound if self.must_be == "at least" else self.reached <= self.bound


Row = Figures | Value | Target


def table(rows: Sequence[Row]) -> str:
    """Everything, by sort."""
    parts = (
        _times([row for row in rows if isinstance(row, Figures)]),
        _values([row for row in rows if isinstance(row, Value)]),
        _targets([row for row in rows if isinstance(row, Target)]),
    )
    return "\n\n".join(part for part in parts if part)


def _times(rows: Sequence[Figures]) -> str:
    """Times, with the ratio of each median to that of the first way of the same kind."""
    lines = [f"{'what':34} {'way':42} {'n':>5} {'min':>9} {'p50':>9} {'p95':>9} {'p99':>9} {'max':>9}  p50 ratio"]
    first: dict[str, float] = {}
    for row in rows:
        p50 = statistics.median(row.times_ms)
        base = first.setdefault(row.what, p50)
        columns = (min(row.times_ms), p50, row.at(0.95), row.at(0.99), max(row.times_ms))
        figures = " ".join(f"{value:9.2f}" for value in columns)
        lines.append(f"{row.what:34} {row.way:42} {len(row.times_ms):5} {figures}  {p50 / base if base else 1:9.2f}")
    return "\n".join(lines) + "\n(milliseconds)" if rows else ""


def _values(rows: Sequence[Value]) -> str:
    """Values, with the ratio of the first way's to each."""
    first: dict[str, float] = {}
    lines = [f"{'what':44} {'way':42} {'value':>12} {'unit':18} first/this"]
    for row in rows:
        ratio = first.setdefault(row.what, row.value) / row.value if row.value else 0.0
        lines.append(f"{row.what:44} {row.way:42} {_number(row.value):>12} {row.unit:18} {ratio:10.2f}")
    return "\n".join(lines) if rows else ""


def _targets(rows: Iterable[Target]) -> str:
    lines = [
        f"{'met   ' if row.is_met else 'MISSED'} {row.what}: {_number(row.reached)}{row.unit}, "
        f"{row.must_be} {_number(row.bound)}{row.unit}"
        for row in rows
    ]
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
