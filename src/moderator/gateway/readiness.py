"""Whether this gateway should be asked anything new, for who balances the load: `/readyz`. That it runs at all is
`/healthz`.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.timekeeping import Timekeeping
from moderator.gateway.requests import json_response

MOST_BEHIND: Final = 10_000
"""Entries: less than a second's reading. Whoever is further behind would answer with what was."""


class Readiness:
    """Ready is: the log was read, can be written and is kept up with, the clock is right, and no end is near."""

    def __init__(self, ledger: Ledger, timekeeping: Timekeeping) -> None:
        self._ledger = ledger
        self._timekeeping = timekeeping
        self.started = False
        """Everything that goes on in the background does."""
        self.draining = False
        """It was asked to stop."""

    @property
    def behind(self) -> int:
        """Entries of the log that were not read yet, as far as is known here. (It has holes: at most so many.)"""
        ledger = self._ledger
        return max(ledger.log.health().behind, ledger.measures.stored - ledger.state.seq, 0)

    def why_not(self) -> str:
        """The reason as a sentence; empty when it is ready."""
        if self.draining:
            return "it was asked to stop: ask another gateway"
        if not self.started:
            return "it still reads its log"
        health = self._ledger.log.health()
        if not health.writable:
            return f"it cannot write its log: {health.why}" if health.why else "it cannot write its log"
        if self.behind > MOST_BEHIND:
            return f"it is {self.behind} entries behind its log"
        return self._timekeeping.why_wrong()

    async def serve(self, request: Request) -> Response:
        """`GET /readyz`"""
        why = self.why_not()
        return json_response({"ready": False, "why": why}, 503) if why else json_response({"ready": True})
