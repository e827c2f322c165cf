"""What is asked of the log file, on threads with connections of their own: the event loop never waits for a disk."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Final, TypeVar

import msgspec

from moderator.domain.accounting import Leaf
from moderator.domain.events import Entry
from moderator.domain.ids import EventId, RoomKey
from moderator.feed.codec import CodecError
from moderator.journal.event_log import OpenCommand, Slice
from moderator.journal.integrity import leaf_hash
from moderator.journal.sqlite_file import STORE_ERRORS, LogFile
from moderator.journal.stored import from_stored, recorded_at_of

MOST_ENTRIES: Final = 256
MOST_BYTES: Final = 1024 * 1024
"""In one batch: what a reader holds in memory at a time."""

_THREADS: Final = 2
T = TypeVar("T")


class Reader:
    """Reads from the file. Every call may raise LogError."""

    def __init__(self, file: LogFile) -> None:
        self._file = file
        self._pool = ThreadPoolExecutor(_THREADS, "journal-reader")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []

    async def newest(self) -> int:
        """The `seq` of the newest entry; 0 when there is none."""
        return await self.ask(lambda store: int(store.execute("SELECT max(seq) FROM entries").fetchone()[0] or 0))

    async def batch(self, after: int) -> list[Entry]:
        """The next entries, in order."""
        query = "SELECT seq, body FROM entries WHERE seq > ? ORDER BY seq LIMIT ?"
        return await self.ask(lambda store: _entries(store, query, (after, MOST_ENTRIES)))

    async def seq_at(self, recorded_at: int) -> int:
        """The `seq` before the first entry of that time or later."""
        return await self.ask(lambda store: _seq_at(store, recorded_at))

    async def room(self, key: RoomKey, after: int, limit: int) -> list[Entry]:
        """The next entries that hold an event of this room, in order."""
        query = (
            "SELECT seq, body FROM entry_rooms JOIN entries USING (seq) "
            "WHERE source = ? AND room = ? AND seq > ? ORDER BY seq LIMIT ?"
        )
        return await self.ask(
            lambda store: _entries(store, query, (key.source, key.room, after, min(limit, MOST_ENTRIES)))
        )

    async def slice(self, part: Slice) -> list[Entry]:
        """A part of the log, from one end of it."""
        return await self.ask(lambda store: _slice(store, part))

    async def count(self, part: Slice) -> int:
        """How many entries there are in a part of the log."""
        tables, conditions, values = _where(part)
        query = f"SELECT count(*) FROM {tables} WHERE {conditions}"
        return await self.ask(lambda store: int(store.execute(query, values).fetchone()[0]))

    async def leaves(self, after: int, limit: int) -> list[Leaf]:
        """The hashes of the next entries, in order."""
        query = "SELECT salt, seq, body FROM entries WHERE seq > ? ORDER BY seq LIMIT ?"
        return await self.ask(
            lambda store: [Leaf(row[1], leaf_hash(*row)) for row in store.execute(query, (after, limit))]
        )

    async def outcomes(self, commands: Collection[EventId]) -> dict[EventId, str]:
        """The kind of event that settled each of these commands."""
        return await self.ask(lambda store: _outcomes(store, commands))

    async def oldest_open(self) -> int | None:
        """The `seq` of the oldest entry with an open command."""
        query = "SELECT min(seq) FROM commands WHERE done = 0"
        return await self.ask(lambda store: _number(store.execute(query).fetchone()[0]))

    async def command(self, after: int) -> tuple[int, OpenCommand] | None:
        """The next open command and its number; numbers grow as commands are stored."""
        return await self.ask(lambda store: _open_command(store, after))

    def close(self) -> None:
        """Wait for what is being read, then close. Blocks."""
        self._pool.shutdown()
        for connection in self._connections:
            connection.close()

    async def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """What a question to the file is answered, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._ask, question)

    def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return question(self._connection())
        except STORE_ERRORS as error:
            raise self._file.explain(error) from error
        except (msgspec.MsgspecError, TypeError) as error:  # a column holds something else than it should
            raise self._file.explain(CodecError(str(error))) from error

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = self._file.connect_to_read()
            self._connections.append(self._local.connection)
        connection: sqlite3.Connection = self._local.connection
        return connection


def _entries(store: sqlite3.Connection, query: str, values: Iterable[object]) -> list[Entry]:
    """At least one entry if there is one, however large, then as many more as a batch may hold."""
    found: list[Entry] = []
    size = 0
    with _at_one_time(store), closing(store.execute(query, tuple(values))) as rows:
        for seq, body in rows:
            texts = _texts(store, seq, body)
            found.append(from_stored(body, seq, texts))
            size += len(body) + sum(map(len, texts))
            if size >= MOST_BYTES:
                break
    return found


def _texts(store: sqlite3.Connection, seq: int, body: bytes | str) -> list[bytes]:
    """What the body of an entry lacks."""
    if isinstance(body, bytes) and b'"personal":' not in body:
        return []
    return [value for (value,) in store.execute("SELECT value FROM texts WHERE seq = ? ORDER BY number", (seq,))]


@contextmanager
def _at_one_time(store: sqlite3.Connection) -> Iterator[None]:
    """Several questions about the same state of the file. Short: as long as it lasts, the write-ahead log grows."""
    store.execute("BEGIN")
    try:
        yield
    finally:
        store.execute("COMMIT")


def _slice(store: sqlite3.Connection, part: Slice) -> list[Entry]:
    tables, conditions, values = _where(part)
    order = "DESC" if part.newest_first else "ASC"
    query = f"SELECT seq, body FROM {tables} WHERE {conditions} ORDER BY seq {order} LIMIT ?"
    return _entries(store, query, (*values, min(part.limit, MOST_ENTRIES)))


def _where(part: Slice) -> tuple[str, str, list[object]]:
    """The tables that hold a part of the log, the conditions, and their values."""
    tables, conditions = "entries", ["seq > ?"]
    values: list[object] = [part.after]
    if part.before is not None:
        conditions.append("seq < ?")
        values.append(part.before)
    if part.key is not None:
        tables = "entry_rooms JOIN entries USING (seq)"
        conditions += ["source = ?", "room = ?"]
        values += part.key
    return tables, " AND ".join(conditions), values


def _outcomes(store: sqlite3.Connection, commands: Collection[EventId]) -> dict[EventId, str]:
    query = "SELECT outcome FROM commands WHERE event_id = ? AND outcome <> ''"
    found = {id_: store.execute(query, (id_,)).fetchone() for id_ in commands}
    return {id_: row[0] for id_, row in found.items() if row is not None}


def _seq_at(store: sqlite3.Connection, recorded_at: int) -> int:
    """Halves what is left, since entries are in the order of time but for small steps of clocks.

    By the time in their bodies, which is vouched for: what is taken out for its age goes by this.
    """
    first, last = store.execute("SELECT min(seq), max(seq) FROM entries").fetchone()
    low, high = (first, last + 1) if first is not None else (1, 1)
    while low < high:
        middle = (low + high) // 2
        query = "SELECT seq, body FROM entries WHERE seq >= ? ORDER BY seq LIMIT 1"
        found = store.execute(query, (middle,)).fetchone()
        if found is None or recorded_at_of(found[1]) >= recorded_at:
            high = middle
        else:
            low = found[0] + 1
    return int(low) - 1


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _open_command(store: sqlite3.Connection, after: int) -> tuple[int, OpenCommand] | None:
    with _at_one_time(store):
        row = store.execute(
            "SELECT number, event_id, seq, body FROM commands JOIN entries USING (seq) "
            "WHERE done = 0 AND number > ? ORDER BY number LIMIT 1",
            (after,),
        ).fetchone()
        if row is None:
            return None
        number, event_id, seq, body = row
        entry = from_stored(body, seq, _texts(store, seq, body))
    event = next(event for event in entry.events if event.id == event_id)
    return number, OpenCommand(seq, event)
