"""The one place that reads the system's clocks. Everything else is given a Clock, so that tests own the time."""

import asyncio
import sys
import time
from collections import deque
from typing import Final, Protocol

_AWAKE_OR_NOT: Final[int | None] = getattr(
    time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None) if sys.platform == "darwin" else None
)
"""A clock that counts the time that the machine slept; Python's own does so on Windows only."""


class Clock(Protocol):
    """What time it is."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch, UTC. May step when the system's clock is set."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go backwards, and go on while the machine sleeps; only differences mean something."""
        ...

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        """Wait for an event, but no longer than `timeout_s` seconds of this clock; whether the event came."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic() if _AWAKE_OR_NOT is None else time.clock_gettime(_AWAKE_OR_NOT)

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        try:
            async with asyncio.timeout(timeout_s):
                return await event.wait()
        except TimeoutError:
            return False


class ToldTime:
    """What time it is by somebody else, as told the last times, and carried on by the clock that nobody sets: when ours
    is set, the difference is known at once.
    """

    def __init__(self, clock: Clock, samples: int = 8) -> None:
        self._clock = clock
        self._samples_ms: deque[int] = deque(maxlen=samples)
        """Our monotonic time less theirs."""

    def tell(self, at: int) -> None:
        """It is `at` there, or was a while ago: what is told late makes one sample too large, never too small."""
        self._samples_ms.append(_monotonic_ms(self._clock) - at)

    @property
    def skew_ms(self) -> int | None:
        """How far our clock is ahead of theirs now; None when nobody told."""
        if not self._samples_ms:
            return None
        return self._clock.now_ms() - _monotonic_ms(self._clock) + min(self._samples_ms)


def _monotonic_ms(clock: Clock) -> int:
    return round(clock.monotonic() * 1000)
