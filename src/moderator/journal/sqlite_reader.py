"""What is asked of the log file, on threads with connections of their own: the event loop never waits for a disk."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Final, TypeVar

from moderator.domain.events import Entry
from moderator.domain.ids import RoomKey
from moderator.feed.codec import CodecError, decode_entry
from moderator.journal.event_log import LogError, OpenCommand
from moderator.journal.sqlite_file import LogFile, explain

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
        return await self._run(lambda store: int(store.execute("SELECT max(seq) FROM entries").fetchone()[0] or 0))

    async def batch(self, after: int) -> list[Entry]:
        """The next entries, in order."""
        query = "SELECT seq, body FROM entries WHERE seq > ? ORDER BY seq LIMIT ?"
        return await self._run(lambda store: _entries(store, query, (after, MOST_ENTRIES)))

    async def room(self, key: RoomKey, after: int, limit: int) -> list[Entry]:
        """The next entries that hold an event of this room, in order."""
        query = (
            "SELECT seq, body FROM entry_rooms JOIN entries USING (seq) "
            "WHERE source = ? AND room = ? AND seq > ? ORDER BY seq LIMIT ?"
        )
        return await self._run(
            lambda store: _entries(store, query, (key.source, key.room, after, min(limit, MOST_ENTRIES)))
        )

    async def command(self, after: int) -> tuple[int, OpenCommand] | None:
        """The next open command and its number; numbers grow as commands are stored."""
        return await self._run(lambda store: _open_command(store, after))

    def close(self) -> None:
        """Wait for what is being read, then close. Blocks."""
        self._pool.shutdown()
        for connection in self._connections:
            connection.close()

    async def _run(self, question: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._ask, question)

    def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return question(self._connection())
        except sqlite3.Error as error:
            raise explain(self._file.path, error) from error
        except CodecError as error:
            raise LogError(
                f"The log {self._file.path} holds something that this version cannot read: {error}."
            ) from error

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
    with closing(
        store.execute(query, tuple(values))
    ) as rows:  # an open cursor would keep the write-ahead log from shrinking
        for seq, body in rows:
            found.append(decode_entry(body, seq))
            size += len(body)
            if size >= MOST_BYTES:
                break
    return found


def _open_command(store: sqlite3.Connection, after: int) -> tuple[int, OpenCommand] | None:
    row = store.execute(
        "SELECT number, event_id, seq, body FROM commands JOIN entries USING (seq) "
        "WHERE done = 0 AND number > ? ORDER BY number LIMIT 1",
        (after,),
    ).fetchone()
    if row is None:
        return None
    number, event_id, seq, body = row
    event = next(event for event in decode_entry(body, seq).events if event.id == event_id)
    return number, OpenCommand(seq, event)
