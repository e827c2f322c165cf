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
from moderator.journal.event_log import LogError
from moderator.journal.sqlite_file import LogFile
from moderator.journal.sqlite_starts import keep_start
from moderator.journal.sqlite_tables import (
    INSERT_REF,
    INSERT_TEXT,
    OPEN_COMMAND,
    SET_FILLED,
    SET_POSITION,
    SETTLE,
    SETTLE_UNKNOWN,
    TAKE_OUT_REPETITION,
    text_rows,
)
from moderator.journal.stored import Stored, to_stored

MOST_JOBS: Final = 1_000
"""In one transaction, so that the first of them does not wait for too long."""


_SHRINKING_MS: Final = 200


class Copied(NamedTuple):
    """Where an entry stands in the log that this file is a copy of."""

    seq: int
    ref: bytes = b""
    """Of its texts; empty where it has none."""
    place: int = 0
    """Of its texts."""
    is_newest: bool = True
    """Whether the copy goes up to here now; not where older entries are filled in."""


class Append(NamedTuple):
    """An entry to be stored; `done` gets its `seq`, or that of the one that has its id."""

    entry: Entry
    stored: Stored
    done: asyncio.Future[int]
    copied: Copied | None = None


class Acknowledge(NamedTuple):
    """A command to be closed; `done` gets the number of commands that were closed."""

    command: EventId
    done: asyncio.Future[int]


class KeepStart(NamedTuple):
    """A start to be kept; `done` gets its `seq`."""

    seq: int
    body: bytes
    done: asyncio.Future[int]


class Touch(NamedTuple):
    """Something to be written that means nothing, to see whether it can be."""

    done: asyncio.Future[int]


class Change(NamedTuple):
    """Something else than an append: what is in the store changes, and an entry says so.

    `carry_out` gets the connection, inside a transaction, and returns that entry, or None when nothing was to be done;
    `done` gets its `seq`, or 0.
    """

    carry_out: Callable[[sqlite3.Connection], Entry | None]
    done: asyncio.Future[int]


Job = Append | Acknowledge | KeepStart | Touch | Change


class Added(NamedTuple):
    """An entry that a transaction added, and its size in bytes."""

    entry: Entry
    size: int


class Group(NamedTuple):
    """What became of the jobs of one transaction: all of them, or none when there is an error."""

    jobs: Sequence[Job]
    results: Sequence[int]
    added: Sequence[Added]
    error: LogError | None = None

    @property
    def changes(self) -> bool:
        """Whether something was taken out of the store."""
        return any(isinstance(job, Change) for job in self.jobs)


class Writer:
    """The only user of the file's connection. `report` is called in its thread, once for each transaction, in their
    order.
    """

    def __init__(self, file: LogFile, report: Callable[[Group], None]) -> None:
        self.commits = 0
        """Transactions so far."""
        self._is_to_shrink = False
        self._position: int | None = None
        self._filled: int | None = None
        self._forget_rows()
        self._file, self._connection = file, file.connection
        self._report = report
        self._queue: SimpleQueue[Sequence[Job]] = SimpleQueue()
        """What is empty ends it."""
        # A daemon: a program that ends without closing the log is not kept alive by it, and loses nothing acknowledged.
        self._thread = Thread(target=self._run, name="journal-writer", daemon=True)
        self._thread.start()

    def put(self, *jobs: Job) -> None:
        """Queue jobs, of which all are carried out in one transaction, or none; never blocks."""
        self._queue.put(jobs)

    def close(self) -> None:
        """Write what is queued, then end. Blocks; nothing may be put afterwards."""
        self._queue.put(())
        self._thread.join()

    def _run(self) -> None:
        is_open = True
        while is_open:
            jobs, is_open = self._queued()
            if jobs:
                self._report(self._commit(jobs))

    def _queued(self) -> tuple[list[Job], bool]:
        """Waits for a job, and takes what else is there by now (nobody else takes any: what is there stays there);
        whether more may come.
        """
        queued = self._queue.get()
        jobs = list(queued)
        while queued and len(jobs) < MOST_JOBS and not self._queue.empty():
            queued = self._queue.get()
            jobs += queued
        return jobs, bool(queued)

    def _commit(self, jobs: Sequence[Job]) -> Group:
        added: list[Added] = []
        try:
            self._file.opened.check_to_write()
            self._connection.execute("BEGIN IMMEDIATE")
            results = [self._carry_out(job, added) for job in jobs]
            self._write_rows()
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - whatever it is, who waits hears of it and the thread goes on
            self._roll_back()
            return Group(jobs, (), (), self._file.explain(error))
        self.commits += 1
        group = Group(jobs, results, added)
        self._is_to_shrink |= group.changes
        if self._is_to_shrink:
            self._shrink()
        self._file.opened.written()
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
                return self._append(job.entry, job.stored, added, job.copied)
            case Acknowledge():
                closing = "UPDATE commands SET done = 1 WHERE event_id = ? AND done = 0"
                return self._connection.execute(closing, (job.command,)).rowcount
            case KeepStart():
                keep_start(self._connection, job.seq, job.body)
                return job.seq
            case Touch():
                # Another value each time: what stays the same is not written.
                return self._connection.execute("REPLACE INTO meta VALUES ('touched', hex(randomblob(8)))").rowcount
            case Change():
                self._write_rows()
                record = job.carry_out(self._connection)
                return 0 if record is None else self._append(record, to_stored(record), added)

    def _append(self, entry: Entry, stored: Stored, added: list[Added], copied: Copied | None = None) -> int:
        seq, is_new = self._insert(entry, stored, copied and copied.seq)
        if copied is not None and seq > copied.seq:  # it was read before the first one of its id, which is filled in
            self._take_out_repetition(seq)
            seq, is_new = self._insert(entry, stored, copied.seq)
        if is_new:
            self._index(entry, seq, SETTLE if copied is None else SETTLE_UNKNOWN)
            size = len(stored.body) + sum(len(text.value) for text in stored.texts)
            if copied is None or copied.is_newest:
                added.append(Added(replace(entry, seq=seq), size))
        if copied is not None:
            self._note(copied, has_texts=is_new and bool(copied.ref))
        return seq

    def _take_out_repetition(self, seq: int) -> None:
        self._write_rows()
        for statement in TAKE_OUT_REPETITION:
            self._connection.execute(statement, (seq,))

    def _note(self, copied: Copied, *, has_texts: bool) -> None:
        if copied.is_newest:
            self._position = copied.seq
        else:
            self._filled = copied.seq
        if has_texts:
            self._ref_rows.append((copied.seq, copied.ref, copied.place))

    def _insert(self, entry: Entry, stored: Stored, seq: int | None) -> tuple[int, bool]:
        cursor = self._connection.execute(
            "INSERT INTO entries (seq, id, recorded_at, body, salt) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (seq, entry.id, entry.recorded_at, stored.body, stored.salt),
        )
        if cursor.rowcount and cursor.lastrowid is not None:
            self._text_rows += text_rows(cursor.lastrowid, stored.texts)
            return cursor.lastrowid, True
        (seq,) = self._connection.execute("SELECT seq FROM entries WHERE id = ?", (entry.id,)).fetchone()
        return int(seq), False

    def _write_rows(self) -> None:
        """What belongs to the entries of this transaction: quicker all at once."""
        self._connection.executemany("INSERT INTO entry_rooms VALUES (?, ?, ?)", self._room_rows)
        self._connection.executemany(INSERT_TEXT, self._text_rows)
        if self._ref_rows:
            self._connection.executemany(INSERT_REF, self._ref_rows)
        if self._position is not None:
            self._connection.execute(SET_POSITION, (self._position,))
        if self._filled is not None:
            self._connection.execute(SET_FILLED, (self._filled,))
        self._forget_rows()

    def _forget_rows(self) -> None:
        self._room_rows: list[tuple[object, ...]] = []
        self._text_rows: list[tuple[object, ...]] = []
        self._ref_rows: list[tuple[object, ...]] = []
        self._position, self._filled = None, None

    def _index(self, entry: Entry, seq: int, settle: str) -> None:
        rooms = {(event.source, event.room or "") for event in entry.events if event.source is not None}
        self._room_rows += [(source, room, seq) for source, room in rooms]
        for event in entry.events:
            if isinstance(event.data, Command):
                self._connection.execute(OPEN_COMMAND, (event.id, seq))
            elif isinstance(event.data, Outcome):
                self._connection.execute(settle, {"outcome": event.kind, "command": event.data.command})
