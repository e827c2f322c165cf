"""Entries that are older than is to be kept are taken out, at the start and then daily. What they led to is kept, and
so is the record that they were taken out, with the hash of what they were.

What is gone does not come back, so the gateway's own clock alone is not believed: somebody else has to tell the same
time (`timekeeping`). Until then everything stays.
"""

import asyncio
import logging
from collections.abc import Callable
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
ASKED_AGAIN_AFTER_S: Final = 60.0
"""While nobody vouches for the clock."""
STEP: Final = 20_000
"""Entries that are taken out at a time, so that appending does not wait for long."""
AT_A_TIME: Final = 256


class Trimming:
    """Takes out what is too old."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        retention_ms: int,
        anchor: Path | None,
        is_vouched_for: Callable[[], bool],
    ) -> None:
        """`is_vouched_for` tells whether somebody else agrees with the clock."""
        self._ledger = ledger
        self._log = ledger.log
        self._clock = clock
        self._retention_ms = retention_ms
        self._anchor = anchor
        self._is_vouched_for = is_vouched_for
        self._is_said_to_wait = False

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await sleep(self._clock, DAY_S if await self.trim() else ASKED_AGAIN_AFTER_S)
            except LogError as error:
                logger.error("old entries could not be taken out of the log and are tried again tomorrow: %s", error)
                await sleep(self._clock, DAY_S)

    async def trim(self) -> bool:
        """Take out everything that is older than is to be kept; False when nobody vouches for the clock that says so.

        Raises LogError.
        """
        async with self._ledger.changing:
            now = self._clock.now_ms()
            if not self._is_vouched_for():
                self._say_that_it_waits()
                return False
            through = await self._through(now)
            while not await self._take_out(through):
                pass
        self._is_said_to_wait = False
        return True

    def _say_that_it_waits(self) -> None:
        if not self._is_said_to_wait:
            self._is_said_to_wait = True
            logger.info("old entries stay until the log's servers, or a platform, tell the same time as this gateway")

    async def _through(self, now: int) -> int:
        """What has to go; a command that is not settled yet stays, with everything after it."""
        oldest_kept = now - self._retention_ms
        through = min(await self._log.seq_at(oldest_kept), self._ledger.state.seq)
        oldest_open = await self._log.oldest_open()
        through = through if oldest_open is None else min(through, oldest_open - 1)
        return await self._up_to_first_between(oldest_kept, now, through)

    async def _up_to_first_between(self, oldest_kept: int, now: int, through: int) -> int:
        """The `seq` before the first entry, up to `through`, that is not old. Where a clock was wrong, times stand in
        no order, and `seq_at` may go too far; those that are yet to come say nothing.
        """
        after = await self._log.trimmed()
        while after < through:
            entries = await self._log.read_slice(Slice(after=after, before=through + 1, limit=AT_A_TIME))
            for entry in entries:
                if oldest_kept <= entry.recorded_at <= now:
                    return entry.seq - 1
            if not entries:
                break
            after = entries[-1].seq
        return through

    async def _take_out(self, through: int) -> bool:
        """False when another gateway took out some of it meanwhile, or somebody who is in it."""
        since = self._ledger.state.seq
        state = await self._ledger.beginning()
        while state.seq < through:
            if not await self._step(state, through, since):
                return False
        return True

    async def _step(self, state: State, through: int, since: int) -> bool:
        """Fold what goes into `state`, which then stands for it; was anything else taken out after `since`, nothing
        goes, and the state is worth nothing.
        """
        count, digest = 0, ""
        while count < STEP:
            part = Slice(after=state.seq, before=through + 1, limit=AT_A_TIME)
            entries = await self._log.read_slice(part)
            leaves = await self._log.leaves(state.seq, len(entries))
            if await self._log.trimmed() > state.seq:
                return False
            if not entries:
                state.seq = through  # numbers without an entry
                break
            digest = head_hash(digest, leaves)
            for entry in entries:
                fold(state, entry)
            count += len(entries)
            await asyncio.sleep(0)
        if not count:
            return True
        await self._note(state.seq, digest)
        return await self._log.trim(state.snapshot(), self._record(state.seq, count, digest), since) > 0

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
