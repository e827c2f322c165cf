"""Whether the end of the copy is what the stream has.

A server that is cut off from the others while it leads may deliver entries that none of them keeps (seen with version
2.9). So the copy is compared at the start, after each connection and after each change of leader, with what the leader
has: it answers for a single message, where any other server may deliver many.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from functools import partial
from typing import Final

from nats.js.errors import APIError, NotFoundError

from moderator.feed.codec import CodecError
from moderator.journal.event_log import LogError
from moderator.journal.jetstream.connection import PAUSE_S, Connection
from moderator.journal.jetstream.copies import Row, missing_in, rows_of, seq_of
from moderator.journal.jetstream.envelopes import Stray, unseal
from moderator.journal.jetstream.following import Following
from moderator.journal.jetstream.position import Position
from moderator.journal.jetstream.streams import Names
from moderator.journal.sqlite_erasing import trimmed_in
from moderator.journal.sqlite_reader import Reader
from moderator.journal.stored import id_of

logger = logging.getLogger(__name__)

SPAN_MS: Final = 30_000
"""Before the newest entry: a server that was cut off believes for 20 s at most that it leads."""
ENTRIES: Final = 256
"""Looked at together; before those that differ there may be more."""
AT_ONCE: Final = 32
WITHIN_S: Final = 15.0


class Comparing:
    """Compares when it is asked to. It changes nothing."""

    def __init__(self, connection: Connection, names: Names, reader: Reader, following: Following) -> None:
        self._connection = connection
        self._log = names.log
        self._reader = reader
        self._following = following
        self.doubt = asyncio.Event()
        """To be set when what was read may not be what lasts."""

    async def run(self, position: Position) -> None:
        """Until the connection is closed: tell who follows the stream where the copy, up to `position`, is wrong."""
        while not self._connection.is_closing:
            await self.doubt.wait()
            self.doubt.clear()
            try:
                self._following.replaced_from = await self.first_difference(position.seq)
            except (APIError, LogError) as error:  # nobody leads yet
                logger.debug("the copy of the log cannot be compared yet: %s", error)
                self.doubt.set()
                await asyncio.sleep(PAUSE_S)

    async def first_difference(self, position: int) -> int | None:
        """The first entry of a copy up to `position` that the stream has another one for; None where they agree.

        Raises LogError, APIError.
        """
        info = await self._connection.insist(lambda: self._connection.streams.stream_info(self._log), WITHIN_S)
        floor = max(await self._reader.ask(_begin), info.state.first_seq - 1)
        upto = min(position, info.state.last_seq)
        first: int | None = None
        settled_at: int | None = None
        while upto > floor:
            after = max(floor, upto - ENTRIES)
            rows = await self._reader.ask(partial(rows_of, after=after, upto=upto))
            differing = await self._differing(rows, after, upto)
            first = min(differing, default=first)
            times = [row.recorded_at for row in rows.values()]
            if times and settled_at is None:
                settled_at = max(times) - SPAN_MS
            if not differing and settled_at is not None and min(times, default=settled_at) < settled_at:
                break
            upto = after
        return first

    async def _differing(self, rows: Mapping[int, Row], after: int, upto: int) -> list[int]:
        limit = asyncio.Semaphore(AT_ONCE)

        async def differs(seq: int) -> bool:
            async with limit:
                return await self._differs(seq, rows.get(seq))

        seqs = range(after + 1, upto + 1)
        found = await asyncio.gather(*map(differs, seqs))
        return [seq for seq, is_other in zip(seqs, found, strict=True) if is_other]

    async def _differs(self, seq: int, row: Row | None) -> bool:
        get = partial(self._connection.streams.get_msg, self._log, seq=seq)
        try:
            message = await self._connection.insist(get, WITHIN_S)
            envelope = unseal(message.data or b"")
            if row is not None:
                return (envelope.salt, envelope.body) != (row.salt, row.body)
            first = await self._reader.ask(partial(seq_of, entry=id_of(envelope.body)))
        except NotFoundError:  # it was trimmed meanwhile
            return False
        except Stray:  # nothing stands where one is passed over
            return row is not None
        except CodecError:
            return True
        # Nothing stands where an entry is repeated, also one that was trimmed.
        return first > seq if first is not None else not await self._reader.ask(trimmed_in)


def _begin(store: sqlite3.Connection) -> int:
    """Up to where the copy has nothing to compare: it was trimmed, or is still being filled in."""
    missing = missing_in(store)
    return max(trimmed_in(store), missing.upto if missing else 0)
