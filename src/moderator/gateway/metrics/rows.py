"""One figure as a row: its name, what it is, and how it is read. From rows to the families that the library writes out.

Labels hold names of sources, kinds and codes: what is configured or written in the code, so there are few of them.
Never a name of a person or a room.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from moderator.gateway.measures import Histogram

Labels = tuple[str, ...]
Values = Iterable[tuple[Labels, float]]


class Counter(NamedTuple):
    """What only grows. Its name ends in `_total`."""

    name: str
    what: str
    labels: Labels
    read: Callable[[], Values]

    def family(self) -> Metric:
        """As it is now."""
        return _filled(CounterMetricFamily(self.name, self.what, labels=self.labels), self.read())


class Gauge(NamedTuple):
    """What goes up and down."""

    name: str
    what: str
    labels: Labels
    read: Callable[[], Values]

    def family(self) -> Metric:
        """As it is now."""
        return _filled(GaugeMetricFamily(self.name, self.what, labels=self.labels), self.read())


class Spread(NamedTuple):
    """How values are spread, in seconds."""

    name: str
    what: str
    labels: Labels
    read: Callable[[], Iterable[tuple[Labels, Histogram]]]

    def family(self) -> Metric:
        """As it is now."""
        family = HistogramMetricFamily(self.name, self.what, labels=self.labels)
        for labels, histogram in self.read():
            family.add_metric(labels, histogram.below(), histogram.total)
        return family


Row = Counter | Gauge | Spread


class Rows(Collector):
    """The rows as a collector of the library."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def collect(self) -> Iterator[Metric]:
        """Each row as it is now."""
        return (row.family() for row in self._rows)


def one(read: Callable[[], float | None]) -> Callable[[], Values]:
    """Of a figure without labels; None where there is nothing to tell."""

    def values() -> Values:
        value = read()
        return () if value is None else (((), float(value)),)

    return values


def _filled(family: CounterMetricFamily | GaugeMetricFamily, values: Values) -> Metric:
    for labels, value in values:
        family.add_metric(labels, value)
    return family
