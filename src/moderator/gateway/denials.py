"""Denied attempts, written to the log once per origin, reason and minute, with a count: a flood must not fill the
log.
"""

import asyncio
import logging
import uuid
from typing import Final

from moderator.clock import Clock
from moderator.domain.events import AccessDenied, Actor, Event
from moderator.domain.ids import EventId
from moderator.gateway.ledger import Ledger
from moderator.gateway.waiting import sleep
from moderator.journal.event_log import LogError

logger = logging.getLogger(__name__)

WINDOW_S: Final = 60.0
MAX_ORIGIN: Final = 100
MAX_KINDS: Final = 1_000
"""Different denials counted within one window; more are counted together."""


class Denials:
    """Counts, and writes down what it counted."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._counts: dict[tuple[str, str], int] = {}
        self._first = asyncio.Event()

    def note(self, origin: str, reason: str) -> None:
        """Somebody was refused."""
        self._count(origin, reason, 1)

    async def run(self, window_s: float = WINDOW_S) -> None:
        """Until cancelled. The first attempt of a quiet time is written at once, the rest with the next minute."""
        while True:
            await self._first.wait()
            await self.flush()
            await sleep(self._clock, window_s)

    async def flush(self) -> None:
        """Write down what was counted so far."""
        self._first.clear()
        counts, self._counts = self._counts, {}
        now = self._clock.now_ms()
        events = [
            Event(
                id=EventId(uuid.uuid4().hex),
                at=now,
                actor=Actor("gateway"),
                data=AccessDenied(origin=origin, reason=reason, count=count),
            )
            for (origin, reason), count in counts.items()
        ]
        try:
            if events:
                await self._ledger.append(events)
        except LogError as error:
            logger.error("denied attempts could not be stored and are kept for the next time: %s", error)
            for (origin, reason), count in counts.items():
                self._count(origin, reason, count)

    def _count(self, origin: str, reason: str, count: int) -> None:
        key = (origin[:MAX_ORIGIN], reason)
        if key not in self._counts and len(self._counts) >= MAX_KINDS:
            key = ("others", "too many different attempts to list")
        self._counts[key] = self._counts.get(key, 0) + count
        self._first.set()
