"""The log in one SQLite file: what a single gateway uses. Synced at every commit: it survives `kill -9` and power loss.

One thread writes (`sqlite_writer`), others read (`sqlite_reader`); here they meet the event loop, and listeners wake.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from moderator.domain.accounting import Leaf
from moderator.domain.events import Entry
from moderator.domain.ids import EventId, RoomKey
from moderator.domain.kinds import Command
from moderator.domain.state import Snapshot
from moderator.journal.event_log import LogError, OpenCommand, Seat, Slice
from moderator.journal.recent import Recent
from moderator.journal.sqlite_erasing import ErasedPerson, Scan, seats_of, snapshot_in, trim, trimmed_in
from moderator.journal.sqlite_file import LogFile, explain
from moderator.journal.sqlite_reader import Reader
from moderator.journal.sqlite_writer import Acknowledge, Append, Change, Group, Writer
from moderator.journal.stored import Stored, to_stored

_LARGEST_INTEGER: Final = 2**63 - 1


class SqliteLog:
    """An `EventLog` of one process. To be used in the event loop it was opened in."""

    def __init__(self, file: LogFile, reader: Reader, newest: int) -> None:
        self.log_id = file.log_id
        self._file = file
        self._loop = asyncio.get_running_loop()
        self._reader = reader
        self._writer = Writer(file.connection, self._report)
        self._recent = Recent(newest)
        self._listeners: set[asyncio.Event] = set()
        self._workers: set[asyncio.Event] = set()
        self._closing: asyncio.Future[None] | None = None
        self._changes = 0
        """How often something was taken out of the file."""
        self._before: tuple[Snapshot | None] | None = None
        """What trimmed entries led to, once it was read."""

    @classmethod
    async def open(cls, path: Path | str) -> "SqliteLog":
        """Open the log, or make one where there is no file. Raises LogError with a sentence that says what to do."""
        file = await asyncio.to_thread(LogFile.open, Path(path))
        reader = Reader(file)
        try:
            return cls(file, reader, await reader.newest())
        except BaseException:
            reader.close()
            file.close()
            raise

    @property
    def commits(self) -> int:
        """Transactions since the log was opened; many appends at a time share one."""
        return self._writer.commits

    async def append(self, entry: Entry) -> int:
        """Store an entry and return its `seq`; see `EventLog.append`. When cancelled, it may have been stored."""
        self._check_open()
        stored = _stored(entry)
        done: asyncio.Future[int] = self._loop.create_future()
        self._writer.put(Append(entry, stored, done))
        return await done

    async def acknowledge(self, command: EventId) -> None:
        """Close a command, durably. One that is unknown, or was closed before, is no error."""
        self._check_open()
        done: asyncio.Future[int] = self._loop.create_future()
        self._writer.put(Acknowledge(command, done))
        await done

    async def read(self, after: int) -> AsyncIterator[Sequence[Entry]]:
        """Entries after `after` in order, in batches of bounded size, up to the end of the log."""
        self._check_open()
        while batch := await self._reader.batch(after):
            yield batch
            self._check_open()
            after = batch[-1].seq

    async def read_room(self, key: RoomKey, after: int, limit: int) -> Sequence[Entry]:
        """See `EventLog.read_room`."""
        self._check_open()
        return await self._reader.room(key, after, limit)

    async def seq_at(self, recorded_at: int) -> int:
        """See `EventLog.seq_at`."""
        self._check_open()
        return await self._reader.seq_at(recorded_at)

    async def tail(self, after: int) -> AsyncIterator[Sequence[Entry]]:
        """As `read`, then new entries as they are stored; a slow listener is sent to the file. Ends with the log."""
        self._check_open()
        with _woken(self._listeners) as wake:
            while self._closing is None:
                wake.clear()  # before looking: what is stored from here on wakes
                if batch := await self._after(after):
                    after = batch[-1].seq
                    yield batch
                elif after >= self._recent.floor:
                    await wake.wait()
                else:
                    after = self._recent.floor  # what was before it is not in the log any more

    async def work(self) -> AsyncIterator[OpenCommand]:
        """Open commands, oldest first, then new ones, each once; another call gives what is still open again.

        Ends with the log.
        """
        self._check_open()
        number = 0
        with _woken(self._workers) as wake:
            while self._closing is None:
                wake.clear()
                found = await self._reader.command(number)
                if found is None:
                    await wake.wait()
                else:
                    number, command = found
                    yield command

    # --- what audits need ------------------------------------------------------------------------------------------

    async def read_slice(self, part: Slice) -> Sequence[Entry]:
        """See `EventLog.read_slice`."""
        self._check_open()
        return await self._reader.slice(part)

    async def leaves(self, after: int, limit: int) -> Sequence[Leaf]:
        """See `EventLog.leaves`."""
        self._check_open()
        return await self._reader.leaves(after, limit)

    async def outcomes(self, commands: Collection[EventId]) -> Mapping[EventId, str]:
        """See `EventLog.outcomes`."""
        self._check_open()
        return await self._reader.outcomes(commands)

    async def seats(self, user: str) -> Collection[Seat]:
        """See `EventLog.seats`."""
        self._check_open()
        return await self._reader.ask(lambda store: seats_of(store, user))

    async def before(self) -> Snapshot | None:
        """See `EventLog.before`. Large, so it is not read again as long as nothing was taken out of the file."""
        self._check_open()
        if self._before is None:
            changes = self._changes
            before = (await self._reader.ask(snapshot_in),)
            if changes != self._changes:
                return before[0]
            self._before = before
        return self._before[0]

    async def trimmed(self) -> int:
        """See `EventLog.trimmed`."""
        self._check_open()
        return await self._reader.ask(trimmed_in)

    async def count(self, part: Slice) -> int:
        """See `EventLog.count`."""
        self._check_open()
        return await self._reader.count(part)

    async def oldest_open(self) -> int | None:
        """See `EventLog.oldest_open`."""
        self._check_open()
        return await self._reader.oldest_open()

    async def erase(
        self, source: str, user: str, pseudonym: str, record: Callable[[int], Entry]
    ) -> tuple[int, int] | None:
        """See `EventLog.erase`. Afterwards the texts are not in the file any more, nor in the write-ahead log."""
        self._check_open()
        person, count = ErasedPerson(source, user, pseudonym), 0
        scan = await self._scan(person)

        def carry_out(store: sqlite3.Connection) -> Entry | None:
            nonlocal count
            count = person.erase(store, scan)
            return record(count) if count else None

        seq = await self._change(carry_out)
        return (seq, count) if count else None

    async def trim(self, snapshot: Snapshot, record: Entry) -> int:
        """See `EventLog.trim`."""
        self._check_open()

        def carry_out(store: sqlite3.Connection) -> Entry:
            trim(store, snapshot)
            return record

        return await self._change(carry_out)

    async def _scan(self, person: ErasedPerson) -> Scan:
        """A little at a time, so that others are answered meanwhile."""
        await self._reader.ask(person.look_up)
        scan: Scan | None = Scan()
        while scan is not None:
            found = scan
            scan = await self._reader.ask(partial(person.scan, so_far=found))
        return found

    async def _change(self, carry_out: Callable[[sqlite3.Connection], Entry | None]) -> int:
        done: asyncio.Future[int] = self._loop.create_future()
        self._writer.put(Change(carry_out, done))
        return await done

    async def aclose(self) -> None:
        """Store what was appended before, end all listening, close the file. May be called again."""
        if self._closing is None:
            self._closing = self._loop.run_in_executor(None, self._close)
            for wake in (*self._listeners, *self._workers):
                wake.set()
        await asyncio.shield(self._closing)

    async def _after(self, seq: int) -> list[Entry]:
        recent = self._recent.after(seq)
        return await self._reader.batch(seq) if recent is None else recent

    def _check_open(self) -> None:
        if self._closing is not None:
            raise LogError(f"The log {self._file.path} was closed.")

    def _close(self) -> None:
        self._writer.close()
        self._reader.close()
        self._file.close()

    def _report(self, group: Group) -> None:
        """In the writer's thread."""
        try:
            self._loop.call_soon_threadsafe(self._settle, group)
        except RuntimeError:  # the loop is closed: nobody waits any more
            return

    def _settle(self, group: Group) -> None:
        """In the event loop: hand out the results of one transaction, and wake who waits for entries."""
        if group.error is not None:
            for job in group.jobs:
                if not job.done.done():
                    job.done.set_exception(explain(self._file.path, group.error))
            return
        self._recent.add(group.added)
        if group.changes:
            self._recent = Recent(max(self._recent.newest, *group.results))  # it may hold what was taken out
            self._changes, self._before = self._changes + 1, None
        for job, result in zip(group.jobs, group.results, strict=True):
            if not job.done.done():
                job.done.set_result(result)
        self._wake(group)

    def _wake(self, group: Group) -> None:
        if group.added:
            for wake in self._listeners:
                wake.set()
        if any(isinstance(event.data, Command) for one in group.added for event in one.entry.events):
            for wake in self._workers:
                wake.set()


@contextmanager
def _woken(waiting: set[asyncio.Event]) -> Iterator[asyncio.Event]:
    """An event that is set when there is something new, for as long as somebody listens."""
    wake = asyncio.Event()
    waiting.add(wake)
    try:
        yield wake
    finally:
        waiting.discard(wake)


def _stored(entry: Entry) -> Stored:
    """The stored form. What has none is refused here, before it can spoil the transaction of others."""
    if not 0 <= entry.recorded_at <= _LARGEST_INTEGER:
        raise LogError(f"Entry {entry.id} cannot be stored: {entry.recorded_at} is no time.")
    try:
        return to_stored(entry)
    except (msgspec.MsgspecError, UnicodeError, OverflowError, TypeError) as error:
        raise LogError(f"Entry {entry.id} cannot be stored: {error}.") from error
