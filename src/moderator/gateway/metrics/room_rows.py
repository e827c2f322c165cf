"""The figures of rooms: how many there are of each source, what is decided in them, and how late."""

from collections import Counter as Count
from collections.abc import Iterator, Mapping, Sequence

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from moderator.clock import Clock
from moderator.domain.breaker import is_held
from moderator.gateway.ledger import Ledger
from moderator.gateway.metrics.happenings import Happenings
from moderator.gateway.metrics.rows import Counter, Gauge, Row, Spread, Values, one


def room_rows(ledger: Ledger, happenings: Happenings, clock: Clock) -> tuple[Row, ...]:
    """Rows of what happened in rooms since the start."""
    return (
        Gauge(
            "moderator_removals_held",
            "1 while automatic disconnects are held.",
            (),
            one(lambda: is_held(ledger.state, clock.now_ms())),
        ),
        Counter(
            "moderator_log_events_total",
            "What the log says happened; the same at each gateway of it.",
            ("source", "kind"),
            lambda: _counts(happenings.kinds),
        ),
        Counter(
            "moderator_removals_total",
            "Orders to remove somebody, by who gave them; the same at each gateway of a log.",
            ("source", "by"),
            lambda: _counts(happenings.removals),
        ),
        Spread(
            "moderator_deadline_lateness_seconds",
            "From the moment that a warning or an end was due until it was decided for good.",
            ("kind",),
            lambda: [((kind,), spread) for kind, spread in happenings.lateness.items()],
        ),
    )


class Census(Collector):
    """How many rooms and people there are now. One walk through all rooms for all of it."""

    def __init__(self, ledger: Ledger, sources: Sequence[str]) -> None:
        self._ledger = ledger
        self._sources = sources

    def collect(self) -> Iterator[Metric]:
        """Three families."""
        rooms, people, pending = self._counts()
        for name, what, counts in (
            ("moderator_rooms", "Live rooms.", rooms),
            ("moderator_people", "People in live rooms.", people),
            ("moderator_commands_open", "Commands in live rooms that are not settled yet.", pending),
        ):
            family = GaugeMetricFamily(name, what, labels=("source",))
            for source in self._sources:
                family.add_metric((source,), counts[source])
            yield family

    def _counts(self) -> tuple[Count[str], Count[str], Count[str]]:
        rooms, people, pending = Count[str](), Count[str](), Count[str]()
        state = self._ledger.state
        for key in state.rooms:
            room = state.room(key)
            if room is not None and room.state == "live":
                rooms[room.source] += 1
                people[room.source] += room.people
                pending[room.source] += len(room.pending)
        return rooms, people, pending


def _counts(counts: Mapping[tuple[str, str], int]) -> Values:
    return ((labels, float(count)) for labels, count in counts.items())
