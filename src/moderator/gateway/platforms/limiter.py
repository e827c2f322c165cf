"""How often a platform is asked, and in which order: one limiter per source, the most urgent request first."""

import asyncio
import heapq
import itertools
import math
from enum import IntEnum
from typing import Final

from moderator.clock import Clock

BURST_S: Final = 2.0
"""Requests that were not made are saved up for this long."""


LONGEST_WAIT_S: Final = 60.0
MAX_PAUSE_S: Final = 600.0
"""No platform means more; after this it is asked again."""


class Urgency(IntEnum):
    """What goes first when requests have to wait."""

    REMOVAL = 0
    COMMAND = 1
    CONFIRMATION = 2
    LISTING = 3


class Limiter:
    """A token bucket with a priority queue. A pause that the platform asks for holds everything back."""

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._per_second = per_second
        self._capacity = max(1.0, per_second * BURST_S)
        self._tokens = self._capacity
        self._clock = clock
        self._filled_at = clock.monotonic()
        self._paused_until = 0.0
        self._queue: list[tuple[int, int, asyncio.Event]] = []
        self._tie = itertools.count()

    async def turn(self, urgency: Urgency, patience_s: float = math.inf) -> None:
        """Wait for a turn to make one request.

        Raises TimeoutError when the platform asks for a pause of more than `patience_s`.
        """
        mine = asyncio.Event()
        place = (int(urgency), next(self._tie), mine)
        heapq.heappush(self._queue, place)
        try:
            while True:
                if self.paused_s() > patience_s:
                    raise TimeoutError
                delay_s = self._delay_s()
                if self._queue[0] is place and delay_s <= 0:
                    self._tokens -= 1
                    return
                mine.clear()
                await self._clock.wait(mine, delay_s if self._queue[0] is place else LONGEST_WAIT_S)
        finally:
            self._queue.remove(place)
            heapq.heapify(self._queue)
            if self._queue:
                self._queue[0][2].set()

    def pause(self, seconds: float) -> None:
        """The platform asked for a pause."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + min(seconds, MAX_PAUSE_S))
        for _, _, waiting in self._queue:
            waiting.set()

    def paused_s(self) -> float:
        """Seconds that are left of the pause that the platform asked for."""
        return max(0.0, self._paused_until - self._clock.monotonic())

    def _delay_s(self) -> float:
        """Seconds until a request may be made."""
        now = self._clock.monotonic()
        self._tokens = min(self._capacity, self._tokens + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        missing = max(0.0, 1.0 - self._tokens) / self._per_second
        return max(missing, self._paused_until - now)
