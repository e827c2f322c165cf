"""The one thread that writes to the log: it commits whatever is queued as one transaction.

No timer and no linger: while one transaction is written to the disk the next one gathers by itself, so that a lone
append waits for nothing and many share the cost of one sync.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Final, NamedTuple

from msgspec.structs import replace

from moderator.domain.events import Entry
from moderator.domain.ids import EventId
from moderator.domain.kinds import Command, Outcome
from moderator.journal.sqlite_tables import INSERT_TEXT, SETTLE, text_rows
from moderator.journal.stored import Stored, to_stored

MOST_JOBS: Final = 1_000
"""In one transaction, so that the first of them does not wait for too long."""


_SHRINKING_MS: Final = 200


class Append(NamedTuple):
    """An entry to be stored; `done` gets its `seq`."""

    entry: Entry
    stored: Stored
    done: asyncio.Future[int]


class Acknowledge(NamedTuple):
    """A command to be closed; `done` gets the number of commands that were closed."""

    command: EventId
    done: asyncio.Future[int]


class Change(NamedTuple):
    """Something else than an append: what is in the store changes, and an entry says so.

    `carry_out` gets the connection, inside a transaction, and returns that entry, or None when nothing was to be done;
    `done` gets its `seq`, or 0.
    """

    carry_out: Callable[[sqlite3.Connection], Entry | None]
    done: asyncio.Future[int]


Job = Append | Acknowledge | Change


class Added(NamedTuple):
    """An entry that a transaction added, and its size in bytes."""

    entry: Entry
    size: int


class Group(NamedTuple):
    """What became of the jobs of one transaction: all of them, or none when there is an error."""

    jobs: Sequence[Job]
    results: Sequence[int]
    added: Sequence[Added]
    error: Exception | None = None

    @property
    def changes(self) -> bool:
        """Whether something was taken out of the store."""
        return any(isinstance(job, Change) for job in self.jobs)


class Writer:
    """The only user of this connection. `report` is called in its thread, once for each transaction, in their order."""

    def __init__(self, connection: sqlite3.Connection, report: Callable[[Group], None]) -> None:
        self.commits = 0
        """Transactions so far."""
        self._is_to_shrink = False
        self._forget_rows()
        self._connection = connection
        self._report = report
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        # A daemon: a program that ends without closing the log is not kept alive by it, and loses nothing acknowledged.
        self._thread = Thread(target=self._run, name="journal-writer", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Queue a job; never blocks."""
        self._queue.put(job)

    def close(self) -> None:
        """Write what is queued, then end. Blocks; nothing may be put afterwards."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        is_open = True
        while is_open:
            queued = self._queued()
            jobs = [job for job in queued if job is not None]
            is_open = len(jobs) == len(queued)
            if jobs:
                self._report(self._commit(jobs))

    def _queued(self) -> list[Job | None]:
        """Waits for a job, and takes what else is there by now. (Nobody else takes any: what is there stays there.)"""
        jobs = [self._queue.get()]
        while len(jobs) < MOST_JOBS and not self._queue.empty():
            jobs.append(self._queue.get())
        return jobs

    def _commit(self, jobs: Sequence[Job]) -> Group:
        added: list[Added] = []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            results = [self._carry_out(job, added) for job in jobs]
            self._write_rows()
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - whatever it is, who waits hears of it and the thread goes on
            self._roll_back()
            return Group(jobs, (), (), error)
        self.commits += 1
        group = Group(jobs, results, added)
        self._is_to_shrink |= group.changes
        if self._is_to_shrink:
            self._shrink()
        return group

    def _shrink(self) -> None:
        """What was taken out must not stay in the write-ahead log. While somebody reads it cannot be emptied: then the
        next transaction tries again, and nobody waits for long.
        """
        with suppress(sqlite3.Error):
            (patience,) = self._connection.execute("PRAGMA busy_timeout").fetchone()
            self._connection.execute(f"PRAGMA busy_timeout = {_SHRINKING_MS}")
            busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._connection.execute(f"PRAGMA busy_timeout = {patience}")
            self._is_to_shrink = bool(busy)

    def _roll_back(self) -> None:
        """SQLite has perhaps done so itself. The connection goes on: the next transaction may find space again."""
        self._forget_rows()
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _carry_out(self, job: Job, added: list[Added]) -> int:
        match job:
            case Append():
                return self._append(job.entry, job.stored, added)
            case Acknowledge():
                closing = "UPDATE commands SET done = 1 WHERE event_id = ? AND done = 0"
                return self._connection.execute(closing, (job.command,)).rowcount
            case Change():
                self._write_rows()
                record = job.carry_out(self._connection)
                return 0 if record is None else self._append(record, to_stored(record), added)

    def _append(self, entry: Entry, stored: Stored, added: list[Added]) -> int:
        seq, is_new = self._insert(entry, stored)
        if is_new:
            self._index(entry, seq)
            size = len(stored.body) + sum(len(text.value) for text in stored.texts)
            added.append(Added(replace(entry, seq=seq), size))
        return seq

    def _insert(self, entry: Entry, stored: Stored) -> tuple[int, bool]:
        cursor = self._connection.execute(
            "INSERT INTO entries (id, recorded_at, body, salt) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (entry.id, entry.recorded_at, stored.body, stored.salt),
        )
        seq = cursor.lastrowid
        if cursor.rowcount and seq is not None:
            self._text_rows += text_rows(seq, stored.texts)
            return seq, True
        (seq,) = self._connection.execute("SELECT seq FROM entries WHERE id = ?", (entry.id,)).fetchone()
        return int(seq), False

    def _write_rows(self) -> None:
        """What belongs to the entries of this transaction: quicker all at once."""
        self._connection.executemany("INSERT INTO entry_rooms VALUES (?, ?, ?)", self._room_rows)
        self._connection.executemany(INSERT_TEXT, self._text_rows)
        self._forget_rows()

    def _forget_rows(self) -> None:
        self._room_rows: list[tuple[object, ...]] = []
        self._text_rows: list[tuple[object, ...]] = []

    def _index(self, entry: Entry, seq: int) -> None:
        rooms = {(event.source, event.room or "") for event in entry.events if event.source is not None}
        self._room_rows += [(source, room, seq) for source, room in rooms]
        for event in entry.events:
            if isinstance(event.data, Command):  # a command put forward twice is carried out once
                opening = "INSERT OR IGNORE INTO commands (event_id, seq) VALUES (?, ?)"
                self._connection.execute(opening, (event.id, seq))
            elif isinstance(event.data, Outcome):
                self._connection.execute(SETTLE, (event.kind, event.data.command))
