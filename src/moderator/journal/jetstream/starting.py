"""How a copy that is empty gets to its place soon: it begins at the start that the gateways keep together, and what was
before is filled in while the gateway works already.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from functools import partial
from typing import Final, cast

from moderator.feed.codec import CodecError
from moderator.journal.event_log import LogError, StoreTrouble
from moderator.journal.jetstream.copies import Missing, begin_at, missing_in
from moderator.journal.jetstream.following import Following, Gap, Hole, Message
from moderator.journal.jetstream.kept import START, Kept
from moderator.journal.jetstream.patience import Patience
from moderator.journal.jetstream.replicating import Replicating
from moderator.journal.jetstream.texts import TextsMissing
from moderator.journal.sqlite_reader import Reader
from moderator.journal.starts import Start, decode

logger = logging.getLogger(__name__)

WORTH_IT_ENTRIES: Final = 10_000
"""Fewer are read in no time, and each gateway need not send as much as all the others."""
Change = Callable[[Callable[[sqlite3.Connection], None]], Awaitable[int]]


class Starting:
    """Starts that are shared, and the older entries of a copy that began at one."""

    def __init__(self, kept: Kept, reader: Reader, following: Following, replicating: Replicating) -> None:
        self._kept = kept
        self._reader = reader
        self._following = following
        self._replicating = replicating
        self.missing: Missing | None = None
        """What is not in the copy yet."""
        self._first = 0

    async def begin(self, first: int, newest: int, change: Change) -> int | None:
        """Let an empty copy begin at the newest start, where that saves much; its `seq`. Raises LogError."""
        for number in reversed(await self._kept.numbers(START)):
            if newest < number or number - first < WORTH_IT_ENTRIES:
                continue
            raw = await self._kept.get(START, number)
            if raw is not None and await asyncio.to_thread(_is_readable, raw):
                await change(partial(begin_at, start=number, after=first - 1, body=raw))
                return number
        return None

    async def keep(self, start: Start, body: bytes) -> None:
        """Share a start, when the newest is much older. Raises LogError."""
        numbers = await self._kept.numbers(START)
        if not numbers or start.seq - numbers[-1] >= WORTH_IT_ENTRIES:
            await self._kept.put(START, start.seq, body)
            await self._kept.drop(START, below=start.seq)

    async def forget(self) -> None:
        """Let nobody begin at a start that may hold what is not in the log. Raises LogError."""
        if numbers := await self._kept.numbers(START):
            await self._kept.drop(START, below=numbers[-1] + 1)

    async def look(self) -> None:
        """Find out what is missing in the copy."""
        self.missing = await self._reader.ask(missing_in)
        self._first = self.missing.after if self.missing else 0

    def check(self, after: int, before: int | None = None) -> None:
        """Raise LogError when entries between two positions are not there yet."""
        missing = self.missing
        if missing is not None and after < missing.upto and (before is None or before > missing.after + 1):
            whole = max(1, missing.upto - self._first)
            share = 100 * (missing.after - self._first) // whole
            raise LogError(f"The history of the log is still being read: {share} %.")

    async def fill(self) -> None:
        """Read what is missing. Raises LogError."""
        patience = Patience()
        while self.missing is not None:
            try:
                await self._fill(self.missing, patience)
            except (Gap, Hole) as gap:  # it was trimmed meanwhile, or somebody took some out
                upto = self.missing.upto
                self.missing = Missing(gap.first - 1, upto) if gap.first <= upto else None
            except (TextsMissing, StoreTrouble) as error:  # perhaps it is being trimmed: that shows as a gap
                await patience.after(error)
            else:
                self.missing = None

    async def _fill(self, missing: Missing, patience: Patience) -> None:
        batches = cast("AsyncGenerator[list[Message], None]", self._following.batches(missing.after))
        async with aclosing(batches):
            async for batch in batches:
                wanted = [message for message in batch if message.seq <= missing.upto]
                await self._replicating.fill_in(wanted)
                self.missing = Missing(batch[-1].seq, missing.upto)
                patience.progressed()
                if batch[-1].seq >= missing.upto:
                    return


def _is_readable(raw: bytes) -> bool:
    try:
        decode(raw)
    except CodecError as error:
        logger.info("a start of the log is not used: %s", error)
        return False
    return True
