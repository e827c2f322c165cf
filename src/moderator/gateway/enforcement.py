"""Puts what policies and timers ask for to the log.

One timer; the deciding itself is `moderator.domain.policy`.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from moderator.clock import Clock
from moderator.domain.breaker import admitted, is_held
from moderator.domain.events import Event
from moderator.domain.fold import concerned
from moderator.domain.ids import RoomKey
from moderator.domain.policy import decide, wake_at
from moderator.gateway.ledger import Ledger
from moderator.gateway.waiting import sleep
from moderator.gateway.wake_ups import WakeUps
from moderator.journal.event_log import LogError

logger = logging.getLogger(__name__)

LATE_BY_S: Final = 0.001
"""Loops whose timers count whole milliseconds fire early; an exactly armed timer would spin."""
MAX_SLEEP_S: Final = 60.0
"""The wall clock may be set: no single sleep is longer than this."""
AFTER_FAILURE_S: Final = 1.0


class Enforcement:
    """Looks at a room when something happened in it, or when its next moment has come."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        clock_offset_ms: Callable[[str], int],
        complete: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """`complete` tells of a source whether everybody who is there now is known."""
        self._ledger = ledger
        self._clock = clock
        self._clock_offset_ms = clock_offset_ms
        self._complete = complete
        self._due: set[RoomKey] = set()
        self._wake_ups: WakeUps[RoomKey] = WakeUps()
        self._something_happened = asyncio.Event()
        ledger.listen(self._on_events)

    async def run(self) -> None:
        """Until cancelled. Starts with every room there is, so that nothing due during an outage is missed."""
        self._due.update(self._ledger.state.rooms)
        while True:
            self._something_happened.clear()
            if not await self._propose(self._take_due()):
                await sleep(self._clock, AFTER_FAILURE_S)
            await self._sleep()

    def look_at_source(self, source: str) -> None:
        """Its list was read: rooms that nobody could judge before can be judged now."""
        self._due.update(key for key in self._ledger.state.rooms if key.source == source)
        self._something_happened.set()

    def _on_events(self, events: Sequence[Event]) -> None:
        for event in events:
            self._due.update(concerned(self._ledger.state, event))
        if self._due:
            self._something_happened.set()

    def _take_due(self) -> list[RoomKey]:
        due, self._due = self._due | self._wake_ups.take_due(self._clock.now_ms()), set()
        return sorted(due)

    async def _propose(self, due: Iterable[RoomKey]) -> bool:
        """Put the proposals of these rooms to the log, and read them back, so that every removal counts for the next.

        False when the log did not take them and they stay due.
        """
        proposed = [event for key in due for event in self._look_at(key)]
        events = admitted(self._ledger.state, proposed, self._clock.now_ms())
        results = await asyncio.gather(*(self._ledger.propose([event]) for event in events), return_exceptions=True)
        failed = [error for error in results if isinstance(error, BaseException)]
        for error in failed:
            if not isinstance(error, LogError):
                raise error
        if failed:
            logger.error("%d decisions could not be stored and are tried again: %s", len(failed), failed[0])
            self._due.update(due)
        return not failed

    def _look_at(self, key: RoomKey) -> list[Event]:
        room = self._ledger.room(key)
        if room is None:
            return []
        now, offset = self._clock.now_ms(), self._clock_offset_ms(key.source)
        self._wake_ups.arm(key, wake_at(room, now, clock_offset_ms=offset))
        held, complete = is_held(self._ledger.state, now), self._complete(key.source)
        proposed = decide(room, now, clock_offset_ms=offset, held=held, complete=complete)
        events = [proposal.event(room, now) for proposal in proposed]
        return [event for event in events if self._ledger.verdict(event.id) is None]

    async def _sleep(self) -> None:
        if self._due:
            return
        delay_s, next_at = MAX_SLEEP_S, self._wake_ups.next_at()
        if next_at is not None:
            delay_s = min(delay_s, (next_at - self._clock.now_ms()) / 1000 + LATE_BY_S)
        await self._clock.wait(self._something_happened, max(0.0, delay_s))
