"""Commands for whichever gateway is free: one consumer for all of them. It gives an entry again when the gateway that
had it is not heard of any more.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import msgspec
from msgspec import Struct
from nats.aio.msg import Msg
from nats.js.api import DEFAULT_PREFIX, AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy
from nats.js.errors import APIError, NotFoundError

from moderator.clock import Clock
from moderator.domain.ids import EventId
from moderator.journal.event_log import LogError, OpenCommand, Slice
from moderator.journal.jetstream.connection import FAILURES, PAUSE_S, Connection
from moderator.journal.jetstream.copies import first_command_after, open_commands
from moderator.journal.jetstream.position import Position
from moderator.journal.jetstream.starting import Starting
from moderator.journal.jetstream.streams import Names
from moderator.journal.sqlite_reader import Reader

logger = logging.getLogger(__name__)

ACK_WAIT_S: Final = 5.0
"""A gateway that was killed is waited for so long."""
ALIVE_EVERY_S: Final = 1.5
MOST_ENTRIES: Final = 16
"""Taken at once, so that others get some."""
MOST_UNDER_WAY: Final = 1_000_000
"""Of all sources together: far more than a gateway lets wait for one, so that one that hangs is its own trouble."""
AT_A_TIME: Final = 100
ASK_FOR_S: Final = 1.0
GIVE_BACK_AFTER_S: Final = 1.2
"""When our own question is surely forgotten: server 2.9 counts wrong when it finds nobody for what it takes back."""
NOT_YET_S: Final = 1.0
_NOBODY: Final = frozenset({"409", "503"})
"""The consumer was deleted, or led elsewhere; there is none, or nobody who leads it."""
WITHIN_S: Final = 15.0
FIRST: Final = "Moderator-First"
"""The header of an entry that was put into the stream again: where it stood first, where everybody has it."""


def settled_up_to(info: ConsumerInfo) -> int:
    """Up to where nobody has any entry in hand."""
    return info.ack_floor.stream_seq if info.ack_floor else 0


class _UnderWay(Struct):
    """An entry whose commands were given out."""

    message: Msg
    left: set[EventId]


class Working:
    """Takes entries with commands from the consumer, and looks up in the copy what is open in them."""

    def __init__(
        self,
        connection: Connection,
        names: Names,
        reader: Reader,
        position: Position,
        starting: Starting,
        clock: Clock,
    ) -> None:
        self._connection = connection
        self._names = names
        self._reader = reader
        self._position = position
        self._starting = starting
        self._clock = clock
        self._under_way: dict[int, _UnderWay] = {}
        self._entries: dict[EventId, int] = {}
        """Where the commands stand that were given out."""
        self.trouble = ""
        """Why nobody can be given any, as a sentence; empty when all is well."""

    async def info(self) -> ConsumerInfo:
        """How far the consumer is; it is made when there is none. What is there is left alone, since to set it anew
        makes the server give out again what it gave. Raises LogError.
        """
        streams, names = self._connection.streams, self._names
        try:
            return await self._connection.insist(lambda: streams.consumer_info(names.log, names.consumer), WITHIN_S)
        except NotFoundError:
            return await self._make()
        except APIError as error:
            raise self._connection.explain(error) from error

    async def _make(self) -> ConsumerInfo:
        config = ConsumerConfig(
            durable_name=self._names.consumer,
            deliver_policy=DeliverPolicy.ALL,
            filter_subject=self._names.command,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT_S,
            max_deliver=-1,
            max_ack_pending=MOST_UNDER_WAY,
        )
        streams = self._connection.streams
        return await self._connection.insist(lambda: streams.add_consumer(self._names.log, config=config), WITHIN_S)

    async def oldest_open(self) -> int | None:
        """See `EventLog.oldest_open`. Raises LogError."""
        info = await self.info()
        if not info.num_pending and not info.num_ack_pending:
            return None
        return await self._reader.ask(partial(first_command_after, seq=settled_up_to(info)))

    async def commands(self) -> AsyncIterator[OpenCommand]:
        """For as long as somebody listens; what is not acknowledged by then is given to somebody else at once."""
        pulling = _Pulling(self._connection, self._names, self._clock, self._find)
        try:
            async with pulling.subscribed():
                while (message := await pulling.next()) is not None:
                    for command in await self._open_in(message):
                        yield command
        finally:
            await self._give_back()

    def has(self, command: EventId) -> bool:
        """Whether a command was given out here, and is not settled yet."""
        return command in self._entries

    async def acknowledge(self, command: EventId) -> None:
        """A command was settled; when all of its entry are, the consumer is told."""
        under_way = self._under_way.get(seq) if (seq := self._entries.pop(command, None)) is not None else None
        if seq is None or under_way is None:
            return
        under_way.left.discard(command)
        if not under_way.left:
            del self._under_way[seq]
            await _quietly(under_way.message.ack)

    async def keep_alive(self) -> None:
        """Until the connection is closed: tell the consumer that what was given out is being done."""
        while not self._connection.is_closing:
            await asyncio.sleep(ALIVE_EVERY_S)
            for number, one in enumerate(list(self._under_way.values()), 1):
                await _quietly(one.message.in_progress)
                if number % AT_A_TIME == 0:  # others go on meanwhile
                    await asyncio.sleep(0)

    async def _find(self) -> None:
        """Wait until there is a consumer: nobody heard that commands were asked for."""
        while not self._connection.is_closing:
            try:
                await self.info()
            except LogError as error:
                self.trouble = str(error)
                await asyncio.sleep(PAUSE_S)
            else:
                break
        self.trouble = ""

    async def _open_in(self, message: Msg) -> Sequence[OpenCommand]:
        seq = message.metadata.sequence.stream
        if (known := self._under_way.get(seq)) is not None:  # given again, since we were not heard in time
            known.message = message
            return ()
        found = await self._look(int((message.headers or {}).get(FIRST, seq)), seq)
        if found is None:
            await _quietly(partial(message.nak, NOT_YET_S))
            return ()
        commands = [command for command in found if not self.has(command.event.id)]
        if not commands:
            await _quietly(message.ack)
            return ()
        self._under_way[seq] = _UnderWay(message, {command.event.id for command in commands})
        self._entries.update({command.event.id: seq for command in commands})
        return commands

    async def _look(self, seq: int, upto: int) -> Sequence[OpenCommand] | None:
        """What is open in an entry, when the copy goes up to a place; None when the entry is not here yet."""
        await self._position.reach(upto)
        if self._starting.missing is not None and seq <= self._starting.missing.upto:
            return None
        ids = await self._reader.ask(partial(open_commands, seq=seq))
        entries = await self._reader.slice(Slice(after=seq - 1, before=seq + 1, limit=1)) if ids else ()
        events = {event.id: event for entry in entries for event in entry.events}
        return [OpenCommand(seq, events[id_]) for id_ in ids if id_ in events]

    async def _give_back(self) -> None:
        under_way = sorted(self._under_way.items())
        self._under_way, self._entries = {}, {}
        for _, one in under_way:
            await _quietly(partial(one.message.nak, GIVE_BACK_AFTER_S))


class _Pulling:
    """Asks the consumer for messages, and takes them as they come. `find` is called when nobody heard that."""

    def __init__(self, connection: Connection, names: Names, clock: Clock, find: Callable[[], Awaitable[None]]) -> None:
        self._connection = connection
        self._clock = clock
        self._find = find
        self._subject = f"{DEFAULT_PREFIX}.CONSUMER.MSG.NEXT.{names.log}.{names.consumer}"
        self._inbox = connection.nats.new_inbox()
        self._arrived: deque[Msg] = deque()
        self._wake = asyncio.Event()
        self._asked_for = 0
        self._asked_on = 0
        """Of how many connections before: what was asked on one is forgotten with it."""

    @asynccontextmanager
    async def subscribed(self) -> AsyncIterator[None]:
        """Messages are taken for the length of the block."""
        subscription = await self._connection.nats.subscribe(self._inbox, cb=self._take)
        self._connection.listeners.add(self._wake)
        try:
            yield
        finally:
            self._connection.listeners.discard(self._wake)
            await _quietly(subscription.unsubscribe)

    async def next(self) -> Msg | None:
        """The next message, however long it takes; None when the log is about to be closed."""
        while not self._connection.is_closing:
            if not self._asked_for or self._asked_on != self._connection.restorations:
                await self._ask()
            if not self._arrived and not await self._clock.wait(self._wake, ASK_FOR_S + ACK_WAIT_S):
                await self._not_heard()
            self._wake.clear()
            while self._arrived:
                message = self._arrived.popleft()
                status = (message.headers or {}).get("Status")
                if status is None:
                    self._asked_for = max(0, self._asked_for - 1)
                    return message
                self._asked_for = 0  # there were none for a while, or not as many
                if status in _NOBODY:
                    await self._not_heard()
        return None

    async def _not_heard(self) -> None:
        self._asked_for = 0
        await self._find()
        await asyncio.sleep(PAUSE_S)

    async def _ask(self) -> None:
        self._asked_on = self._connection.restorations
        request = msgspec.json.encode({"batch": MOST_ENTRIES, "expires": int(ASK_FOR_S * 1e9)})
        try:
            await self._connection.nats.publish(self._subject, request, reply=self._inbox)
        except FAILURES as error:
            logger.debug("commands could not be asked for: %s", error)
            await asyncio.sleep(PAUSE_S)
        else:
            self._asked_for = MOST_ENTRIES

    async def _take(self, message: Msg) -> None:
        self._arrived.append(message)
        self._wake.set()


async def _quietly(say: Callable[[], Awaitable[None]]) -> None:
    """What the consumer does not hear of it finds out by itself."""
    try:
        await say()
    except FAILURES as error:
        logger.debug("the consumer of commands could not be told: %s", error)
