"""What a log has to promise, so that one SQLite file or a replicated stream can stand behind it unchanged.

One append is one atomic entry of one or more events. There is one total order: `seq`, strictly growing, perhaps
with holes. Everybody reads the same entries in that order, and may act on an entry only after having read it: a log has
no compare-and-set, the fold judges.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from moderator.domain.accounting import Leaf
from moderator.domain.events import Entry, Event
from moderator.domain.ids import EventId, RoomKey
from moderator.domain.state import Snapshot
from moderator.journal.starts import Start


class LogError(Exception):
    """The log could not be read or written. Nothing that failed to be stored is ever acknowledged."""


class StoreTrouble(LogError):
    """The store cannot be used now. What failed may work later: there is space again, or a server."""


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


class LogHealth(Struct, frozen=True, kw_only=True):
    """How well the log can be used now: what a gateway's readiness is made of."""

    writable: bool
    """Whether the last attempt to store something worked."""
    why: str = ""
    """A sentence, where it cannot be written or read."""
    behind: int = 0
    """Entries that the log is known to have and that are not read here yet."""
    clock_skew_ms: int | None = None
    """How far this machine's clock is ahead of the log's; None where they are one, or nothing came to tell it by."""


class Seat(NamedTuple):
    """Where somebody was: a connection in a room, by the platform's ids."""

    source: str
    room: str
    participant: str


class EventLog(Protocol):
    """An append-only log of entries."""

    log_id: str
    """Tells this log from any other, for good: a position means nothing in another log."""

    def append(self, entry: Entry) -> Awaitable[int]:
        """Store an entry, durably; gives its `seq`.

        An entry whose id is known is not stored again: its first `seq` comes back.
        Raises LogError when it could not be stored. Who stops waiting does not know whether it was.
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

    async def remind(self, commands: Collection[EventId]) -> None:
        """These are open for long: give those out again that no gateway has in hand. Raises LogError."""
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

    async def newest(self) -> int:
        """The `seq` of the newest entry that can be read; 0 when there is none."""
        ...

    async def oldest_open(self) -> int | None:
        """The `seq` of the oldest entry with a command that is not acknowledged yet."""
        ...

    async def trim(self, snapshot: Snapshot, record: Entry, since: int) -> int:
        """Take out all entries up to the snapshot's `seq`, keep the snapshot, and append the record of it; returns its
        `seq`. 0, and nothing is taken out, when somebody was erased after `since`, who may stand in the snapshot.
        """
        ...

    # --- where to begin --------------------------------------------------------------------------------------------

    async def start(self) -> Start | None:
        """The newest start that was kept; None where there is none, or none that this version can read: then the log
        is read from its beginning.
        """
        ...

    async def keep_start(self, start: Start) -> None:
        """Keep a start, in place of any older one. It holds names: it goes when somebody is erased, and when entries
        after it are trimmed. One that was made before that is not kept any more. Raises LogError.
        """
        ...

    def health(self) -> LogHealth:
        """How well the log can be used now. Asks nobody and waits for nothing."""
        ...

    async def aclose(self) -> None:
        """Finish what is being stored and let go of the store."""
        ...
