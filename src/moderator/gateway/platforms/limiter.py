"""How often a platform is asked, and in which order: one limiter per source, the most urgent request first."""

import asyncio
import heapq
import itertools
import math
from enum import IntEnum
from typing import Final

from moderator.clock import Clock
from moderator.gateway.platforms.circuit import Circuit

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
    """A token bucket with a priority queue. A pause that the platform asks for holds everything back, and so does an
    open circuit; then the most urgent request is the one that is let through.
    """

    def __init__(self, per_second: float, clock: Clock, circuit: Circuit | None = None) -> None:
        self._per_second = per_second
        self._capacity = max(1.0, per_second * BURST_S)
        self._tokens = self._capacity
        self._clock = clock
        self._circuit = circuit or Circuit(clock)
        self._circuit.on_change = self._wake_all
        self._filled_at = clock.monotonic()
        self._paused_until = 0.0
        self._queue: list[tuple[int, int, asyncio.Event]] = []
        self._tie = itertools.count()
        self.turns = 0
        """Requests that were let through."""
        self.pauses = 0
        """How often the platform asked for one."""

    async def turn(self, urgency: Urgency, patience_s: float = math.inf) -> None:
        """Wait for a turn to make one request.

        Raises TimeoutError when the platform asks for a pause of more than `patience_s`, or answers nobody and that
        time is over.
        """
        mine, give_up_at = asyncio.Event(), self._clock.monotonic() + patience_s
        place = (int(urgency), next(self._tie), mine)
        heapq.heappush(self._queue, place)
        try:
            while True:
                if self.paused_s() > patience_s or (self._circuit.is_open and self._clock.monotonic() >= give_up_at):
                    raise TimeoutError
                delay_s = self._delay_s()
                if self._queue[0] is place and delay_s <= 0:
                    self._tokens -= 1
                    self.turns += 1
                    self._circuit.let_through()
                    return
                mine.clear()
                wait_s = delay_s if self._queue[0] is place else LONGEST_WAIT_S
                await self._clock.wait(mine, min(wait_s, self._patience_left_s(give_up_at)))
        finally:
            self._queue.remove(place)
            heapq.heapify(self._queue)
            if self._queue:
                self._queue[0][2].set()

    def pause(self, seconds: float) -> None:
        """The platform asked for a pause."""
        self.pauses += 1
        self._paused_until = max(self._paused_until, self._clock.monotonic() + min(seconds, MAX_PAUSE_S))
        self._wake_all()

    def _wake_all(self) -> None:
        for _, _, waiting in self._queue:
            waiting.set()

    def _patience_left_s(self, give_up_at: float) -> float:
        """It runs out only while nobody is answered."""
        return max(0.0, give_up_at - self._clock.monotonic()) if self._circuit.is_open else math.inf

    @property
    def waiting(self) -> int:
        """Requests whose turn has not come."""
        return len(self._queue)

    def paused_s(self) -> float:
        """Seconds that are left of the pause that the platform asked for."""
        return max(0.0, self._paused_until - self._clock.monotonic())

    def _delay_s(self) -> float:
        """Seconds until a request may be made."""
        now = self._clock.monotonic()
        self._tokens = min(self._capacity, self._tokens + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        missing = max(0.0, 1.0 - self._tokens) / self._per_second
        return max(missing, self._paused_until - now, self._circuit.wait_s())
