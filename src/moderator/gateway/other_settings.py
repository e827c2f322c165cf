"""Says so in the gateway's own log when another gateway on the log was started with another configuration.

What was loaded last counts, for all of them: the log has one order, and one set of rules at a time.
"""

import logging
from collections.abc import Sequence

from moderator.domain.events import ConfigLoaded, Event
from moderator.domain.settings import Settings, SourceInfo
from moderator.gateway.ledger import Ledger

logger = logging.getLogger(__name__)


class OtherSettings:
    """Listens to the log."""

    def __init__(self, ledger: Ledger, own: Settings) -> None:
        self._own = own
        ledger.listen(self._on_events)

    def _on_events(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event.data, ConfigLoaded) and (keys := differing(self._own, event.data.settings)):
                logger.warning(
                    "another gateway on this log was started with another configuration, which counts for all of them "
                    "from now on: it differs in %s. Give all of them the same, and start them anew",
                    ", ".join(keys),
                )


def differing(own: Settings, other: Settings) -> list[str]:
    """The keys of the configuration that are not the same. In which order accounts are named does not matter."""
    return [
        key
        for key, one, two in (
            ("room_types", own.room_types, other.room_types),
            ("sources", _by_name(own), _by_name(other)),
            ("gateway.hold_above", own.hold_above, other.hold_above),
        )
        if one != two
    ]


def _by_name(settings: Settings) -> dict[str, SourceInfo]:
    return {source.name: source for source in settings.sources}
