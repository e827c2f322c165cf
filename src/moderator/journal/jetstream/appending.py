"""An entry's way into the stream, and the wait until it was read back: only then it is known where it stands, since a
repetition stands where the first one does.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

from nats.js.api import PubAck
from nats.js.errors import APIError

from moderator.clock import Clock
from moderator.domain.events import Entry
from moderator.domain.ids import EventId
from moderator.domain.kinds import Command
from moderator.journal.event_log import LogError
from moderator.journal.jetstream.connection import Connection
from moderator.journal.jetstream.copies import has_ref, seq_of
from moderator.journal.jetstream.envelopes import seal
from moderator.journal.jetstream.position import Position
from moderator.journal.jetstream.replicating import Replicating
from moderator.journal.jetstream.streams import Streams
from moderator.journal.jetstream.texts import Found, Texts
from moderator.journal.local_log import stored_form
from moderator.journal.sqlite_reader import Reader
from moderator.journal.stored import Stored

WITHIN_S: Final = 4.0
"""Platforms wait little longer for an answer, and send again what got none."""
READ_BACK_WITHIN_S: Final = 10.0
_ID: Final = "Nats-Msg-Id"


class Appending:
    """Appends entries. What was read back is told to it by `read`."""

    def __init__(
        self,
        connection: Connection,
        streams: Streams,
        texts: Texts,
        replicating: Replicating,
        reader: Reader,
        position: Position,
        clock: Clock,
    ) -> None:
        self._connection = connection
        self._names = streams.names
        self._position = position
        self._clock = clock
        self._unread_s = streams.notices_s / 2
        """What is so new may not be in the copy: the servers notice a repetition of it, and will for a while."""
        self._texts = texts
        self._replicating = replicating
        self._reader = reader
        self._waiting: dict[EventId, set[asyncio.Future[int]]] = {}
        self._failure: LogError | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    async def append(self, entry: Entry, ref: bytes = b"") -> int:
        """Store an entry and return its `seq`; `ref` is that of something else than personal texts. Raises LogError."""
        stored = stored_form(entry)
        with self._expecting(entry.id) as read_back:
            await self._reach_what_is_old(entry)
            if (known := await self._reader.ask(partial(seq_of, entry=entry.id))) is not None:
                return known
            if not stored.texts:
                return (await self._publish(entry, stored, ref, read_back))[0]
            return await self._append_with_texts(entry, stored, read_back)

    async def _reach_what_is_old(self, entry: Entry) -> None:
        """A gateway that was away would not know what it repeats, and the servers do not notice it any more."""
        moment = self._clock.monotonic() - self._unread_s
        if self._position.is_whole(moment):
            return
        try:
            async with asyncio.timeout(WITHIN_S):
                await self._position.reach_moment(moment)
        except TimeoutError as error:
            why = self._connection.trouble or "This gateway reads first what came while it was away."
            raise LogError(f"Entry {entry.id} cannot be stored yet. {why}") from error

    async def idle(self) -> None:
        """Wait until nothing is being appended."""
        await self._idle.wait()

    def read(self, written: Sequence[tuple[Entry, int]]) -> None:
        """Entries were read, each with the `seq` of the first one of its id."""
        for entry, seq in written:
            for waiting in self._waiting.get(entry.id, ()):
                if not waiting.done():
                    waiting.set_result(seq)

    def fail(self, error: LogError) -> None:
        """Nothing is read any more."""
        self._failure = error
        for waiting in [one for several in self._waiting.values() for one in several]:
            if not waiting.done():
                waiting.set_exception(error)

    @contextmanager
    def _expecting(self, entry: EventId) -> Iterator[asyncio.Future[int]]:
        if self._failure is not None:
            raise self._failure
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(entry, set()).add(waiting)
        self._idle.clear()
        try:
            yield waiting
        finally:
            waiting.cancel()
            self._waiting[entry].discard(waiting)
            if not self._waiting[entry]:
                del self._waiting[entry]
            if not self._waiting:
                self._idle.set()

    async def _append_with_texts(self, entry: Entry, stored: Stored, read_back: asyncio.Future[int]) -> int:
        ref, place = await self._texts.put(stored.texts)
        self._replicating.expect(ref, Found(place, stored.texts))
        try:
            seq, is_repeated = await self._publish(entry, stored, ref, read_back)
        finally:
            self._replicating.forget(ref)
        if is_repeated and not await self._reader.ask(partial(has_ref, ref=ref)):
            await self._texts.delete(place)
        return seq

    async def _publish(
        self, entry: Entry, stored: Stored, ref: bytes, read_back: asyncio.Future[int]
    ) -> tuple[int, bool]:
        """Where it stands, and whether an entry with its id perhaps stood there before."""
        has_command = any(isinstance(event.data, Command) for event in entry.events)
        subject = self._names.command if has_command else self._names.entry
        message = seal(stored, ref)

        async def publish() -> PubAck:  # also of what was read back: a server that is cut off shows what may not last
            return await self._connection.publish(subject, message, {_ID: entry.id})

        try:
            ack = await self._connection.insist(publish, WITHIN_S)
        except APIError as error:
            raise LogError(f"Entry {entry.id} cannot be stored: {error.description}.") from error
        seq = await self._read_back(entry, read_back)
        return seq, bool(ack.duplicate) or ack.seq != seq

    async def _read_back(self, entry: Entry, read_back: asyncio.Future[int]) -> int:
        try:
            async with asyncio.timeout(READ_BACK_WITHIN_S):
                return await read_back
        except TimeoutError as error:
            raise LogError(f"Entry {entry.id} was stored, and could not be read back yet.") from error
