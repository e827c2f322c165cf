"""The log in one SQLite file: what a single gateway uses. Synced at every commit: it survives `kill -9` and power loss.

One thread writes (`sqlite_writer`), others read (`sqlite_reader`); what is looked up is in `local_log`.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from pathlib import Path

from moderator.domain.events import Entry
from moderator.domain.ids import EventId
from moderator.domain.state import Snapshot
from moderator.journal.event_log import LogError, LogHealth, OpenCommand
from moderator.journal.local_log import LocalLog, stored_form, woken
from moderator.journal.sqlite_erasing import ErasedPerson, trim, was_erased_after
from moderator.journal.sqlite_file import LogFile
from moderator.journal.sqlite_reader import Reader
from moderator.journal.sqlite_writer import Append, KeepStart
from moderator.journal.starts import Start, encode


class SqliteLog(LocalLog):
    """An `EventLog` of one process. To be used in the event loop it was opened in."""

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

    def append(self, entry: Entry) -> Awaitable[int]:
        """Store an entry; see `EventLog.append`. It is on its way at once, whether or not anybody waits."""
        done: asyncio.Future[int] = self._loop.create_future()
        try:
            self._check_open()
            self._writer.put(Append(entry, stored_form(entry), done))
        except LogError as error:
            done.set_exception(error)
        return done

    async def acknowledge(self, command: EventId) -> None:
        """Close a command, durably. One that is unknown, or was closed before, is no error."""
        self._check_open()
        await self._acknowledge(command)

    def health(self) -> LogHealth:
        """See `EventLog.health`. Nothing is behind one's own file."""
        return self._health

    async def work(self) -> AsyncIterator[OpenCommand]:
        """Open commands, oldest first, then new ones, each once; another call gives what is still open again.

        Ends with the log.
        """
        self._check_open()
        number = 0
        with woken(self._workers) as wake:
            while self._closing is None:
                wake.clear()
                found = await self._reader.command(number)
                if found is None:
                    await wake.wait()
                else:
                    number, command = found
                    yield command

    async def remind(self, commands: Collection[EventId]) -> None:
        """See `EventLog.remind`: the one gateway was given all of them."""

    # --- what audits need ------------------------------------------------------------------------------------------

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

    async def trim(self, snapshot: Snapshot, record: Entry, since: int) -> int:
        """See `EventLog.trim`."""
        self._check_open()

        def carry_out(store: sqlite3.Connection) -> Entry | None:
            if was_erased_after(store, since):
                return None
            trim(store, snapshot)
            return record

        return await self._change(carry_out)

    async def keep_start(self, start: Start) -> None:
        """See `EventLog.keep_start`. Others are served meanwhile."""
        body = await asyncio.to_thread(encode, start)
        self._check_open()
        done: asyncio.Future[int] = self._loop.create_future()
        self._writer.put(KeepStart(start.seq, body, done))
        await done
