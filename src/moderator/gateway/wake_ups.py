"""When to look at what again: one heap for one timer. Pure; who sleeps until then owns the clock."""

import heapq
from typing import Generic, TypeVar

K = TypeVar("K", bound=tuple[str, ...])


class WakeUps(Generic[K]):
    """The next moment of each key, in milliseconds since the epoch."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, K]] = []
        self._next: dict[K, int] = {}
        """The one valid moment of each key; other entries of the heap are out of date."""

    def arm(self, key: K, at: int | None) -> None:
        """Wake for this key then, instead of what was said before; None: not at all."""
        if at is None:
            self._next.pop(key, None)
        elif self._next.get(key) != at:
            self._next[key] = at
            heapq.heappush(self._heap, (at, key))

    def take_due(self, now: int) -> set[K]:
        """The keys whose moment has come; each is due once."""
        due: set[K] = set()
        while self._heap and self._heap[0][0] <= now:
            at, key = heapq.heappop(self._heap)
            if self._next.get(key) == at:
                del self._next[key]
                due.add(key)
        return due

    def next_at(self) -> int | None:
        """The soonest moment, or one that has become void and comes sooner."""
        return self._heap[0][0] if self._heap else None
