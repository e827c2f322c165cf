"""How often somebody may ask: token buckets, one for each key, in bounded memory. Pure; what is refused is for others
to say.
"""

from collections import OrderedDict
from typing import Final

MAX_KEYS: Final = 10_000
"""Beyond that the key that was quiet for longest is forgotten, and begins with a full bucket again."""


class Buckets:
    """`burst` requests at once, and `per_second` in the long run, for each key."""

    def __init__(self, per_second: float, burst: int, max_keys: int = MAX_KEYS) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._max_keys = max_keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """What is left, and when that was counted."""

    def take(self, key: str, now_s: float) -> float:
        """0 when the key may ask now, which counts; else the seconds until it may, and nothing is counted."""
        left, counted_at = self._buckets.pop(key, (self._burst, now_s))
        left = min(self._burst, left + max(0.0, now_s - counted_at) * self._per_second)
        wait_s = 0.0 if left >= 1 else (1 - left) / self._per_second
        self._buckets[key] = (left if wait_s else left - 1, now_s)
        if len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
        return wait_s
