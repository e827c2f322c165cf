"""The open commands of one source: so many are carried out at a time, the others wait, the most urgent first.

A platform that hangs holds up its own commands only, and a backlog takes no task for each. How a command is carried out
is not known here.
"""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from typing import Final

from moderator.domain.events import DisconnectRequested
from moderator.domain.kinds import Data
from moderator.gateway.platforms.limiter import Urgency
from moderator.journal.event_log import OpenCommand

AT_ONCE: Final = 128
"""More than a platform takes at a time: some wait for their turn, some for what shows that they were done."""
REMOVALS_AT_ONCE: Final = 2 * AT_ONCE
"""All together, when the next is a removal: nothing else takes the last places."""
MOST_WAITING: Final = 10_000
"""More than that would be done long after anybody wanted it."""


def urgency_of(data: Data) -> Urgency:
    """Which commands go first."""
    return Urgency.REMOVAL if isinstance(data, DisconnectRequested) else Urgency.COMMAND


class Line:
    """Of one source."""

    def __init__(self, start: Callable[[OpenCommand], asyncio.Task[None]]) -> None:
        """`start` begins to carry a command out; its end makes place for the next."""
        self._start = start
        self._waiting: list[tuple[int, int, OpenCommand]] = []
        self._tie = itertools.count()
        self._under_way = 0
        self._is_closed = False

    def add(self, command: OpenCommand) -> bool:
        """Carry it out as soon as there is a place; False when too many wait already."""
        if len(self._waiting) >= MOST_WAITING:
            return False
        heapq.heappush(self._waiting, (int(urgency_of(command.event.data)), next(self._tie), command))
        self._go_on()
        return True

    def close(self) -> None:
        """Begin no more of them."""
        self._is_closed = True

    def _go_on(self) -> None:
        while self._waiting and not self._is_closed and self._under_way < _places(self._waiting[0][0]):
            _, _, command = heapq.heappop(self._waiting)
            self._under_way += 1
            self._start(command).add_done_callback(self._ended)

    def _ended(self, _: asyncio.Task[None]) -> None:
        self._under_way -= 1
        self._go_on()


def _places(urgency: int) -> int:
    return REMOVALS_AT_ONCE if urgency == Urgency.REMOVAL else AT_ONCE
