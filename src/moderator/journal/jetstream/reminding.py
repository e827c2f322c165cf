"""Commands that the consumer counts as carried out, and that were not: they are put into the stream once more, so that
one gateway is given them again.

That happens after a server came back with less than it had told, or when a gateway was told of an entry that did not
last. What another gateway still has in hand is left alone: the consumer knows.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Final

from nats.js.api import PubAck
from nats.js.errors import APIError

from moderator.domain.ids import EventId
from moderator.journal.jetstream.connection import Connection
from moderator.journal.jetstream.copies import seqs_of
from moderator.journal.jetstream.position import Position, reach_end
from moderator.journal.jetstream.streams import Names
from moderator.journal.jetstream.working import FIRST, Working, settled_up_to
from moderator.journal.sqlite_reader import Reader

logger = logging.getLogger(__name__)

WITHIN_S: Final = 5.0


def forgotten(seqs: Iterable[int], places: Mapping[int, int], floor: int) -> list[int]:
    """The entries that nobody has in hand: the consumer has settled everything up to `floor`, and them where they stand
    now, which is in `places` when they were put into the stream again. Pure.
    """
    return [seq for seq in seqs if places.get(seq, seq) <= floor]


class Reminding:
    """Puts entries into the stream again. Every call may raise LogError."""

    def __init__(
        self, connection: Connection, names: Names, working: Working, reader: Reader, position: Position
    ) -> None:
        self._connection = connection
        self._position = position
        self._names = names
        self._working = working
        self._reader = reader
        self._places: dict[int, int] = {}
        """Where entries stand that were put into the stream again."""

    async def remind(self, commands: Collection[EventId]) -> None:
        """See `EventLog.remind`."""
        floor = settled_up_to(await self._working.info())
        why = "This gateway reads first what came meanwhile."
        await reach_end(self._position, self._connection, self._names.log, WITHIN_S, why)  # what was settled by then
        elsewhere = [command for command in commands if not self._working.has(command)]
        seqs = await self._reader.ask(partial(seqs_of, commands=elsewhere))
        self._places = {seq: place for seq, place in self._places.items() if seq in seqs}
        for seq in forgotten(seqs, self._places, floor):
            await self._put_again(seq)

    async def _put_again(self, seq: int) -> None:
        """Of several gateways that do so one has it stored, and all learn where."""
        streams, names = self._connection.streams, self._names
        headers = {"Nats-Msg-Id": f"again-{seq}-{self._places.get(seq, seq)}", FIRST: str(seq)}

        async def publish() -> PubAck:
            return await self._connection.publish(names.command, message.data or b"", headers)

        try:
            message = await self._connection.insist(lambda: streams.get_msg(names.log, seq), WITHIN_S)
            ack = await self._connection.insist(publish, WITHIN_S)
        except APIError as error:
            raise self._connection.explain(error) from error
        self._places[seq] = ack.seq
        if not ack.duplicate:
            logger.warning("the commands at %d of the log were given to nobody any more: they are given out again", seq)
