"""What the stream delivers, written into the copy: entries with their texts, in order, and what is taken out again when
a record says so.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from moderator.domain.accounting import LogTrimmed, PersonErased
from moderator.domain.events import Entry
from moderator.domain.ids import EventId
from moderator.feed.codec import CodecError
from moderator.journal.event_log import LogError
from moderator.journal.jetstream.copies import seq_of
from moderator.journal.jetstream.envelopes import Envelope, Stray, unseal
from moderator.journal.jetstream.following import Message
from moderator.journal.jetstream.texts import Found, Texts, TextsMissing
from moderator.journal.sqlite_erasing import trimmed_in
from moderator.journal.sqlite_reader import Reader
from moderator.journal.sqlite_writer import Append, Copied, Writer
from moderator.journal.stored import Stored, from_stored, id_of

logger = logging.getLogger(__name__)

TEXTS_AT_ONCE: Final = 64
_NO_TEXTS: Final = Found(0, ())
Get = Callable[[bytes], Awaitable[Found]]


class Read(NamedTuple):
    """An entry as it was read from the stream."""

    entry: Entry
    stored: Stored
    ref: bytes
    place: int

    @property
    def takes_out(self) -> bool:
        """Whether it says that something was taken out of the log."""
        return any(isinstance(event.data, PersonErased | LogTrimmed) for event in self.entry.events)


class Replicating:
    """Writes to the copy. `take_out` is called before such a record is written itself."""

    def __init__(
        self, writer: Writer, reader: Reader, texts: Texts, take_out: Callable[[Read], Awaitable[None]]
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._texts = texts
        self._take_out = take_out
        self.changing = asyncio.Lock()
        """Held by whoever writes older entries, takes something out of the copy, or keeps a start of what is in it."""
        self._own: dict[bytes, Found] = {}
        self._getting = asyncio.Semaphore(TEXTS_AT_ONCE)

    def expect(self, ref: bytes, found: Found) -> None:
        """Texts that were written here: nobody needs to be asked for them."""
        self._own[ref] = found

    def forget(self, ref: bytes) -> None:
        """The entry with these texts was read, or will not come."""
        self._own.pop(ref, None)

    async def write(self, batch: Sequence[Message]) -> list[tuple[Entry, int]]:
        """Write new entries; returns them, each with the `seq` of the first one that has its id.

        Raises LogError when something cannot be read.
        """
        written: list[tuple[Entry, int]] = []
        jobs: list[Append] = []
        for read in await self._read_all(batch, self._texts.get):
            if read.takes_out:
                written += await self._write(jobs)
                jobs = []
                async with self.changing:
                    await self._take_out(read)
            jobs.append(_job(read, is_newest=True))
        return written + await self._write(jobs)

    async def fill_in(self, batch: Sequence[Message]) -> None:
        """Write older entries, with their texts as they are by now. Raises LogError when something cannot be read."""
        async with self.changing:
            trimmed = await self._reader.ask(trimmed_in)
            left = [message for message in batch if message.seq > trimmed]
            await self._write([_job(read, is_newest=False) for read in await self._read_all(left, self._newest)])

    async def _newest(self, ref: bytes) -> Found:
        if (found := await self._texts.get_newest(ref)) is None:
            raise TextsMissing
        return found

    async def _write(self, jobs: Sequence[Append]) -> list[tuple[Entry, int]]:
        """All of them or none: otherwise there would be a hole before those that come after a failure."""
        if jobs:
            self._writer.put(*jobs)
        await asyncio.gather(*(job.done for job in jobs), return_exceptions=True)
        return [(job.entry, job.done.result()) for job in jobs]

    async def _read_all(self, batch: Sequence[Message], get: Get) -> list[Read]:
        unsealed = [(message, envelope) for message in batch if (envelope := _unsealed(message)) is not None]
        found = await asyncio.gather(*(self._texts_of(envelope, get) for _, envelope in unsealed))
        reads: list[Read] = []
        for (message, envelope), texts in zip(unsealed, found, strict=True):
            if texts is None:
                reads.append(await self._repeated(message, envelope, reads))
            else:
                reads.append(_read(message, envelope, texts))
        return reads

    async def _repeated(self, message: Message, envelope: Envelope, before: Sequence[Read]) -> Read:
        """An entry without its texts: while another server begins to lead one may be stored twice, and the texts of
        the second one are taken out, since the copies have the first. Raises TextsMissing when it is none.
        """
        entry = Entry(id=_id(message, envelope), recorded_at=0, events=(), seq=message.seq)
        is_known = any(read.entry.id == entry.id for read in before)
        if not is_known and await self._reader.ask(partial(seq_of, entry=entry.id)) is None:
            raise TextsMissing
        return Read(entry, Stored(envelope.body, envelope.salt, ()), b"", 0)

    async def _texts_of(self, envelope: Envelope, get: Get) -> Found | None:
        """None where they are missing."""
        if not envelope.ref or b'"personal":' not in envelope.body:
            return _NO_TEXTS
        if (own := self._own.get(envelope.ref)) is not None:
            return own
        async with self._getting:
            try:
                return await get(envelope.ref)
            except TextsMissing:
                return None


def _job(read: Read, *, is_newest: bool) -> Append:
    copied = Copied(read.entry.seq, read.ref if read.stored.texts else b"", read.place, is_newest)
    return Append(read.entry, read.stored, asyncio.get_running_loop().create_future(), copied)


def _unsealed(message: Message) -> Envelope | None:
    """None for what is no entry: every gateway passes over it alike, so that all keep the same log."""
    try:
        return unseal(message.data)
    except Stray:
        logger.error(
            "message %d of the log is no entry and is passed over: keep others from writing there", message.seq
        )
        return None
    except CodecError as error:
        raise _cannot_read(message.seq, error) from error


def _id(message: Message, envelope: Envelope) -> EventId:
    try:
        return id_of(envelope.body)
    except CodecError as error:
        raise _cannot_read(message.seq, error) from error


def _read(message: Message, envelope: Envelope, found: Found) -> Read:
    try:
        entry = from_stored(envelope.body, message.seq, [text.value for text in found.texts])
    except CodecError as error:
        raise _cannot_read(message.seq, error) from error
    return Read(entry, Stored(envelope.body, envelope.salt, found.texts), envelope.ref, found.place)


def _cannot_read(seq: int, error: CodecError) -> LogError:
    return LogError(f"The log holds something at {seq} that this version cannot read: {error}.")
