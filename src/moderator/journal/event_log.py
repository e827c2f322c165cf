"""What a log has to promise, so that one SQLite file or a replicated stream can stand behind it unchanged.

One append is one atomic entry of one or more events. There is one total order: `seq`, strictly growing, perhaps
with holes. Everybody reads the same entries in that order, and may act on an entry only after having read it: a log has
no compare-and-set, the fold judges.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from msgspec import Struct

from moderator.domain.events import Entry, Event
from moderator.domain.ids import EventId, RoomKey


class LogError(Exception):
    """The log could not be read or written. Nothing that failed to be stored is ever acknowledged."""


class OpenCommand(Struct, frozen=True):
    """A command to be carried out; given again, also after a restart, until it is acknowledged."""

    seq: int
    event: Event


class EventLog(Protocol):
    """An append-only log of entries."""

    log_id: str
    """Tells this log from any other, for good: a position means nothing in another log."""

    async def append(self, entry: Entry) -> int:
        """Store an entry, durably, and return its `seq`.

        An entry whose id is known is not stored again: its first `seq` comes back.
        Raises LogError when it could not be stored.
        """
        ...

    def read(self, after: int) -> AsyncIterator[Sequence[Entry]]:
        """Entries with a greater `seq` in order, in batches, up to the end that the log has when reading gets there."""
        ...

    async def read_room(self, key: RoomKey, after: int, limit: int) -> Sequence[Entry]:
        """At most `limit` entries with a greater `seq` that hold an event of this room, in order.

        Large ones come in smaller numbers: the end is reached when none is returned. Each is given whole, with its
        events about other rooms. An empty room id asks for what concerns the source itself.
        """
        ...

    def tail(self, after: int) -> AsyncIterator[Sequence[Entry]]:
        """As `read`, then goes on with new entries as they are stored, for as long as somebody listens."""
        ...

    def work(self) -> AsyncIterator[OpenCommand]:
        """Commands not acknowledged yet, oldest first, then new ones. Several gateways share them."""
        ...

    async def acknowledge(self, command: EventId) -> None:
        """The command was settled: nobody needs to be given it again."""
        ...

    async def aclose(self) -> None:
        """Finish what is being stored and let go of the store."""
        ...
