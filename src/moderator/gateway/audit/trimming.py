"""Entries that are older than is to be kept are taken out, at the start and then daily. What they led to is kept, and
so is the record that they were taken out, with the hash of what they were.
"""

import asyncio
import logging
from pathlib import Path
from typing import Final

from moderator.clock import Clock
from moderator.domain.accounting import LogTrimmed
from moderator.domain.events import Actor, Entry, Event
from moderator.domain.fold import fold
from moderator.domain.ids import derive_event_id
from moderator.domain.state import State
from moderator.gateway.audit.anchors import add_line
from moderator.gateway.ledger import Ledger
from moderator.gateway.waiting import sleep
from moderator.journal.event_log import LogError, Slice
from moderator.journal.integrity import head_hash
from moderator.journal.verifying import Anchor

logger = logging.getLogger(__name__)

DAY_S: Final = 24 * 3600.0
STEP: Final = 20_000
"""Entries that are taken out at a time, so that appending does not wait for long."""
AT_A_TIME: Final = 256


class Trimming:
    """Takes out what is too old."""

    def __init__(self, ledger: Ledger, clock: Clock, retention_ms: int, anchor: Path | None = None) -> None:
        self._ledger = ledger
        self._log = ledger.log
        self._clock = clock
        self._retention_ms = retention_ms
        self._anchor = anchor

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.trim()
            except LogError as error:
                logger.error("old entries could not be taken out of the log and are tried again tomorrow: %s", error)
            await sleep(self._clock, DAY_S)

    async def trim(self) -> None:
        """Take out everything that is older than is to be kept. Raises LogError."""
        async with self._ledger.changing:
            through = await self._through()
            state = await self._ledger.beginning()
            while state.seq < through:
                await self._step(state, through)

    async def _through(self) -> int:
        """What has to go; a command that is not settled yet stays, with everything after it."""
        through = min(await self._log.seq_at(self._clock.now_ms() - self._retention_ms), self._ledger.state.seq)
        oldest_open = await self._log.oldest_open()
        return through if oldest_open is None else min(through, oldest_open - 1)

    async def _step(self, state: State, through: int) -> None:
        """Fold what goes into `state`, which then stands for it."""
        count, digest = 0, ""
        while count < STEP:
            part = Slice(after=state.seq, before=through + 1, limit=AT_A_TIME)
            entries = await self._log.read_slice(part)
            if not entries:
                state.seq = through  # numbers without an entry
                break
            leaves = await self._log.leaves(state.seq, len(entries))
            digest = head_hash(digest, leaves)
            for entry in entries:
                fold(state, entry)
            count += len(entries)
            await asyncio.sleep(0)
        if count:
            await self._note(state.seq, digest)
            await self._log.trim(state.snapshot(), self._record(state.seq, count, digest))

    async def _note(self, through: int, digest: str) -> None:
        """In the anchor first: a trimming that it does not know of would be taken for somebody else's."""
        if self._anchor is not None:
            anchor = Anchor(through, digest, self._clock.now_ms(), trimmed=True)
            if not await asyncio.to_thread(add_line, self._anchor, anchor):
                raise LogError("The anchor has to say so first, and cannot be written.")

    def _record(self, through: int, count: int, digest: str) -> Entry:
        now = self._clock.now_ms()
        data = LogTrimmed(through=through, entries=count, hash=digest)
        event = Event(id=derive_event_id("trimmed", through, digest), at=now, actor=Actor("gateway"), data=data)
        return Entry(id=derive_event_id(event.id), recorded_at=now, events=(event,))
