"""Every so many entries, and when the gateway stops, what the log led to is kept in it: so the next start reads the
rest only.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from moderator.domain.events import Event
from moderator.gateway.ledger import Ledger
from moderator.journal.event_log import LogError

logger = logging.getLogger(__name__)

EVERY_ENTRIES: Final = 25_000
"""At least: about a second's reading."""
ENTRIES_PER_VERDICT: Final = 0.25
"""And so many for each event that is remembered, which is most of what is kept: to keep it stays cheap beside them."""
WORTH_IT_ENTRIES: Final = 1_000
"""When the gateway stops: fewer are read again in no time."""


class Starts:
    """Keeps starts. To be made before the ledger is followed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._kept_at: int | None = None
        self._due = asyncio.Event()
        ledger.listen(self._on_events)

    async def run(self) -> None:
        """Until cancelled."""
        self._on_events(())
        while True:
            await self._due.wait()
            await self.keep()
            self._due.clear()

    async def stop(self) -> None:
        """Keep a last one, unless that would have to wait, or is not worth it."""
        if self._behind() >= WORTH_IT_ENTRIES and not self._ledger.changing.locked():
            await self.keep()

    async def keep(self) -> None:
        """Keep a start of now; a failure is logged. None while who was erased would stand in it."""
        async with self._ledger.changing:
            if self._ledger.remembers_erased:
                return
            start = self._ledger.start()
            self._kept_at = start.seq  # also when it fails: the next try is after as many entries
            try:
                await self._ledger.log.keep_start(start)
            except LogError as error:
                logger.error("what the log led to could not be kept, so the next start takes longer: %s", error)

    def _behind(self) -> int:
        kept_at = self._ledger.began_at if self._kept_at is None else self._kept_at
        return self._ledger.state.seq - kept_at

    def _on_events(self, events: Sequence[Event]) -> None:
        if self._behind() >= max(EVERY_ENTRIES, ENTRIES_PER_VERDICT * len(self._ledger.state.verdicts)):
            self._due.set()
