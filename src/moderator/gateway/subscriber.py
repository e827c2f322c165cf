"""One open feed: what waits to be sent to one reader, in bounded memory. What it is made of is for `broadcast`."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

PORTION_BYTES: Final = 64 * 1024
MAX_WAITING_BYTES: Final = 4 * 1024 * 1024
"""Beyond what a reader began with: who leaves so much waiting is cut."""
WriteAtOnce = Callable[[bytes], bool]
"""Writes a frame to the connection without waiting; False, and nothing written, when it cannot take it now."""


def never_at_once(frame: bytes) -> bool:
    """Of a connection that cannot be written to but by who waits for it."""
    return False


class Later(NamedTuple):
    """A frame that is encoded when it is its turn: who comes back after long takes no memory for what was missed."""

    encode: Callable[[], bytes]


class Subscriber:
    """One open feed: frames waiting to be sent. Closed when the gateway stops, or when too much is waiting."""

    def __init__(self, frames: Sequence[bytes | Later], write_at_once: WriteAtOnce = never_at_once) -> None:
        self._write_at_once = write_at_once
        self._frames = deque(frames)
        self._waiting_bytes = sum(map(_size, frames))
        self._most_bytes = self._waiting_bytes + MAX_WAITING_BYTES
        self._wake = asyncio.Event()
        self._all_taken = False
        """Whoever takes has sent everything, and waits for more."""
        self.ended = asyncio.Event()
        self.cut = False
        """Whether it was closed because the reader did not keep up."""

    @property
    def closed(self) -> bool:
        """Nothing more is sent."""
        return self.ended.is_set()

    def put(self, frame: bytes) -> None:
        """One more frame to send; after a cut there are none, or the reader would get frames with a gap before them."""
        if self.closed or (self._all_taken and not self._frames and self._write_at_once(frame)):
            return
        self._frames.append(frame)
        self._waiting_bytes += len(frame)
        if self._waiting_bytes > self._most_bytes:
            self.cut = True
            self.close()
        self._wake.set()

    def close(self) -> None:
        """Nothing more is sent."""
        self.ended.set()
        self._frames.clear()
        self._wake.set()

    @property
    def fill(self) -> float:
        """How much of what may wait does wait, from 0 to 1."""
        return 0.0 if self.closed else self._waiting_bytes / self._most_bytes

    @property
    def waiting(self) -> bool:
        """Whether there is something to take at once."""
        return bool(self._frames)

    async def take(self) -> bytes:
        """What waits, in portions: small frames together, a large one by itself. Empty when the feed is closed.

        A reader who keeps up has nothing waiting: it is written to at once, and nothing comes of this for long.
        """
        self._all_taken = True
        while not self._frames and not self.closed:
            self._wake.clear()
            await self._wake.wait()
        self._all_taken = False
        taken: list[bytes] = []
        size = 0
        while self._frames and (not taken or size + _size(self._frames[0]) <= PORTION_BYTES):
            frame = self._frames.popleft()
            if isinstance(frame, Later):
                return b"".join([*taken, frame.encode()])
            taken.append(frame)
            size += len(frame)
            self._waiting_bytes -= len(frame)
        return taken[0] if len(taken) == 1 else b"".join(taken)


def _size(frame: bytes | Later) -> int:
    """What it takes of memory now."""
    return 0 if isinstance(frame, Later) else len(frame)
