"""A clock that stands still until the test moves it."""

import asyncio
import math
from collections.abc import Callable
from typing import Final

from tests.fakes.builders import DAY

QUIET_ROUNDS: Final = 40
"""So many turns of the loop in which nothing is under way: everything that could follow has followed."""
POLL_S: Final = 0.0005


class FakeClock:
    """A `moderator.clock.Clock`. Give `busy` what the loop cannot know of, such as a thread that writes to the disk."""

    def __init__(self, now_ms: int = DAY, busy: Callable[[], bool] = lambda: False) -> None:
        self.busy = busy
        self._now_ms = now_ms
        self._elapsed_ms = 0
        self._alarms: list[tuple[int, asyncio.Timeout]] = []

    def now_ms(self) -> int:
        return self._now_ms

    def monotonic(self) -> float:
        return self._elapsed_ms / 1000

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        if timeout_s <= 0:
            await asyncio.sleep(0)
            return event.is_set()
        rings_at = self._elapsed_ms + max(1, math.ceil(timeout_s * 1000 - 1e-6))
        alarm: tuple[int, asyncio.Timeout] | None = None
        try:
            async with asyncio.timeout(None) as scope:
                alarm = (rings_at, scope)
                self._alarms.append(alarm)
                return await event.wait()
        except TimeoutError:
            return False
        finally:
            if alarm in self._alarms:
                self._alarms.remove(alarm)

    def step(self, ms: int) -> None:
        """Set the wall clock, as an administrator does; nothing else moves."""
        self._now_ms += ms

    async def advance(self, ms: int) -> None:
        """Let time pass; whoever waits for a moment in it wakes at that moment, and acts before time goes on."""
        await self.settle()
        target = self._elapsed_ms + ms
        while (next_at := min((at for at, _ in self._alarms), default=target + 1)) <= target:
            self._pass(next_at - self._elapsed_ms)
            self._ring()
            await self.settle()
        self._pass(target - self._elapsed_ms)
        await self.settle()

    async def settle(self) -> None:
        """Come back when nothing more happens without time passing."""
        quiet = 0
        while quiet < QUIET_ROUNDS:
            busy = self.busy()
            await asyncio.sleep(POLL_S if busy else 0)
            quiet = 0 if busy else quiet + 1

    def _pass(self, ms: int) -> None:
        self._now_ms += max(0, ms)
        self._elapsed_ms += max(0, ms)

    def _ring(self) -> None:
        for alarm in [one for one in self._alarms if one[0] <= self._elapsed_ms]:
            self._alarms.remove(alarm)
            alarm[1].reschedule(asyncio.get_running_loop().time())
