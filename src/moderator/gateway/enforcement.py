"""Puts what policies and timers ask for to the log.

One timer; the deciding itself is `moderator.domain.policy`. While what was decided is read back, other rooms are looked
at: only its own room waits, so that nothing is decided there twice, and the next removals do, for each of them counts.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from moderator.clock import Clock
from moderator.domain.breaker import admitted, is_held, is_removal
from moderator.domain.events import Event
from moderator.domain.fold import concerned
from moderator.domain.ids import RoomKey
from moderator.domain.policy import decide, wake_at
from moderator.domain.state import Verdict
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.timekeeping import MOST_SKEW_MS
from moderator.gateway.waiting import sleep
from moderator.gateway.wake_ups import WakeUps
from moderator.journal.event_log import LogError

logger = logging.getLogger(__name__)

LATE_BY_S: Final = 0.001
"""Loops whose timers count whole milliseconds fire early; an exactly armed timer would spin."""
MAX_SLEEP_S: Final = 5.0
"""The wall clock may be set, and the machine may sleep meanwhile: no single sleep is longer than this."""
CLOCK_SET_MS: Final = 1_000
"""By less a clock drifts, or is corrected little by little."""
AFTER_FAILURE_S: Final = 1.0
Asked = asyncio.Future[list[list[Verdict] | BaseException]]
"""Verdicts to come, or why there are none."""


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
        self._asked: dict[Asked, AbstractSet[RoomKey]] = {}
        """What is not read back yet, and the rooms it is about."""
        self._under_way: set[RoomKey] = set()
        """All those rooms: nothing else is decided there until then."""
        self._waiting: set[RoomKey] = set()
        """Those of them that are due again."""
        self._removing: Asked | None = None
        """The removals that are not read back yet."""
        self._next_removals: set[RoomKey] = set()
        """Rooms where somebody has to go, when those were read back."""
        self._failures: list[BaseException] = []
        """Since somebody looked."""
        self._wake_ups: WakeUps[RoomKey] = WakeUps()
        self._something_happened = asyncio.Event()
        self._was_ahead = False
        self._offset_ms = self._offset_to_monotonic_ms()
        ledger.listen(self._on_events)

    async def run(self) -> None:
        """Until cancelled. Starts with every room there is, so that nothing due during an outage is missed."""
        self._due.update(self._ledger.state.rooms)
        try:
            while True:
                self._something_happened.clear()
                if self._has_failed():  # then it is tried, although answers to earlier tries may still come
                    await sleep(self._clock, AFTER_FAILURE_S)
                if self._is_ahead():
                    await sleep(self._clock, AFTER_FAILURE_S)
                    continue
                self._look_at(self._take_due())
                await self._sleep()
        finally:
            for asked in self._asked:
                asked.cancel()

    def look_at_source(self, source: str) -> None:
        """Its list was read: rooms that nobody could judge before can be judged now."""
        self._due.update(key for key in self._ledger.state.rooms if key.source == source)
        self._something_happened.set()

    def _on_events(self, events: Sequence[Event]) -> None:
        for event in events:
            self._due.update(concerned(self._ledger.state, event))
        if self._due:
            self._something_happened.set()

    def _is_ahead(self) -> bool:
        """Whether this gateway would be early. Others on the log are not, and it must not speak for them."""
        skew_ms = self._ledger.log.health().clock_skew_ms or 0
        was_ahead, self._was_ahead = self._was_ahead, skew_ms > MOST_SKEW_MS
        if self._was_ahead and not was_ahead:
            logger.error("the clock is %d ms ahead of the log's: nothing is decided here until it is right", skew_ms)
        return self._was_ahead

    def _take_due(self) -> list[RoomKey]:
        """Those first whose moment has come."""
        if self._clock_was_set():
            self._due.update(self._ledger.state.rooms)  # what they wait for was reckoned by the clock as it was
        in_time = self._wake_ups.take_due(self._clock.now_ms())
        others, self._due = self._due - in_time, set()
        return [*sorted(in_time), *sorted(others)]

    def _clock_was_set(self) -> bool:
        """Since this was asked the last time."""
        before, self._offset_ms = self._offset_ms, self._offset_to_monotonic_ms()
        return abs(self._offset_ms - before) > CLOCK_SET_MS

    def _offset_to_monotonic_ms(self) -> int:
        return self._clock.now_ms() - round(self._clock.monotonic() * 1000)

    def _look_at(self, due: Iterable[RoomKey]) -> None:
        """Put to the log what is due in these rooms; removals as far as they may be, and no others beside them."""
        removals: dict[RoomKey, list[Event]] = {}
        others: dict[RoomKey, list[Event]] = {}
        for key in due:
            events = self._wanted(key)
            if not events:
                continue
            if not any(map(is_removal, events)):
                others[key] = events
            elif self._removing is None:
                removals[key] = events
            else:
                self._next_removals.add(key)
        self._propose(others.keys(), _together(others))
        if self._removing is None:
            events = admitted(self._ledger.state, _together(removals), self._clock.now_ms())
            self._removing = self._propose(removals.keys(), events)

    def _propose(self, keys: AbstractSet[RoomKey], events: Sequence[Event]) -> Asked | None:
        if not events:
            return None
        asked = asyncio.gather(*(self._ledger.propose([event]) for event in events), return_exceptions=True)
        self._asked[asked] = keys
        self._under_way |= keys
        asked.add_done_callback(self._on_answer)
        return asked

    def _on_answer(self, asked: Asked) -> None:
        """What was decided was read back; or the log did not take it, and it stays due."""
        keys = self._asked.pop(asked)
        self._under_way -= keys
        self._due |= self._waiting & keys
        self._waiting -= keys
        if asked is self._removing:
            self._due |= self._next_removals
            self._removing, self._next_removals = None, set()
        if asked.cancelled() or asked.exception() is not None:  # it was cancelled: nobody looks any more
            return
        failures = [one for one in asked.result() if isinstance(one, BaseException)]
        if failures:
            self._failures += failures
            self._due |= keys
        if self._due:
            self._something_happened.set()

    def _has_failed(self) -> bool:
        """Whether the log did not take something since this was asked the last time."""
        failures, self._failures = self._failures, []
        for error in failures:
            if not isinstance(error, LogError):
                raise error
        if failures:
            logger.error("%d decisions could not be stored and are tried again: %s", len(failures), failures[0])
        return bool(failures)

    def _wanted(self, key: RoomKey) -> list[Event]:
        """What is due in a room, as far as the log does not have it."""
        if key in self._under_way:
            self._waiting.add(key)
            return []
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


def _together(by_room: Mapping[RoomKey, Sequence[Event]]) -> list[Event]:
    return [event for events in by_room.values() for event in events]
