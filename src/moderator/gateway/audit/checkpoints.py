"""Every few seconds a checkpoint, which vouches for what was stored since the one before: the hashes of those entries,
and the hash of all that. Appending does not wait for it, so gateways on one log stay independent of each other.
"""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from moderator.clock import Clock
from moderator.domain.accounting import Checkpoint, Leaf
from moderator.domain.events import Actor, Event
from moderator.domain.ids import derive_event_id
from moderator.gateway.audit.anchors import add_line, last_checkpoint
from moderator.gateway.ledger import Ledger
from moderator.gateway.waiting import sleep
from moderator.journal.event_log import LogError, Slice
from moderator.journal.integrity import head_hash
from moderator.journal.verifying import Anchor

logger = logging.getLogger(__name__)

INTERVAL_S: Final = 5.0
MOST_LEAVES: Final = 1_000
"""In one checkpoint, so that it stays a small entry."""


class Checkpoints:
    """Writes checkpoints, and their heads into the anchor file."""

    def __init__(self, ledger: Ledger, clock: Clock, anchor: Path | None) -> None:
        """`anchor` is best on another machine: it shows when the end of the log is cut off. Blocks to read its end."""
        self._ledger = ledger
        self._clock = clock
        self._anchor = anchor
        self._known = None if anchor is None else last_checkpoint(anchor)
        """What the anchor said before this gateway began, until it was compared with the log."""

    async def run(self) -> None:
        """Until cancelled."""
        await self.compare()
        while True:
            await sleep(self._clock, INTERVAL_S)
            await self.vouch()

    async def compare(self) -> None:
        """Say in the gateway's own log when this is not the log that the anchor knows. The gateway goes on even so."""
        anchor, self._known = self._known, None
        if anchor is None:
            return
        try:
            if not await self._holds(anchor):
                logger.error(
                    "the log lacks the newest checkpoint of the anchor %s (record %d): it was cut or altered; "
                    "keep both files, and run `moderator audit verify`",
                    self._anchor,
                    anchor.seq,
                )
        except LogError as error:
            logger.error("the log could not be compared with the anchor: %s", error)

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
            await asyncio.to_thread(add_line, self._anchor, Anchor(seq, head, now))  # what fails stops nobody

    async def _holds(self, anchor: Anchor) -> bool:
        """Whether the log has that checkpoint where it was, or it was trimmed."""
        log = self._ledger.log
        if anchor.seq <= await log.trimmed():
            return True
        entries = await log.read_slice(Slice(after=anchor.seq - 1, before=anchor.seq + 1, limit=1))
        found = [event.data for entry in entries for event in entry.events]
        return any(isinstance(data, Checkpoint) and data.head == anchor.head for data in found)
