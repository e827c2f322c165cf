"""Up to where the copy goes, who waits for it to get further, and since when nothing is known to be missing in it."""

import asyncio
import math
from collections.abc import Callable
from typing import NamedTuple

from moderator.journal.event_log import LogError
from moderator.journal.jetstream.connection import TAKING_OUT_S, Connection


class _End(NamedTuple):
    """Of the stream, at a moment of the clock."""

    seq: int
    at: float


class Position:
    """The `seq` of the stream up to which everything is in the copy."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        self._end: _End | None = None
        """To be reached."""
        self._whole_at = -math.inf
        """What was stored up to this moment is in the copy."""
        self._failure: LogError | None = None
        self._waiting: set[asyncio.Event] = set()

    def passed_to(self, seq: int) -> None:
        """The copy goes up to there now."""
        self.seq = seq
        self._look()

    def ends_at(self, seq: int, at: float) -> None:
        """The stream went up to `seq` at a moment. While an earlier end is not reached yet, that one counts."""
        self._end = self._end or _End(seq, at)
        self._look()

    def fail(self, error: LogError) -> None:
        """It gets no further."""
        self._failure = error
        self._wake()

    async def reach(self, seq: int) -> None:
        """Wait until the copy goes up to there. Raises LogError when it never will."""
        await self._wait(lambda: self.seq >= seq)

    def is_whole(self, at: float) -> bool:
        """Whether everything is in the copy that was stored up to a moment."""
        return self._whole_at >= at

    async def reach_moment(self, at: float) -> None:
        """Wait until everything is in the copy that was stored up to a moment. Raises LogError when it never will."""
        await self._wait(lambda: self.is_whole(at))

    async def _wait(self, is_reached: Callable[[], bool]) -> None:
        passed = asyncio.Event()
        self._waiting.add(passed)
        try:
            while not is_reached():
                if self._failure is not None:
                    raise self._failure
                passed.clear()
                await passed.wait()
        finally:
            self._waiting.discard(passed)

    def _look(self) -> None:
        if self._end is not None and self.seq >= self._end.seq:
            self._whole_at, self._end = self._end.at, None
        self._wake()

    def _wake(self) -> None:
        for passed in self._waiting:
            passed.set()


async def reach_end(
    position: Position,
    connection: Connection,
    log: str,
    within_s: float = TAKING_OUT_S,
    why: str = "Nothing can be taken out yet: this gateway reads first what others stored.",
) -> None:
    """Wait until the copy has what is in the stream of the log now. Raises LogError(why) when that takes too long."""
    info = await connection.insist(lambda: connection.streams.stream_info(log), within_s)
    try:
        async with asyncio.timeout(within_s):
            await position.reach(info.state.last_seq)
    except TimeoutError as error:
        raise LogError(why) from error
