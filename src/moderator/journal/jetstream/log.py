"""The log on NATS JetStream: an `EventLog` for any number of gateways.

The stream's order is the order of the log. Every gateway copies it into a file of its own, in that order and with its
numbers, and looks everything up there; it has appended an entry when it has read it back.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Sequence
from contextlib import aclosing
from functools import partial
from typing import Final, cast

from msgspec.structs import replace

from moderator.clock import Clock
from moderator.domain.accounting import LogTrimmed
from moderator.domain.events import Entry
from moderator.domain.ids import EventId
from moderator.domain.state import Snapshot
from moderator.journal.event_log import LogError, LogHealth, OpenCommand, StoreTrouble
from moderator.journal.jetstream.appending import Appending
from moderator.journal.jetstream.comparing import Comparing
from moderator.journal.jetstream.connection import Connection
from moderator.journal.jetstream.copies import cut_copy, open_copy, position_in, trim_copy
from moderator.journal.jetstream.erasing import Erasing
from moderator.journal.jetstream.following import Following, Gap, Hole, Message, Replaced
from moderator.journal.jetstream.health import Watch
from moderator.journal.jetstream.kept import Kept
from moderator.journal.jetstream.patience import Patience
from moderator.journal.jetstream.position import Position
from moderator.journal.jetstream.reminding import Reminding
from moderator.journal.jetstream.replicating import Read, Replicating
from moderator.journal.jetstream.settings import NatsSettings
from moderator.journal.jetstream.starting import Starting
from moderator.journal.jetstream.streams import Streams, prepare
from moderator.journal.jetstream.sweeping import Sweeping
from moderator.journal.jetstream.texts import Texts, TextsMissing
from moderator.journal.jetstream.trimming import Trimming
from moderator.journal.jetstream.working import Working
from moderator.journal.local_log import LocalLog
from moderator.journal.sqlite_erasing import ErasedPerson
from moderator.journal.sqlite_file import LogFile
from moderator.journal.sqlite_reader import Reader
from moderator.journal.sqlite_starts import is_kept
from moderator.journal.sqlite_writer import KeepStart
from moderator.journal.starts import Start, encode
from moderator.tasks import TaskScope

logger = logging.getLogger(__name__)

WITHIN_S: Final = 15.0


class NatsLog(LocalLog):
    """An `EventLog` of several processes. To be used in the event loop it was opened in."""

    def __init__(
        self, connection: Connection, streams: Streams, file: LogFile, reader: Reader, position: int, clock: Clock
    ) -> None:
        super().__init__(file, reader, position)
        self.advice = streams.advice
        """What the servers should be and are not; empty when all is well."""
        self._connection = connection
        self._names = streams.names
        self._position = Position(position)
        self._is_open = False
        self._following = Following(connection, streams, clock)
        self._comparing = Comparing(connection, streams.names, reader, self._following)
        doubt = self._comparing.doubt
        self._watch = Watch(connection, self._following, self._position, doubt, streams.names.log, clock)
        texts = Texts(connection, streams.names, clock)
        self._replicating = Replicating(self._writer, reader, texts, self._take_out)
        self._appending = Appending(connection, streams, texts, self._replicating, reader, self._position, clock)
        kept = Kept(connection, streams.names)
        self._starting = Starting(kept, reader, self._following, self._replicating)
        self._sweeping = Sweeping(connection, streams.names, reader, self._position, clock)
        self._erasing = Erasing(self._appending, texts, kept, reader)
        self._trimming = Trimming(connection, streams.names, self._appending, kept, reader, self._position)
        self._working = Working(connection, streams.names, reader, self._position, self._starting, clock)
        self._reminding = Reminding(connection, streams.names, self._working, reader, self._position)
        self._tasks = TaskScope(self._task_failed)
        self._last_tasks = TaskScope()

    @classmethod
    async def open(cls, settings: NatsSettings, clock: Clock) -> "NatsLog":
        """Connect, make the streams where they are missing, and bring the copy up to date. Raises LogError."""
        connection = Connection(settings, clock)
        await connection.open()
        try:
            streams = await prepare(connection, settings)
            info = await connection.insist(lambda: connection.streams.stream_info(streams.names.log), WITHIN_S)
            newest = info.state.last_seq
            file = await asyncio.to_thread(open_copy, settings.copy, streams.log_id, newest)
        except BaseException:
            await connection.close()
            raise
        log = cls(connection, streams, file, Reader(file), position_in(file.connection), clock)
        try:
            await log._begin(info.state.first_seq, newest)
        except BaseException:
            await log.aclose()
            raise
        return log

    async def _begin(self, first: int, newest: int) -> None:
        await self._working.info()
        await self._prepare_copy(first, newest)
        await self._starting.look()
        for name, task in (
            ("the log is followed", self._follow()),
            ("the log is watched", self._watch.run()),
            ("the copy is compared", self._comparing.run(self._position)),
            ("commands are kept", self._working.keep_alive()),
        ):
            self._tasks.start(name, task)
        filling = None
        if self._starting.missing is not None:
            filling = self._tasks.start("the history is read", self._starting.fill())
        await self._position.reach(newest)
        if filling is not None and await self.start() is None:
            await filling  # others work meanwhile, unless they would have to begin with what is not here yet
        self._is_open = True

    async def _prepare_copy(self, first: int, newest: int) -> None:
        """An empty one begins with what trimmed entries led to, and at a start if there is one; what the log does not
        have is taken out of any other.
        """
        if self._position.seq:
            if (replaced := await self._comparing.first_difference(self._position.seq)) is not None:
                await self._mend(Replaced(replaced))
            return
        if first > 1:
            await self._pass_over(Gap(0, first))
        if (start := await self._starting.begin(first, newest, self._change)) is not None:
            self._position.passed_to(start)

    # --- reading ---------------------------------------------------------------------------------------------------

    async def _follow(self) -> None:
        patience = Patience()
        while not self._connection.is_closing:
            try:
                await self._read_on(patience)
            except StoreTrouble as error:
                if not self._is_open:  # who starts the gateway is told
                    raise
                await patience.after(error)
            except TextsMissing as error:  # perhaps it is being trimmed: that shows as a gap
                if self._starting.missing is not None:  # or it repeats what is filled in
                    patience.progressed()
                await patience.after(error)

    async def _read_on(self, patience: Patience) -> None:
        batches = cast("AsyncGenerator[list[Message], None]", self._following.batches(self._position.seq))
        try:
            async with aclosing(batches):
                async for batch in batches:
                    await self._take(batch)
                    patience.progressed()
        except Gap as gap:
            await self._pass_over(gap)
        except Hole as hole:
            self._position.passed_to(hole.first - 1)
        except Replaced as replaced:
            await self._mend(replaced)

    async def _take(self, batch: Sequence[Message]) -> None:
        written = await self._replicating.write(batch)
        self._position.passed_to(batch[-1].seq)
        self._watch.read(batch[-1])
        self._appending.read(written)

    async def _pass_over(self, gap: Gap) -> None:
        """Entries were trimmed before they were read here. Whoever has folded those before them cannot go on."""
        snapshot = await self._trimming.snapshot_for(gap.first - 1)
        if self._is_open:
            raise LogError("Entries were taken out of the log that were not read here yet: start the gateway again.")
        await self._change(partial(trim_copy, snapshot=snapshot))
        self._position.passed_to(snapshot.seq)

    async def _mend(self, replaced: Replaced) -> None:
        """Take out of the copy what the log does not have. Whoever has folded it cannot go on."""
        why = "the log has other entries there, as after a server was cut off that led"
        logger.warning("the copy %s is read anew from %d on: %s", self._file.path, replaced.first, why)
        await self._change(partial(cut_copy, last=replaced.first - 1))
        await self._starting.forget()
        if self._is_open:
            raise replaced
        self._position.passed_to(replaced.first - 1)

    async def _take_out(self, read: Read) -> None:
        """Before a record is read that says so: the copy, then, has nothing any more that the streams do not have."""
        if any(isinstance(event.data, LogTrimmed) for event in read.entry.events):
            changes = await self._trimming.changes_of(read)
        else:
            changes = await self._erasing.changes_of(read) if read.ref else None
        if changes is not None:
            await self._change(changes)

    def _task_failed(self, name: str, error: BaseException) -> None:
        failure = error if isinstance(error, LogError) else LogError(f"The log cannot be read any more: {error!r}.")
        self._failure = failure
        self._appending.fail(failure)
        self._position.fail(failure)
        for wake in self._listeners:
            wake.set()

    # --- writing ---------------------------------------------------------------------------------------------------

    async def append(self, entry: Entry) -> int:
        """See `EventLog.append`. When cancelled, or when it fails, it may have been stored."""
        self._check_open()
        if not self._health.writable:  # it could not be read back
            raise StoreTrouble(self._health.why)
        return await self._appending.append(entry)

    async def keep_start(self, start: Start) -> None:
        """See `EventLog.keep_start`: kept in the copy, and for others if what they have is much older."""
        body = await asyncio.to_thread(encode, start)
        self._check_open()
        if self._failure is not None:  # it may have been made of what the log does not have
            raise self._failure
        async with self._replicating.changing:
            done: asyncio.Future[int] = self._loop.create_future()
            self._writer.put(KeepStart(start.seq, body, done))
            await done
            if await self._reader.ask(partial(is_kept, seq=start.seq)):
                await self._starting.keep(start, body)

    async def erase(
        self, source: str, user: str, pseudonym: str, record: Callable[[int], Entry]
    ) -> tuple[int, int] | None:
        """See `EventLog.erase`. Afterwards the texts are in no stream, and in no copy that went on."""
        self._check_there()
        await self._sweeping.sweep()
        person = ErasedPerson(source, user, pseudonym)
        return await self._erasing.erase(person, await self._scan(person), pseudonym, record)

    async def trim(self, snapshot: Snapshot, record: Entry, since: int) -> int:
        """See `EventLog.trim`."""
        self._check_open()
        return await self._trimming.trim(snapshot, record, since)

    # --- commands --------------------------------------------------------------------------------------------------

    async def work(self) -> AsyncIterator[OpenCommand]:
        """See `EventLog.work`. What a gateway was given comes to another one some seconds after it was killed."""
        self._check_open()
        async with aclosing(cast("AsyncGenerator[OpenCommand, None]", self._working.commands())) as commands:
            async for command in commands:
                yield command

    async def acknowledge(self, command: EventId) -> None:
        """See `EventLog.acknowledge`."""
        self._check_open()
        await self._acknowledge(command)
        await self._working.acknowledge(command)

    async def oldest_open(self) -> int | None:
        """See `EventLog.oldest_open`: none before it is open, perhaps a few after it were settled meanwhile."""
        self._check_open()
        return await self._working.oldest_open()

    async def remind(self, commands: Collection[EventId]) -> None:
        """See `EventLog.remind`."""
        self._check_open()
        await self._reminding.remind(commands)

    # --- the rest --------------------------------------------------------------------------------------------------

    def _check_there(self, after: int = 0, before: int | None = None) -> None:
        super()._check_there(after, before)
        self._starting.check(after, before)

    def health(self) -> LogHealth:
        """See `EventLog.health`: of the servers, and of the copy."""
        if self._failure is not None:
            return LogHealth(writable=False, why=str(self._failure))
        if not self._health.writable:
            return self._health
        health = self._watch.health()
        if health.writable and self._working.trouble:
            return replace(health, writable=False, why=self._working.trouble)
        return health

    def _begin_closing(self) -> asyncio.Future[None]:
        return self._last_tasks.start("the log is closed", self._end())

    async def _end(self) -> None:
        try:
            await self._appending.idle()
            self._connection.begin_closing()
            await self._tasks.cancel()
            await self._connection.close()
        finally:
            await asyncio.to_thread(self._close)
