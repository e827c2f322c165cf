"""Whether samples show that something grows: pure.

Memory: a straight line through the samples after the warm-up, by the median of all slopes between two of them (Theil
and Sen), so that a peak or a search for garbage does not count. It may rise by `GROWTH` of the size within the time
that was watched, and by `SLACK_MB`, which allocators need to settle; over an hour that is a few kilobytes a second.

What is counted (open files, threads, tasks, widgets, timers, sockets that only the other side has closed): the medians
of the first and the last quarter. A few more are chance, since people come and go. Some half-closed sockets there
always are: a pool of connections looks at them when it is used next.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from statistics import median
from typing import Final

from scripts.soaking.sampling import Sample

WARM_UP: Final = 0.4
"""Of the samples: until what is bounded is full, and allocators have what they need."""
GROWTH: Final = 0.05
SLACK_MB: Final = 6.0
MORE: Final = 0.3
MORE_AT_LEAST: Final = 12
LEAST: Final = 8
"""Samples: fewer say nothing."""
MOST_POINTS: Final = 400
"""Of the line: all pairs of them are looked at."""


def warm(samples: Sequence[Sample]) -> Sequence[Sample]:
    """Those that count."""
    return samples[int(len(samples) * WARM_UP) :]


def slope(samples: Sequence[Sample], of: Callable[[Sample], float]) -> float:
    """The rise per second; 0 for fewer than two samples."""
    some = samples[:: max(1, len(samples) // MOST_POINTS)]
    pairs = [(of(late) - of(early)) / (late.at_s - early.at_s) for early, late in combinations(some, 2)]
    return median(pairs) if pairs else 0.0


def complaints(name: str, samples: Sequence[Sample]) -> list[str]:
    """What grows in one process, as sentences."""
    counted = warm(samples)
    if len(counted) < LEAST:
        return [f"{name}: there are too few samples to tell anything"]
    return [f"{name}: {what}" for what in (*_memory(counted), *_counts(counted), *_blindness(counted))]


def _memory(samples: Sequence[Sample]) -> Iterator[str]:
    took_s = samples[-1].at_s - samples[0].at_s
    size = median(sample.rss_mb for sample in samples)
    grown, allowed = slope(samples, lambda sample: sample.rss_mb) * took_s, GROWTH * size + SLACK_MB
    if grown > allowed:
        yield f"memory grew by {grown:.1f} MB within {took_s:.0f} s; {allowed:.1f} MB of {size:.0f} are chance"


def _counts(samples: Sequence[Sample]) -> Iterator[str]:
    quarter = max(1, len(samples) // 4)
    for kind in samples[-1].counts():
        first, last = (
            median(sample.counts().get(kind, 0) for sample in part) for part in (samples[:quarter], samples[-quarter:])
        )
        if last > first + max(MORE_AT_LEAST, MORE * first):
            yield f"{kind} went from {first:.0f} to {last:.0f}"


def _blindness(samples: Sequence[Sample]) -> Iterator[str]:
    """A window that shows nothing does not grow either."""
    if not samples[-1].told.get("rows", 1):
        yield "it shows no rooms"
