"""What a log has to promise, so that one SQLite file or a replicated stream can stand behind it unchanged.

One append is one atomic entry of one or more events. There is one total order: `seq`, strictly growing, perhaps
with holes. Everybody reads the same entries in that order, and may act on an entry only after having read it: a log has
no compare-and-set, the fold judges.
"""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from moderator.domain.accounting import Leaf
from moderator.domain.events import Entry, Event
from moderator.domain.ids import EventId, RoomKey
from moderator.domain.state import Snapshot


class LogError(Exception):
    """The log could not be read or written. Nothing that failed to be stored is ever acknowledged."""


class OpenCommand(Struct, frozen=True):
    """A command to be carried out; given again, also after a restart, until it is acknowledged."""

    seq: int
    event: Event


class Slice(Struct, frozen=True, kw_only=True):
    """A part of the log, from one end of it."""

    after: int = 0
    before: int | None = None
    newest_first: bool = False
    key: RoomKey | None = None
    """Entries with an event of this room only."""
    limit: int


class Seat(NamedTuple):
    """Where somebody was: a connection in a room, by the platform's ids."""

    source: str
    room: str
    participant: str


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

    async def seq_at(self, recorded_at: int) -> int:
        """The `seq` after which entries were recorded at that time or later: where to start to read from then.

        Found without reading the entries before, so it is as near as the clocks of who recorded them agreed.
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

    async def read_slice(self, part: Slice) -> Sequence[Entry]:
        """At most `part.limit` entries between two positions, from whichever end. Large ones come in smaller numbers:
        the end is reached when none is returned.
        """
        ...

    # --- what audits need ------------------------------------------------------------------------------------------

    async def leaves(self, after: int, limit: int) -> Sequence[Leaf]:
        """The hashes of the next entries, in order: what a checkpoint vouches for."""
        ...

    async def outcomes(self, commands: Collection[EventId]) -> Mapping[EventId, str]:
        """The kind of event that settled each of these commands; those that nobody settled are left out."""
        ...

    async def seats(self, user: str) -> Collection[Seat]:
        """Every connection that this user is known to have had."""
        ...

    async def erase(
        self, source: str, user: str, pseudonym: str, record: Callable[[int], Entry]
    ) -> tuple[int, int] | None:
        """Take out of the store what can tell who this person is, and append the record of it, which is given the
        number of texts. Returns its `seq` and that number; None when nothing is known about such a person.
        """
        ...

    async def count(self, part: Slice) -> int:
        """How many entries there are in a part of the log, whatever its limit."""
        ...

    async def before(self) -> Snapshot | None:
        """What entries led to that were trimmed; None when none were. The same value as long as it does not change."""
        ...

    async def trimmed(self) -> int:
        """The `seq` up to which entries were trimmed; 0 when none were. Never behind what can be read."""
        ...

    async def oldest_open(self) -> int | None:
        """The `seq` of the oldest entry with a command that is not acknowledged yet."""
        ...

    async def trim(self, snapshot: Snapshot, record: Entry) -> int:
        """Take out all entries up to the snapshot's `seq`, keep the snapshot, and append the record of it."""
        ...

    async def aclose(self) -> None:
        """Finish what is being stored and let go of the store."""
        ...
