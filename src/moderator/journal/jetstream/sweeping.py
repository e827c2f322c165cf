"""Texts whose entries never came, since their gateway was killed in between: no entry leads to them any more."""

from functools import partial
from typing import Final

from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError

from moderator.clock import Clock
from moderator.journal.jetstream.connection import TAKING_OUT_S, Connection
from moderator.journal.jetstream.copies import count_of_refs, unknown_places
from moderator.journal.jetstream.position import Position, reach_end
from moderator.journal.jetstream.streams import Names
from moderator.journal.sqlite_reader import Reader

UNDER_WAY_MS: Final = 10 * 60_000
"""The entry may still come; no gateway tries for so long."""


class Sweeping:
    """Takes such texts out. For a copy that is whole. Every call may raise LogError."""

    def __init__(self, connection: Connection, names: Names, reader: Reader, position: Position, clock: Clock) -> None:
        self._connection = connection
        self._log = names.log
        self._stream = names.texts
        self._subject = f"{names.text}*"
        self._reader = reader
        self._position = position
        self._clock = clock

    async def sweep(self) -> None:
        """Overwrite what no entry names, up to the texts that are there now."""
        info = await self._connection.insist(lambda: self._connection.streams.stream_info(self._stream), TAKING_OUT_S)
        texts = info.state
        await reach_end(self._position, self._connection, self._log)  # their entries may be newer than this copy
        if texts.messages == await self._reader.ask(count_of_refs):
            return
        places = partial(unknown_places, first=texts.first_seq, last=texts.last_seq)
        for start, end in await self._reader.ask(places):
            await self._sweep(start, end)

    async def _sweep(self, place: int, end: int) -> None:
        while (message := await self._from(place)) is not None and message.seq is not None and message.seq <= end:
            stored_at = 0 if message.time is None else message.time.timestamp() * 1000
            if self._clock.now_ms() - stored_at > UNDER_WAY_MS:
                await self._connection.overwrite(self._stream, message.seq)
            place = message.seq + 1

    async def _from(self, place: int) -> RawStreamMsg | None:
        get = partial(self._connection.streams.get_msg, self._stream, seq=place, subject=self._subject, next=True)
        try:
            return await self._connection.insist(get, TAKING_OUT_S)
        except NotFoundError:
            return None
