"""Writes down when a platform stops to answer, or to tell its lists, and when it does so again."""

import logging
from typing import Final

from moderator.clock import Clock
from moderator.domain.events import Event, SourceSilent
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.waiting import sleep
from moderator.journal.event_log import LogError

logger = logging.getLogger(__name__)

AFTER_FAILURE_S: Final = 5.0


class Outages:
    """Of one source; nobody else writes down its news, and each is stored before the next is asked for."""

    def __init__(self, source: LiveSource, ledger: Ledger, clock: Clock) -> None:
        self._source = source
        self._ledger = ledger
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._source.changed.wait()
            self._source.changed.clear()
            if (news := self._source.news()) is not None:
                if isinstance(news.data, SourceSilent):
                    self._log(logging.INFO, news.data.detail)
                await self._write_down(news)

    async def _write_down(self, news: Event) -> None:
        """A failure is told once, and tried again until it is no more."""
        is_told = False
        while True:
            try:
                await self._ledger.append([news])
            except LogError as error:
                if not is_told:
                    self._log(logging.ERROR, f"how it is doing could not be stored, and is tried again: {error}")
                is_told = True
                await sleep(self._clock, AFTER_FAILURE_S)
            else:
                return

    def _log(self, level: int, what: str) -> None:
        logger.log(level, "%s: %s", self._source.name, what, extra={"source": self._source.name})
