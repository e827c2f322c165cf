"""Who read the audit, written to the log once per moderator and minute, with a count and what they looked for."""

from collections.abc import Iterator, Mapping
from typing import Final

from moderator.clock import Clock
from moderator.domain.accounting import AuditViewed
from moderator.domain.events import Actor
from moderator.domain.kinds import Notice
from moderator.gateway.ledger import Ledger
from moderator.gateway.tally import Key, Tally

MAX_QUERY: Final = 1_000
_OTHERS: Final = ("others", "", "")


class AuditViews(Tally):
    """Looks into the audit."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        super().__init__(ledger, clock, _described, _OTHERS)

    def note(self, actor: Actor, query: str) -> None:
        """Somebody looked."""
        self.count((actor.id, actor.name, query[:MAX_QUERY]))


def _described(counts: Mapping[Key, int]) -> Iterator[tuple[Actor, Notice]]:
    for id_, name in dict.fromkeys((id_, name) for id_, name, _ in counts):
        own = {query: count for (who, called, query), count in counts.items() if (who, called) == (id_, name)}
        queries = "; ".join(query for query in own if query)
        yield Actor("moderator", id_, name), AuditViewed(query=queries[:MAX_QUERY], count=sum(own.values()))
