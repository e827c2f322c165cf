"""What has to be known of the log beside the state, kept while it is read back: the newest checkpoint, and which
decisions lost.
"""

from collections.abc import Sequence
from typing import NamedTuple

from moderator.domain.accounting import Checkpoint, LogTrimmed
from moderator.domain.events import DecisionRefused, Event
from moderator.domain.ids import EventId


class Refusal(NamedTuple):
    """A decision that lost its slot, with the `seq` of its entry."""

    seq: int
    why: str


class LedgerMarks:
    """As far as the log was read."""

    def __init__(self) -> None:
        self.head = ""
        """Of the newest checkpoint; the next one builds on it."""
        self.vouched = 0
        """The `seq` up to which checkpoints vouch for entries."""
        self.newest = 0
        """The newest entry that is more than a checkpoint."""
        self.refused: dict[EventId, Refusal] = {}
        """Decisions that lost their slot, oldest first, as far as their entries are in the log, which does not say so
        itself.
        """

    def read(self, seq: int, events: Sequence[Event]) -> None:
        """An entry was folded."""
        for event in events:
            match event.data:
                case Checkpoint(head=head, leaves=leaves):
                    self.head = head
                    self.vouched = max(self.vouched, leaves[-1].seq if leaves else 0)
                    continue
                case DecisionRefused(why=why):
                    self.refused[event.id] = Refusal(seq, why)
                case LogTrimmed(through=through):
                    self.refused = {id_: one for id_, one in self.refused.items() if one.seq > through}
            self.newest = seq
