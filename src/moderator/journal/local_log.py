"""What any log answers out of a file of its own: one that is the log, or a copy of one that is elsewhere.

Here the threads that read and write the file meet the event loop, and listeners wake. How entries get into the file is
the business of each log.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

import msgspec

from moderator.domain.accounting import Leaf
from moderator.domain.events import Entry
from moderator.domain.ids import EventId, RoomKey
from moderator.domain.kinds import Command
from moderator.domain.state import Snapshot
from moderator.journal.event_log import LogError, LogHealth, Seat, Slice, StoreTrouble
from moderator.journal.recent import Recent
from moderator.journal.sqlite_erasing import ErasedPerson, Scan, seats_of, snapshot_in, trimmed_in
from moderator.journal.sqlite_file import LogFile
from moderator.journal.sqlite_reader import Reader
from moderator.journal.sqlite_starts import start_in
from moderator.journal.sqlite_writer import Acknowledge, Change, Group, Touch, Writer
from moderator.journal.starts import Start
from moderator.journal.stored import Stored, to_stored

logger = logging.getLogger(__name__)

TRIED_AGAIN_AFTER_S: Final = 5.0
LOOKED_AFTER_S: Final = 1.0
"""How often it is looked whether the file is still there, where nothing is written to it."""
_LARGEST_INTEGER: Final = 2**63 - 1


class LocalLog:
    """The look-ups of an `EventLog`. To be used in the event loop it was made in."""

    def __init__(self, file: LogFile, reader: Reader, newest: int) -> None:
        self.log_id = file.log_id
        self._file = file
        self._loop = asyncio.get_running_loop()
        self._reader = reader
        self._writer = Writer(file, self._report)
        self._recent = Recent(newest)
        self._listeners: set[asyncio.Event] = set()
        self._workers: set[asyncio.Event] = set()
        self._closing: asyncio.Future[None] | None = None
        self._failure: LogError | None = None
        """Why nothing new can be read any more."""
        self._changes = 0
        """How often something was taken out of the file."""
        self._before: tuple[Snapshot | None] | None = None
        """What trimmed entries led to, once it was read."""
        self._health = LogHealth(writable=True)
        """Of the file: what became of the last transaction."""
        self._is_to_touch = False
        self._next_look = self._loop.call_later(LOOKED_AFTER_S, self._look)

    async def read(self, after: int) -> AsyncIterator[Sequence[Entry]]:
        """Entries after `after` in order, in batches of bounded size, up to the end of the log."""
        self._check_there(after)
        while batch := await self._reader.batch(after):
            yield batch
            self._check_open()
            after = batch[-1].seq

    async def read_room(self, key: RoomKey, after: int, limit: int) -> Sequence[Entry]:
        """See `EventLog.read_room`."""
        self._check_there(after)
        return await self._reader.room(key, after, limit)

    async def seq_at(self, recorded_at: int) -> int:
        """See `EventLog.seq_at`."""
        self._check_there()
        return await self._reader.seq_at(recorded_at)

    async def tail(self, after: int) -> AsyncIterator[Sequence[Entry]]:
        """As `read`, then new entries as they are stored; a slow listener is sent to the file. Ends with the log."""
        self._check_there(after)
        with woken(self._listeners) as wake:
            while self._closing is None:
                wake.clear()  # before looking: what is stored from here on wakes
                if batch := await self._after(after):
                    after = batch[-1].seq
                    yield batch
                elif self._failure is not None:
                    raise self._failure
                elif after >= self._recent.floor:
                    await wake.wait()
                else:
                    after = self._recent.floor  # what was before it is not in the log any more

    async def read_slice(self, part: Slice) -> Sequence[Entry]:
        """See `EventLog.read_slice`."""
        self._check_there(part.after, part.before)
        return await self._reader.slice(part)

    async def leaves(self, after: int, limit: int) -> Sequence[Leaf]:
        """See `EventLog.leaves`."""
        self._check_there(after)
        return await self._reader.leaves(after, limit)

    async def outcomes(self, commands: Collection[EventId]) -> Mapping[EventId, str]:
        """See `EventLog.outcomes`."""
        self._check_there()
        return await self._reader.outcomes(commands)

    async def seats(self, user: str) -> Collection[Seat]:
        """See `EventLog.seats`."""
        self._check_there()
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

    async def newest(self) -> int:
        """See `EventLog.newest`."""
        self._check_open()
        return await self._reader.newest()

    async def count(self, part: Slice) -> int:
        """See `EventLog.count`."""
        self._check_there(part.after, part.before)
        return await self._reader.count(part)

    async def start(self) -> Start | None:
        """See `EventLog.start`."""
        self._check_open()
        return await self._reader.ask(start_in)

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

    async def _acknowledge(self, command: EventId) -> None:
        done: asyncio.Future[int] = self._loop.create_future()
        self._writer.put(Acknowledge(command, done))
        await done

    async def aclose(self) -> None:
        """Store what was appended before, end all listening, close the file. May be called again."""
        if self._closing is None:
            self._next_look.cancel()
            self._closing = self._begin_closing()
            for wake in (*self._listeners, *self._workers):
                wake.set()
        await asyncio.shield(self._closing)

    def _begin_closing(self) -> asyncio.Future[None]:
        return self._loop.run_in_executor(None, self._close)

    async def _after(self, seq: int) -> list[Entry]:
        recent = self._recent.after(seq)
        return await self._reader.batch(seq) if recent is None else recent

    def _check_there(self, after: int = 0, before: int | None = None) -> None:
        """Raise LogError when entries between two positions cannot be looked up."""
        self._check_open()

    def _check_open(self) -> None:
        if self._closing is not None:
            raise LogError(f"The log {self._file.path} was closed.")

    def _close(self) -> None:
        self._writer.close()
        self._reader.close()
        self._file.close()

    def _look(self) -> None:
        """Whether the file is still there and whole, also while nobody writes to it."""
        self._next_look = self._loop.call_later(LOOKED_AFTER_S, self._look)
        if self._health.writable:
            try:
                self._file.opened.check()
            except LogError as error:
                if isinstance(error, StoreTrouble):  # of damage whoever found it was told
                    logger.error("%s", error)
                self._fail(error)

    def _fail(self, error: LogError) -> None:
        """It cannot be written. That is tried again after a while."""
        self._health = LogHealth(writable=False, why=str(error))
        if not self._is_to_touch:
            self._is_to_touch = True
            self._loop.call_later(TRIED_AGAIN_AFTER_S, self._touch)

    def _touch(self) -> None:
        """Find out whether it can be written again: nobody else may, since all ask elsewhere until then."""
        self._is_to_touch = False
        if not self._health.writable and self._closing is None:
            done: asyncio.Future[int] = self._loop.create_future()
            done.add_done_callback(asyncio.Future.exception)  # it is in `health`
            self._writer.put(Touch(done))

    def _report(self, group: Group) -> None:
        """In the writer's thread."""
        try:
            self._loop.call_soon_threadsafe(self._settle, group)
        except RuntimeError:  # the loop is closed: nobody waits any more
            return

    def _settle(self, group: Group) -> None:
        """In the event loop: hand out the results of one transaction, and wake who waits for entries."""
        if group.error is not None:
            self._fail(group.error)
            for job in group.jobs:
                if not job.done.done():
                    job.done.set_exception(group.error)
            return
        if not self._health.writable:
            self._health = LogHealth(writable=True)
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
def woken(waiting: set[asyncio.Event]) -> Iterator[asyncio.Event]:
    """An event that is set when there is something new, for as long as somebody listens."""
    wake = asyncio.Event()
    waiting.add(wake)
    try:
        yield wake
    finally:
        waiting.discard(wake)


def stored_form(entry: Entry) -> Stored:
    """The stored form of an entry. What has none is refused here, before it can spoil the transaction of others."""
    if not 0 <= entry.recorded_at <= _LARGEST_INTEGER:
        raise LogError(f"Entry {entry.id} cannot be stored: {entry.recorded_at} is no time.")
    try:
        return to_stored(entry)
    except (msgspec.MsgspecError, UnicodeError, OverflowError, TypeError) as error:
        raise LogError(f"Entry {entry.id} cannot be stored: {error}.") from error
