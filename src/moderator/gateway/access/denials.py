"""Denied attempts, written to the log once per origin, reason and minute, with a count."""

from collections.abc import Iterator, Mapping
from typing import Final

from moderator.clock import Clock
from moderator.domain.events import AccessDenied, Actor
from moderator.domain.kinds import Notice
from moderator.gateway.ledger import Ledger
from moderator.gateway.tally import Key, Tally

MAX_ORIGIN: Final = 100
_OTHERS: Final = ("others", "too many different attempts to list")


class Denials(Tally):
    """Who was refused what."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        super().__init__(ledger, clock, _described, _OTHERS)

    def note(self, origin: str, reason: str) -> None:
        """Somebody was refused."""
        self.count((origin[:MAX_ORIGIN], reason))


def _described(counts: Mapping[Key, int]) -> Iterator[tuple[Actor, Notice]]:
    for (origin, reason), count in counts.items():
        yield Actor("gateway"), AccessDenied(origin=origin, reason=reason, count=count)
