"""What the log tells of webhooks that came to any of its gateways: who hears none must not take that for silence. What
follows from it is said in `silence`.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

from moderator.domain.events import Event, ParticipantJoined, ParticipantLeft, RoomReconciled, SourceRecovered
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.sources import LiveSource


class Hearsay:
    """Listens to the log on behalf of all sources."""

    def __init__(self, sources: Mapping[str, LiveSource], ledger: Ledger) -> None:
        self._sources = sources
        ledger.listen(self._on_events)

    def _on_events(self, events: Sequence[Event]) -> None:
        for _, of_entry in groupby(events, key=lambda event: event.seq):
            entry = list(of_entry)
            # What a list shows of people comes with the number of them, or inferred.
            is_of_list = any(isinstance(event.data, RoomReconciled) for event in entry)
            for event in entry:
                self._tell(event, is_of_list)

    def _tell(self, event: Event, is_of_list: bool) -> None:
        source = self._sources.get(event.source or "")
        if source is None:
            return
        match event.data:
            case ParticipantJoined(inferred=False) | ParticipantLeft(inferred=False) if not is_of_list:
                source.hearing.told(event.recorded_at)
            case SourceRecovered():
                source.hearing.over(event.recorded_at)
