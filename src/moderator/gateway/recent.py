"""The newest entries as they were read, for who comes back to the feed after a while. Bounded: who comes later begins
with a snapshot.
"""

import itertools
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from msgspec.structs import astuple

from moderator.domain.events import Event

MOST_ENTRIES: Final = 20_000
MOST_BYTES: Final = 32 * 1024 * 1024
"""About what they take in memory."""
EVENT_BYTES: Final = 600
MEMBER_BYTES: Final = 100
"""Of an event without its texts, and of what is in a list or a table of it."""


class _Kept(NamedTuple):
    seq: int
    events: tuple[Event, ...]
    size: int


class Recent:
    """Every event after one position, up to the newest that was added."""

    def __init__(self) -> None:
        self._kept: deque[_Kept] = deque()
        self._bytes = 0
        self._forgotten_seq = 0
        """The newest entry that is not kept any more."""

    def add(self, seq: int, events: Sequence[Event]) -> None:
        """A newer entry."""
        size = sum(map(_size, events))
        self._kept.append(_Kept(seq, tuple(events), size))
        self._bytes += size
        while len(self._kept) > MOST_ENTRIES or self._bytes > MOST_BYTES:
            dropped = self._kept.popleft()
            self._bytes -= dropped.size
            self._forgotten_seq = dropped.seq

    def start_over(self, seq: int) -> None:
        """Nothing up to this position is kept."""
        self._kept.clear()
        self._bytes, self._forgotten_seq = 0, seq

    def since(self, seq: int) -> Iterator[Event] | None:
        """The events after `seq`, in order; None when some of them are not kept any more."""
        if seq < self._forgotten_seq:
            return None
        newer = list(itertools.takewhile(lambda one: one.seq > seq, reversed(self._kept)))
        return (event for one in reversed(newer) for event in one.events)


def _size(event: Event) -> int:
    size = EVENT_BYTES
    for member in astuple(event.data):
        if isinstance(member, str):
            size += len(member)
        elif isinstance(member, tuple | list | dict):
            size += MEMBER_BYTES * len(member)
    return size
