"""What audits need to know of the log, kept while it is read back: the newest checkpoint, and which decisions lost."""

from collections.abc import Sequence

from moderator.domain.accounting import Checkpoint
from moderator.domain.events import DecisionRefused, Event
from moderator.domain.ids import EventId


class AuditMarks:
    """As far as the log was read."""

    def __init__(self) -> None:
        self.head = ""
        """Of the newest checkpoint; the next one builds on it."""
        self.vouched = 0
        """The `seq` up to which checkpoints vouch for entries."""
        self.newest = 0
        """The newest entry that is more than a checkpoint."""
        self.refused: dict[EventId, str] = {}
        """Decisions that lost their slot, each with the reason; the log itself does not say so."""

    def read(self, seq: int, events: Sequence[Event]) -> None:
        """An entry was folded."""
        for event in events:
            match event.data:
                case Checkpoint(head=head, leaves=leaves):
                    self.head = head
                    self.vouched = max(self.vouched, leaves[-1].seq if leaves else 0)
                    continue
                case DecisionRefused(why=why):
                    self.refused[event.id] = why
            self.newest = seq
