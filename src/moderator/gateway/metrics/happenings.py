"""Counts what the log says, as it is read back: kinds of events, removals, and how late deadlines were.

Every gateway of one log counts the same, so their figures are compared, never added.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from moderator.clock import Clock
from moderator.domain.events import DisconnectRequested, Event, TimeExpired, Unknown, WarningRaised, kind_of
from moderator.domain.kinds import Data
from moderator.domain.rooms import Deadline
from moderator.domain.settings import grace_ms
from moderator.gateway.ledger import Ledger
from moderator.gateway.measures import Histogram


class Happenings:
    """To be made before the ledger is followed; what the log held by then is not counted."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._counts: Counter[tuple[str | None, type[Data]]] = Counter()
        self.removals: Counter[tuple[str, str]] = Counter()
        """Orders to remove somebody, by source and the kind of who gave them."""
        self.lateness: defaultdict[str, Histogram] = defaultdict(Histogram)
        """Seconds from the due moment until the decision was stored and read back, by its kind."""
        ledger.listen(self._on_events)

    @property
    def kinds(self) -> Counter[tuple[str, str]]:
        """Events by source (empty for what concerns none) and kind; those of a newer version are all `unknown`."""
        found: Counter[tuple[str, str]] = Counter()
        for (source, type_), count in self._counts.items():
            found[source or "", "unknown" if type_ is Unknown else kind_of(type_)] += count
        return found

    def _on_events(self, events: Sequence[Event]) -> None:
        for event in events:
            type_ = type(event.data)
            self._counts[event.source, type_] += 1
            if type_ is DisconnectRequested:
                self.removals[event.source or "", event.actor.kind] += 1
            elif type_ is WarningRaised or type_ is TimeExpired:
                self._time(event)

    def _time(self, event: Event) -> None:
        data = event.data
        assert isinstance(data, WarningRaised | TimeExpired)
        room = self._ledger.room(event.key) if event.key else None
        deadline = room.deadline if room else None
        if deadline is None or deadline.version != data.deadline_version:
            return  # it has been moved meanwhile
        late_ms = self._clock.now_ms() - due_at(deadline, data)
        self.lateness[event.kind].observe(max(0, late_ms) / 1000)


def due_at(deadline: Deadline, data: WarningRaised | TimeExpired) -> int:
    """The first moment at which this could be decided."""
    if isinstance(data, TimeExpired):
        called_at = deadline.last_call_at or deadline.ends_at
        return max(deadline.ends_at, called_at + grace_ms(deadline.warn_ms))
    return max(deadline.ends_at - data.threshold_ms, deadline.changed_at)
