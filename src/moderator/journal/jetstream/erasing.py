"""A person is taken out of the streams by one gateway, and out of the copy of every gateway that reads the record.

The record names the texts that were rewritten, not the person: each gateway reads those again.
"""

import asyncio
import secrets
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from moderator.domain.events import Entry
from moderator.domain.ids import derive_event_id
from moderator.domain.state import Snapshot
from moderator.feed.codec import UNDECODABLE
from moderator.journal.event_log import LogError
from moderator.journal.jetstream.appending import Appending
from moderator.journal.jetstream.copies import refs_of, replace_texts, texts_of
from moderator.journal.jetstream.envelopes import REF_BYTES
from moderator.journal.jetstream.kept import REWRITTEN, START, TRIMMED, Kept
from moderator.journal.jetstream.replicating import Read
from moderator.journal.jetstream.texts import Found, Texts
from moderator.journal.sqlite_erasing import ErasedPerson, Place, Rewritten, Scan, set_snapshot, trimmed_in
from moderator.journal.sqlite_reader import Reader
from moderator.journal.sqlite_starts import drop_start
from moderator.journal.stored import StoredText

AT_ONCE: Final = 16
ROUNDS: Final = 3
"""Somebody may come back while they are erased; they are not in a room when it begins."""
Record = Callable[[int], Entry]


class _Round(NamedTuple):
    """What was rewritten at one go."""

    refs: Sequence[bytes]
    texts: int
    upto: Place


class Erasing:
    """Takes people out. Every call may raise LogError."""

    def __init__(self, appending: Appending, texts: Texts, kept: Kept, reader: Reader) -> None:
        self._appending = appending
        self._texts = texts
        self._kept = kept
        self._reader = reader

    async def erase(self, person: ErasedPerson, scan: Scan, pseudonym: str, record: Record) -> tuple[int, int] | None:
        """Rewrite what was found and what comes meanwhile; see `EventLog.erase`."""
        first: int | None = None
        total = 0
        for number in range(ROUNDS):
            found = await self._rewrite(person, scan, pseudonym)
            if not found.texts:
                break
            seq = await self._append(record(found.texts), found, number)
            first, total = first or seq, total + found.texts
            scan = Scan(upto=found.upto)
        return None if first is None else (first, total)

    async def _rewrite(self, person: ErasedPerson, scan: Scan, pseudonym: str) -> _Round:
        texts, upto = await self._reader.ask(partial(person.rewritten, scan=scan))
        by_entry: dict[int, list[Rewritten]] = {}
        for text in texts:
            by_entry.setdefault(text.place[0], []).append(text)
        refs = await self._reader.ask(partial(refs_of, seqs=by_entry.keys()))
        limit = asyncio.Semaphore(AT_ONCE)

        async def rewrite(seq: int, ref: bytes) -> None:
            async with limit:
                old = await self._reader.ask(partial(texts_of, seq=seq))
                await self._texts.replace(ref, _without(old, by_entry[seq], pseudonym))

        await asyncio.gather(*(rewrite(seq, ref) for seq, ref in refs.items()))
        count = sum(len(by_entry[seq]) for seq in refs) + await self._rewrite_snapshots(person)
        return _Round(list(refs.values()), count, upto)

    async def _rewrite_snapshots(self, person: ErasedPerson) -> int:
        """Also one that another gateway has kept to trim with it: whoever keeps one after our record was appended reads
        that record before going on (`Trimming`). Returns how many they were.
        """
        count = 0
        for number in await self._kept.numbers(TRIMMED):
            raw = await self._kept.get(TRIMMED, number)
            rewritten = None if raw is None else await asyncio.to_thread(_snapshot_without, raw, person)
            if rewritten is not None:
                await self._kept.put(TRIMMED, number, rewritten)
                count += 1
        return count

    async def _append(self, record: Entry, found: _Round, number: int) -> int:
        if number:  # one of its own, not a repetition of the first
            events = tuple(replace(event, id=derive_event_id(event.id, number)) for event in record.events)
            record = replace(record, id=derive_event_id(record.id, number), events=events)
        ref = secrets.token_bytes(REF_BYTES)
        await self._kept.put(list_of(ref), 0, b"".join(found.refs))
        return await self._appending.append(record, ref)

    # --- in every copy ---------------------------------------------------------------------------------------------

    async def changes_of(self, read: Read) -> Callable[[sqlite3.Connection], None]:
        """What an erasure changes in the copy, which goes up to the record of it now."""
        listed = await self._kept.get(list_of(read.ref), 0)
        if listed is None:
            raise LogError(f"The list of what the record {read.entry.seq} of an erasure changed is missing.")
        refs = [listed[start : start + REF_BYTES] for start in range(0, len(listed), REF_BYTES)]
        limit = asyncio.Semaphore(AT_ONCE)

        async def get(ref: bytes) -> tuple[bytes, Found | None]:
            async with limit:
                return ref, await self._texts.get_newest(ref)

        found = await asyncio.gather(*map(get, refs))
        snapshot = await self._snapshot()
        await self._kept.drop(START, below=read.entry.seq)
        return partial(_change, found=found, snapshot=snapshot)

    async def _snapshot(self) -> Snapshot | None:
        through = await self._reader.ask(trimmed_in)
        raw = await self._kept.get(TRIMMED, through) if through else None
        return None if raw is None else unpack_snapshot(raw)


def list_of(ref: bytes) -> str:
    """The name of the list that a record refers to, of what was rewritten."""
    return f"{REWRITTEN}-{ref.hex()}"


def _without(old: Sequence[StoredText], changed: Sequence[Rewritten], pseudonym: str) -> list[StoredText]:
    texts = list(old)
    for text in changed:
        number = text.place[1]
        texts[number] = texts[number]._replace(
            salt=None, value=text.value, subject=text.subject, participant=text.participant, erased=pseudonym
        )
    return texts


def _change(store: sqlite3.Connection, found: Sequence[tuple[bytes, Found | None]], snapshot: Snapshot | None) -> None:
    for ref, texts in found:
        if texts is not None:  # else they were trimmed meanwhile
            replace_texts(store, ref, texts)
    if snapshot is not None:
        set_snapshot(store, snapshot)
    drop_start(store)


def _snapshot_without(raw: bytes, person: ErasedPerson) -> bytes | None:
    """As it is kept; None where they are not in it."""
    after = person.without(unpack_snapshot(raw))
    return None if after is None else pack_snapshot(after)


def pack_snapshot(snapshot: Snapshot) -> bytes:
    """As it is kept."""
    return zlib.compress(msgspec.json.encode(snapshot), 1)


def unpack_snapshot(raw: bytes) -> Snapshot:
    """What was packed. Raises LogError."""
    try:
        return msgspec.json.decode(zlib.decompress(raw), type=Snapshot)
    except (zlib.error, *UNDECODABLE) as error:
        raise LogError(f"What trimmed entries led to cannot be read by this version: {error}.") from error
