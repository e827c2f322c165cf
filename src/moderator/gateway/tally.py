"""What is written to the log once a minute with a count, however often it happens: a flood must not fill the log."""

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from moderator.clock import Clock
from moderator.domain.events import Actor, Event
from moderator.domain.ids import EventId
from moderator.domain.kinds import Notice
from moderator.feed.codec import encode_event
from moderator.gateway.ledger import Ledger
from moderator.gateway.waiting import sleep
from moderator.journal.event_log import LogError

logger = logging.getLogger(__name__)

WINDOW_S: Final = 60.0
MAX_KINDS: Final = 1_000
"""Different things counted within one window; more are counted together."""
Key = tuple[str, ...]
Describe = Callable[[Mapping[Key, int]], Iterable[tuple[Actor, Notice]]]


class Tally:
    """Counts, and writes down what it counted."""

    def __init__(self, ledger: Ledger, clock: Clock, describe: Describe, others: Key) -> None:
        """`describe` makes the notices out of the counts; `others` is what too many different ones are counted as."""
        self._ledger = ledger
        self._clock = clock
        self._describe = describe
        self._others = others
        self._counts: Counter[Key] = Counter()
        self._first = asyncio.Event()
        self._is_said = False
        """That something was dropped."""

    def count(self, key: Key, times: int = 1) -> None:
        """It happened."""
        if key not in self._counts and len(self._counts) >= MAX_KINDS:
            key = self._others
        self._counts[key] += times
        self._first.set()

    async def run(self, window_s: float = WINDOW_S) -> None:
        """Until cancelled. What happens first in a quiet time is written at once, the rest with the next minute."""
        while True:
            await self._first.wait()
            await self.flush()
            await sleep(self._clock, window_s)

    async def flush(self) -> None:
        """Write down what was counted so far."""
        self._first.clear()
        counts, self._counts = self._counts, Counter()
        now = self._clock.now_ms()
        events = [
            Event(id=EventId(uuid.uuid4().hex), at=now, actor=actor, data=notice)
            for actor, notice in self._describe(counts)
        ]
        events = [event for event in events if self._can_be_stored(event)]
        try:
            if events:
                await self._ledger.append(events)
        except LogError as error:
            logger.error("what was counted for the audit could not be stored and is kept for the next time: %s", error)
            for key, times in counts.items():
                self.count(key, times)

    def _can_be_stored(self, event: Event) -> bool:
        """What has no form, such as a name with half of a character, would keep all else from being stored for ever."""
        try:
            encode_event(event)
        except (msgspec.MsgspecError, UnicodeError, OverflowError, TypeError) as error:
            if not self._is_said:
                logger.error("what was counted for the audit cannot be stored and was dropped: %s", error)
            self._is_said = True
            return False
        return True
