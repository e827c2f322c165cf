"""How long to wait before the next attempt. Only arithmetic: who waits, and for what, is decided elsewhere."""

import random
from collections.abc import Callable
from typing import Final

FIRST_S: Final = 0.5
LONGEST_S: Final = 15.0


class Backoff:
    """Exponential, with full jitter: a thousand desktops that lost one gateway do not return in the same moment."""

    def __init__(self, jitter: Callable[[], float] = random.random) -> None:
        self._jitter = jitter
        self._limit_s = FIRST_S

    def next_s(self) -> float:
        """Seconds until the next attempt: from 0 to a limit that doubles with every call, from 0.5 s to 15 s."""
        delay_s = self._jitter() * self._limit_s
        self._limit_s = min(LONGEST_S, 2 * self._limit_s)
        return delay_s

    def reset(self) -> None:
        """It worked: the next failure is the first one again."""
        self._limit_s = FIRST_S
