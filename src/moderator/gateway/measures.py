"""What is counted where it happens, in plain attributes: cheap enough for every webhook. Nothing is looked up or
formatted here; `metrics` reads these when somebody asks.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from moderator.clock import Clock

SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Bounds for how long something took."""


class Histogram:
    """How many values were at most as large as each bound, and what they came to together."""

    __slots__ = ("_bounds", "_counts", "total")

    def __init__(self, bounds: tuple[float, ...] = SECONDS) -> None:
        """`bounds` in ascending order."""
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self.total = 0.0
        """The sum of all values."""

    def observe(self, value: float) -> None:
        """One more value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self._counts)

    def below(self) -> list[tuple[str, float]]:
        """Each bound, and the number of values up to it; the last one, `+Inf`, counts all of them."""
        found, so_far = [], 0
        for bound, count in zip((*self._bounds, "+Inf"), self._counts, strict=True):
            so_far += count
            found.append((str(bound), float(so_far)))
        return found


class SourceMeasures:
    """What was done for one configured account. Codes and kinds only: never who or which room."""

    def __init__(self) -> None:
        self.answers: Counter[int] = Counter()
        """To webhooks, by status."""
        self.answer_seconds = Histogram()
        self.received_bytes = 0
        """In the bodies of webhooks."""
        self.list_seconds = Histogram()
        """How long a round of reconciling took."""
        self.errors: Counter[str] = Counter()
        """Of requests to the platform, by code."""
        self.commands: Counter[tuple[str, str]] = Counter()
        """What became of those that this gateway carried out: by the kind of the outcome, and code."""
        self.command_seconds: defaultdict[str, Histogram] = defaultdict(Histogram)
        """From the order to its outcome, by the kind of the outcome."""

    def answered(self, status: int, seconds: float) -> None:
        """A webhook."""
        self.answers[status] += 1
        self.answer_seconds.observe(seconds)

    def settled(self, kind: str, code: str, seconds: float) -> None:
        """A command."""
        self.commands[kind, code] += 1
        self.command_seconds[kind].observe(seconds)


class LogMeasures:
    """What was done with the log."""

    def __init__(self) -> None:
        self.append_seconds = Histogram()
        """From the wish to store an entry until it was durable."""
        self.failures = 0
        """Entries that could not be stored."""
        self.stored = 0
        """The greatest `seq` that was given to an entry stored here."""
        self.entries = 0
        """Read back since the start."""
        self.fold_seconds = 0.0
        """In all."""

    def stored_entry(self, seq: int, seconds: float) -> None:
        """An entry is durable."""
        self.append_seconds.observe(seconds)
        self.stored = max(self.stored, seq)

    def folded(self, entries: int, seconds: float) -> None:
        """A batch was read back."""
        self.entries += entries
        self.fold_seconds += seconds


class FeedMeasures:
    """What was sent to readers of the feed."""

    def __init__(self) -> None:
        self.frames = 0
        """A frame that three readers get counts three times."""
        self.sent_bytes = 0
        self.cut = 0
        """Readers who did not keep up."""

    def sent(self, readers: int, size: int) -> None:
        """One frame of so many bytes, to so many readers."""
        self.frames += readers
        self.sent_bytes += readers * size


@contextmanager
def timed(clock: Clock, histogram: Histogram) -> Iterator[None]:
    """Observe how long the block takes, whatever becomes of it."""
    begun = clock.monotonic()
    try:
        yield
    finally:
        histogram.observe(clock.monotonic() - begun)
