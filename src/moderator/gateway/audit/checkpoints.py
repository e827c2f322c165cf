"""Every few seconds a checkpoint, which vouches for what was stored since the one before: the hashes of those entries,
and the hash of all that. Appending does not wait for it, so gateways on one log stay independent of each other.
"""

import asyncio
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from moderator.clock import Clock
from moderator.domain.accounting import Checkpoint, Leaf
from moderator.domain.events import Actor, Event
from moderator.domain.ids import derive_event_id
from moderator.gateway.ledger import Ledger
from moderator.gateway.waiting import sleep
from moderator.journal.event_log import LogError
from moderator.journal.integrity import head_hash
from moderator.journal.verifying import Anchor

logger = logging.getLogger(__name__)

INTERVAL_S: Final = 5.0
MOST_LEAVES: Final = 1_000
"""In one checkpoint, so that it stays a small entry."""
_OWNER_ONLY: Final = 0o600


class Checkpoints:
    """Writes checkpoints, and their heads into the anchor file."""

    def __init__(self, ledger: Ledger, clock: Clock, anchor: Path | None) -> None:
        """`anchor` is best on another machine: it shows when the end of the log is cut off."""
        self._ledger = ledger
        self._clock = clock
        self._anchor = anchor

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await sleep(self._clock, INTERVAL_S)
            await self.vouch()

    async def vouch(self) -> None:
        """Vouch for everything that was read back and is not vouched for yet; a failure is logged."""
        try:
            while (marks := self._ledger.marks).newest > marks.vouched:
                leaves = await self._ledger.log.leaves(marks.vouched, MOST_LEAVES)
                await self._append(marks.head, leaves)
        except LogError as error:
            logger.error("a checkpoint could not be stored and is tried again: %s", error)

    async def _append(self, previous: str, leaves: Sequence[Leaf]) -> None:
        now, head = self._clock.now_ms(), head_hash(previous, leaves)
        data = Checkpoint(leaves=tuple(leaves), previous=previous, head=head)
        event = Event(id=derive_event_id("checkpoint", head), at=now, actor=Actor("gateway"), data=data)
        seq = await self._ledger.append([event])
        await self._ledger.read_back(seq)
        if self._anchor is not None:
            await asyncio.to_thread(_write, self._anchor, Anchor(seq, head, now))


def _write(path: Path, anchor: Anchor) -> None:
    """A line that is on the disk when this returns. That it cannot be written stops nobody."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
        try:
            os.write(file, msgspec.json.encode(anchor) + b"\n")
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        logger.error("the anchor %s cannot be written: %s", path, error.strerror)
