"""When to look at what again: one heap for one timer. Pure; who sleeps until then owns the clock."""

import heapq
from typing import Final, Generic, TypeVar

MOST_VOID: Final = 4
"""So many times as many entries as there are keys: then those that are out of date go."""
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
            if len(self._heap) > MOST_VOID * len(self._next) + MOST_VOID:
                self._heap = [(moment, one) for one, moment in self._next.items()]
                heapq.heapify(self._heap)

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
