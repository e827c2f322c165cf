"""Old entries are taken out of the stream by one gateway, and out of the copy of every gateway that reads the record.

What they led to is kept first, so that who comes later, or was away, can begin there.
"""

import sqlite3
from collections.abc import Callable
from functools import partial

from nats.js.errors import NotFoundError

from moderator.domain.accounting import LogTrimmed
from moderator.domain.events import Entry
from moderator.domain.state import Snapshot
from moderator.journal.event_log import LogError
from moderator.journal.jetstream.appending import Appending
from moderator.journal.jetstream.connection import TAKING_OUT_S, Connection
from moderator.journal.jetstream.copies import texts_to_purge, trim_copy
from moderator.journal.jetstream.envelopes import unseal
from moderator.journal.jetstream.erasing import list_of, pack_snapshot, unpack_snapshot
from moderator.journal.jetstream.kept import START, TRIMMED, Kept
from moderator.journal.jetstream.position import Position, reach_end
from moderator.journal.jetstream.replicating import Read
from moderator.journal.jetstream.streams import Names
from moderator.journal.sqlite_erasing import erasures_in, trimmed_in, was_erased_after
from moderator.journal.sqlite_reader import Reader


class Trimming:
    """Takes entries out. Every call may raise LogError."""

    def __init__(
        self,
        connection: Connection,
        names: Names,
        appending: Appending,
        kept: Kept,
        reader: Reader,
        position: Position,
    ) -> None:
        self._connection = connection
        self._position = position
        self._names = names
        self._appending = appending
        self._kept = kept
        self._reader = reader

    async def trim(self, snapshot: Snapshot, record: Entry, since: int) -> int:
        """Keep the snapshot, say so in the log, then take out what it stands for; see `EventLog.trim`."""
        texts = await self._reader.ask(partial(texts_to_purge, through=snapshot.seq))
        lists = await self._lists(snapshot.seq)
        await self._keep(snapshot)
        if await self._reader.ask(partial(was_erased_after, seq=since)):
            return 0
        seq = await self._appending.append(record)
        await self._purge(self._names.log, snapshot.seq + 1)
        if texts:
            await self._purge(self._names.texts, texts)
        await self._kept.drop(TRIMMED, below=snapshot.seq)
        for name in lists:
            await self._kept.drop(name, below=1)
        return seq

    async def _lists(self, through: int) -> list[str]:
        """Those that records of erasures up to `through` refer to."""
        streams, names = self._connection.streams, self._names
        found: list[str] = []
        for seq in await self._reader.ask(partial(erasures_in, through=through)):
            try:
                message = await self._connection.insist(partial(streams.get_msg, names.log, seq), TAKING_OUT_S)
            except NotFoundError:  # somebody else trims at the same time
                continue
            found.append(list_of(unseal(message.data or b"").ref))
        return found

    async def _keep(self, snapshot: Snapshot) -> None:
        """Then read what is in the log: who was erased up to now was perhaps not taken out of what is kept here; of
        who is erased later that is certain (`Erasing`).
        """
        await self._read_all()
        if await self._reader.ask(trimmed_in) < snapshot.seq:  # else somebody else has said so, and that one is used
            await self._kept.put(TRIMMED, snapshot.seq, pack_snapshot(snapshot))
            await self._read_all()

    async def _read_all(self) -> None:
        await reach_end(self._position, self._connection, self._names.log)

    async def _purge(self, stream: str, seq: int) -> None:
        """Everything before `seq`."""
        await self._connection.insist(lambda: self._connection.streams.purge_stream(stream, seq=seq), TAKING_OUT_S)

    # --- in every copy ---------------------------------------------------------------------------------------------

    async def changes_of(self, read: Read) -> Callable[[sqlite3.Connection], None] | None:
        """What a trimming changes in the copy, which goes up to the record of it now; None when nothing."""
        through = max(event.data.through for event in read.entry.events if isinstance(event.data, LogTrimmed))
        await self._kept.drop(START, below=through)
        if await self._reader.ask(trimmed_in) >= through:  # somebody else took out more at the same time
            return None
        return partial(trim_copy, snapshot=await self.snapshot_for(through))

    async def snapshot_for(self, through: int) -> Snapshot:
        """What entries up to `through` led to, or more of them if that is what there is. Raises LogError."""
        for number in await self._kept.numbers(TRIMMED):
            if number >= through and (raw := await self._kept.get(TRIMMED, number)) is not None:
                return unpack_snapshot(raw)
        raise LogError(
            f"Entries up to {through} were taken out of the log, and what they led to is not there: restore the "
            "streams from a backup, or begin with the file of another gateway's copy (nats.copy), taken while that one "
            "is stopped."
        )
