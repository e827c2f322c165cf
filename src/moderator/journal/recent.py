"""The newest entries, in memory for those who listen: whoever keeps up is not sent to the disk, whoever does not is.

It is bounded, so a slow listener costs nothing: what fell out of it stands in the log.
"""

from collections import deque
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from moderator.domain.events import Entry
from moderator.journal.sqlite_writer import Added

MOST_ENTRIES: Final = 1_000
MOST_BYTES: Final = 4 * 1024 * 1024
"""Of what is stored of them; the entries in memory take a few times as much."""


class Recent:
    """Every entry after `floor`, up to the newest one that was added."""

    def __init__(self, floor: int) -> None:
        self.floor = floor
        self._kept: deque[Added] = deque()
        self._bytes = 0

    @property
    def newest(self) -> int:
        """The `seq` of the newest entry there is."""
        return self._kept[-1].entry.seq if self._kept else self.floor

    def add(self, added: Sequence[Added]) -> None:
        """Newer entries, in their order."""
        for one in added:
            self._kept.append(one)
            self._bytes += one.size
        while len(self._kept) > MOST_ENTRIES or self._bytes > MOST_BYTES:
            dropped = self._kept.popleft()
            self._bytes -= dropped.size
            self.floor = dropped.entry.seq

    def after(self, seq: int) -> list[Entry] | None:
        """The entries after `seq`, in order; None when some of them fell out."""
        if seq < self.floor:
            return None
        newer = takewhile(lambda one: one.entry.seq > seq, reversed(self._kept))
        return [one.entry for one in newer][::-1]
