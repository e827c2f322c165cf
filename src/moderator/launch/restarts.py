"""Whether, and after how long, a program that ended is started again. Only arithmetic."""

from typing import Final

PAUSES_S: Final = (0.5, 2.0, 5.0)
HEALTHY_S: Final = 60.0
"""What ran as long as that had no lasting fault: its next end is the first one again."""


class Restarts:
    """Three restarts, each after a longer pause; then it is given up."""

    def __init__(self) -> None:
        self._done = 0

    def pause_s(self, ran_s: float) -> float | None:
        """Seconds until the next start, after it ran for `ran_s` seconds; None: no more."""
        if ran_s >= HEALTHY_S:
            self._done = 0
        if self._done == len(PAUSES_S):
            return None
        self._done += 1
        return PAUSES_S[self._done - 1]
