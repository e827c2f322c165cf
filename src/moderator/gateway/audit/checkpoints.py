"""Every few seconds a checkpoint, which vouches for what was stored since the one before: the hashes of those entries,
and the hash of all that. Appending does not wait for it, so gateways on one log stay independent of each other.

Of several gateways the one that wrote the newest goes on, and another one takes over when nothing comes from it. Two at
once do no harm: who verifies compares them. So does every gateway that reads one of another: servers of a log that were
cut off from each other may have told them different things.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from moderator.clock import Clock
from moderator.domain.accounting import Checkpoint, Leaf, LogTrimmed
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
TAKES_OVER_S: Final = (12.0, 18.0)
"""After so long without one of the gateway that wrote them another gateway does: at random, so that it is one."""
MOST_COMPARED: Final = 100
"""Checkpoints of others that wait to be compared: with no more than so many, the newest."""
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
        self._own = ""
        """The head of the newest checkpoint that was written here."""
        self._writing = ""
        """The same, from when it was to be written."""
        self._trims: list[Anchor] = []
        self._others: deque[Checkpoint] = deque(maxlen=MOST_COMPARED)
        ledger.listen(self._on_events)

    async def run(self) -> None:
        """Until cancelled."""
        await self.compare()
        self._own = self._ledger.marks.head
        while True:
            newest = self._ledger.marks.head
            await self._compare_others()
            await sleep(self._clock, INTERVAL_S if newest == self._own else random.uniform(*TAKES_OVER_S))
            if self._ledger.marks.head == newest:
                await self.vouch()
            else:
                await self._note_trims()

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
        await self._note_trims()
        newest = self._ledger.marks.newest  # on a busy log there would be no end
        try:
            while newest > (marks := self._ledger.marks).vouched:
                leaves = await self._ledger.log.leaves(marks.vouched, MOST_LEAVES)
                await self._append(marks.head, leaves)
        except LogError as error:
            logger.error("a checkpoint could not be stored and is tried again: %s", error)

    async def _append(self, previous: str, leaves: Sequence[Leaf]) -> None:
        now, head = self._clock.now_ms(), head_hash(previous, leaves)
        data = Checkpoint(leaves=tuple(leaves), previous=previous, head=head)
        self._writing = head
        event = Event(id=derive_event_id("checkpoint", head), at=now, actor=Actor("gateway"), data=data)
        seq = await self._ledger.append([event])
        await self._ledger.read_back(seq)
        self._own = head
        if self._anchor is not None:
            await asyncio.to_thread(add_line, self._anchor, Anchor(seq, head, now))  # what fails stops nobody

    def _on_events(self, events: Sequence[Event]) -> None:
        for event in events:
            match event.data:
                case Checkpoint(head=head) if head != self._writing:
                    self._others.append(event.data)
                case LogTrimmed(through=through, hash=hash_):
                    self._trims.append(Anchor(through, hash_, event.recorded_at, trimmed=True))

    async def _compare_others(self) -> None:
        """Say so in the gateway's own log when another gateway read something else than this one."""
        others, self._others = self._others, deque(maxlen=MOST_COMPARED)
        try:
            found = [await self._differing(checkpoint.leaves) for checkpoint in others if checkpoint.leaves]
        except LogError as error:
            logger.error("checkpoints of other gateways could not be compared with the log: %s", error)
            return
        if seqs := [seq for seq in found if seq is not None]:
            logger.error(
                "record %d of the log is not the same for another gateway. Remove the copy (nats.copy) of the one "
                "whose log `moderator audit verify` finds altered, and start it anew; if it is said again, a server of "
                "the log has other records than the others: remove its data, so that it gets theirs",
                min(seqs),
            )

    async def _differing(self, leaves: Sequence[Leaf]) -> int | None:
        """The first record that is not what it was to who wrote this."""
        own = {one.seq: one.hash for one in await self._ledger.log.leaves(leaves[0].seq - 1, len(leaves))}
        return next((one.seq for one in leaves if own.get(one.seq, one.hash) != one.hash), None)

    async def _note_trims(self) -> None:
        """Another gateway's anchor has said so before; this one would miss what was taken out."""
        trims, self._trims = self._trims, []
        for trim in trims:
            if self._anchor is not None:
                await asyncio.to_thread(add_line, self._anchor, trim)

    async def _holds(self, anchor: Anchor) -> bool:
        """Whether the log has that checkpoint where it was, or it was trimmed."""
        log = self._ledger.log
        if anchor.seq <= await log.trimmed():
            return True
        entries = await log.read_slice(Slice(after=anchor.seq - 1, before=anchor.seq + 1, limit=1))
        found = [event.data for entry in entries for event in entry.events]
        return any(isinstance(data, Checkpoint) and data.head == anchor.head for data in found)
