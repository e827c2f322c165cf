"""What has to be known of the log beside the state, kept while it is read back: the newest checkpoint, and which
decisions lost.
"""

from collections.abc import Sequence

from moderator.domain.accounting import Checkpoint, LogTrimmed
from moderator.domain.events import DecisionRefused, Event
from moderator.domain.ids import EventId
from moderator.domain.state import Snapshot
from moderator.journal.starts import Refusal, Start


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

    @classmethod
    def from_start(cls, start: Start) -> "LedgerMarks":
        """As they were at that place in the log."""
        marks = cls()
        marks.head, marks.vouched, marks.newest = start.head, start.vouched, start.newest
        marks.refused = dict(start.refused)
        return marks

    def start(self, snapshot: Snapshot) -> Start:
        """A start, with the state that belongs to it."""
        return Start(
            snapshot=snapshot, head=self.head, vouched=self.vouched, newest=self.newest, refused=dict(self.refused)
        )

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
