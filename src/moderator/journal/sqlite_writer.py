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
from moderator.domain.kinds import Command

MOST_JOBS: Final = 1_000
"""In one transaction, so that the first of them does not wait for too long."""


class Append(NamedTuple):
    """An entry to be stored; `done` gets its `seq`."""

    entry: Entry
    body: bytes
    done: asyncio.Future[int]


class Acknowledge(NamedTuple):
    """A command to be closed; `done` gets the number of commands that were closed."""

    command: EventId
    done: asyncio.Future[int]


Job = Append | Acknowledge


class Stored(NamedTuple):
    """An entry that a transaction added, and the size of its body in bytes."""

    entry: Entry
    size: int


class Group(NamedTuple):
    """What became of the jobs of one transaction: all of them, or none when there is an error."""

    jobs: Sequence[Job]
    results: Sequence[int]
    stored: Sequence[Stored]
    error: Exception | None = None


class Writer:
    """The only user of this connection. `report` is called in its thread, once for each transaction, in their order."""

    def __init__(self, connection: sqlite3.Connection, report: Callable[[Group], None]) -> None:
        self.commits = 0
        """Transactions so far."""
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
        stored: list[Stored] = []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            results = [self._carry_out(job, stored) for job in jobs]
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - whatever it is, who waits hears of it and the thread goes on
            self._roll_back()
            return Group(jobs, (), (), error)
        self.commits += 1
        return Group(jobs, results, stored)

    def _roll_back(self) -> None:
        """SQLite has perhaps done so itself. The connection goes on: the next transaction may find space again."""
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _carry_out(self, job: Job, stored: list[Stored]) -> int:
        if isinstance(job, Acknowledge):
            closing = "UPDATE commands SET done = 1 WHERE event_id = ? AND done = 0"
            return self._connection.execute(closing, (job.command,)).rowcount
        seq, is_new = self._insert(job)
        if is_new:
            self._index(job.entry, seq)
            stored.append(Stored(replace(job.entry, seq=seq), len(job.body)))
        return seq

    def _insert(self, job: Append) -> tuple[int, bool]:
        entry = job.entry
        cursor = self._connection.execute(
            "INSERT INTO entries (id, recorded_at, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (entry.id, entry.recorded_at, job.body),
        )
        if cursor.rowcount and cursor.lastrowid is not None:
            return cursor.lastrowid, True
        (seq,) = self._connection.execute("SELECT seq FROM entries WHERE id = ?", (entry.id,)).fetchone()
        return int(seq), False

    def _index(self, entry: Entry, seq: int) -> None:
        for source, room in {(event.source, event.room or "") for event in entry.events if event.source is not None}:
            self._connection.execute("INSERT INTO entry_rooms VALUES (?, ?, ?)", (source, room, seq))
        for event in entry.events:
            if isinstance(event.data, Command):  # a command put forward twice is carried out once
                opening = "INSERT OR IGNORE INTO commands (event_id, seq) VALUES (?, ?)"
                self._connection.execute(opening, (event.id, seq))
