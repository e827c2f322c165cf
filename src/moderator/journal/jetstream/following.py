"""The stream of entries, read in its order and without a gap, over any number of broken connections.

An ordered consumer of our own: it numbers what it delivers, so what got lost on the way shows, and then another one is
made from where the last one came to. What is missing in the stream itself was taken out of it.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, StreamInfo
from nats.js.errors import APIError, NotFoundError

from moderator.clock import Clock
from moderator.journal.event_log import LogError
from moderator.journal.jetstream.connection import FAILURES, PAUSE_S, Connection
from moderator.journal.jetstream.streams import Streams, log_id_of

logger = logging.getLogger(__name__)

MOST_MESSAGES: Final = 256
"""In one batch."""
HEARTBEAT_S: Final = 1.0
SILENCE_S: Final = 3.0
"""Without a heartbeat the consumer is gone, or the connection is."""
FORGOTTEN_AFTER_S: Final = 30.0
STALE_S: Final = 4.0
"""A consumer that is alive and has nothing, while there is more: it is at a server that lags behind."""
BEHIND_WITHIN_S: Final = 15.0
"""How long servers that have just come back may know less than they told before."""


class Message(NamedTuple):
    """An entry as it was delivered."""

    seq: int
    at: int
    """When the server stored it, in milliseconds since the epoch by its clock."""
    pending: int
    """How many are to come after it."""
    data: bytes


class Gap(LogError):
    """Entries are missing in the stream."""

    def __init__(self, after: int, first: int) -> None:
        super().__init__(f"Entries {after + 1} to {first - 1} are not in the log any more, and nothing says why.")
        self.first = first


class Hole(LogError):
    """Somebody took single entries out of the stream: those before `first`."""

    def __init__(self, after: int, first: int) -> None:
        super().__init__(f"Entries {after + 1} to {first - 1} were taken out of the stream, each by itself.")
        self.first = first


class Replaced(LogError):
    """Entries that were read are not those that the log has."""

    def __init__(self, first: int) -> None:
        super().__init__(
            f"The servers of the log have other entries from {first} on than they had told: start the gateway again."
        )
        self.first = first


class _Broken(Exception):
    """This consumer delivers no more, or not everything."""


class Following:
    """Reads the stream from any place on."""

    def __init__(self, connection: Connection, streams: Streams, clock: Clock) -> None:
        self._connection = connection
        self._streams = streams
        self._clock = clock
        self._behind_since: float | None = None
        self.newest = 0
        """The newest entry that is known to be there."""
        self.replaced_from: int | None = None
        """To be set when it turns out that the log has other entries than were read."""

    async def batches(self, after: int) -> AsyncIterator[list[Message]]:
        """Messages after `after`, in order, for good. Raises Gap, Hole, Replaced; LogError when it is another log,
        or was taken back.

        Nothing else ends it before the connection is closed: it waits for servers as long as it takes.
        """
        while not self._connection.is_closing:
            try:
                await self._check_position(after)
                async with self._consumer(after) as consumer:
                    progress_at = self._clock.monotonic()
                    while not self._connection.is_closing:
                        batch = await consumer.next()
                        if self.replaced_from is not None:
                            raise Replaced(self.replaced_from)
                        now = self._clock.monotonic()
                        if batch or self.newest <= after:
                            progress_at = now
                        elif now - progress_at > STALE_S:
                            raise _Broken(f"there is more than it knows, up to {self.newest}")
                        whole = [message for seq, message in enumerate(batch, after + 1) if message.seq == seq]
                        if whole:
                            after = whole[-1].seq
                            yield whole
                        if len(whole) < len(batch):
                            raise _Broken("something is missing in the stream")
            except (_Broken, APIError, *FAILURES) as error:
                logger.debug("the log is subscribed to anew after %d: %s", after, error)
                if not isinstance(error, _Broken):
                    await self._connection.failed(error)
                await asyncio.sleep(PAUSE_S)

    async def _check_position(self, after: int) -> None:
        """A stream that is shorter than what was read of it lost something: nobody may go on as if it had not."""
        info = await self._connection.streams.stream_info(self._streams.names.log)
        if log_id_of(info) != self._streams.log_id:
            raise LogError("The stream of the log was replaced by another one: start the gateway again.")
        if info.state.first_seq > after + 1:
            raise Gap(after, info.state.first_seq)
        if info.state.last_seq >= after:
            self._behind_since = None
            await self._check_next(info, after)
            return
        now = self._clock.monotonic()
        self._behind_since = now if self._behind_since is None else self._behind_since
        if now - self._behind_since > BEHIND_WITHIN_S:
            raise LogError(
                f"The log goes up to {info.state.last_seq}, and was read up to {after}: the servers lost entries. "
                "Restore the servers, or start the gateway again to go on with what is left."
            )
        raise _Broken(f"the servers know {info.state.last_seq} entries yet")

    async def _check_next(self, info: StreamInfo, after: int) -> None:
        """Where single messages were taken out nobody may wait for them. Raises Hole."""
        if not info.state.num_deleted or info.state.last_seq == after:
            return
        streams, log = self._connection.streams, self._streams.names.log
        try:
            first = (await streams.get_msg(log, after + 1, (info.config.subjects or [""])[0], next=True)).seq or 0
        except NotFoundError:
            if (await streams.stream_info(log)).state.last_seq < info.state.last_seq:  # another server leads meanwhile
                raise
            first = info.state.last_seq + 1
        if first > after + 1:
            hole = Hole(after, first)
            logger.error("%s They are passed over: restore the streams if they are needed.", hole)
            raise hole

    @asynccontextmanager
    async def _consumer(self, after: int) -> "AsyncIterator[_Consumer]":
        nats, log = self._connection.nats, self._streams.names.log
        consumer = _Consumer(self._connection, self._clock)
        inbox = nats.new_inbox()
        subscription = await nats.subscribe(inbox, cb=consumer.take)
        self._connection.listeners.add(consumer.wake)
        name = ""
        try:
            name = (await self._connection.streams.add_consumer(log, _config(inbox, after))).name
            yield consumer
        finally:
            self._connection.listeners.discard(consumer.wake)
            try:
                await subscription.unsubscribe()
                if name and nats.is_connected:
                    await self._connection.streams.delete_consumer(log, name)
            except (APIError, *FAILURES) as error:  # it is forgotten by itself
                logger.debug("a consumer of the log could not be taken back: %s", error)


def _config(inbox: str, after: int) -> ConsumerConfig:
    return ConsumerConfig(
        deliver_subject=inbox,
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=after + 1,
        ack_policy=AckPolicy.NONE,
        max_deliver=1,
        flow_control=True,
        idle_heartbeat=HEARTBEAT_S,
        inactive_threshold=FORGOTTEN_AFTER_S,
        num_replicas=1,
        mem_storage=True,
    )


class _Consumer:
    """What one consumer delivers, in the order that it numbers it."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._arrived: deque[Msg] = deque()
        self.wake = asyncio.Event()
        self._delivered = 0
        self._restorations = connection.restorations

    async def take(self, message: Msg) -> None:
        """Called for each message."""
        self._arrived.append(message)
        self.wake.set()

    async def next(self) -> list[Message]:
        """The next messages; none where there was only a sign of life. Raises _Broken."""
        if not self._arrived and not await self._clock.wait(self.wake, SILENCE_S):
            raise _Broken("nothing was heard of it")
        self.wake.clear()
        if self._connection.restorations != self._restorations:
            raise _Broken("the connection is another one")
        batch: list[Message] = []
        while self._arrived and len(batch) < MOST_MESSAGES:
            message = self._arrived.popleft()
            if message.headers and message.headers.get("Status") == "100":
                await self._control(message)
            else:
                batch.append(self._numbered(message))
        return batch

    def _numbered(self, message: Msg) -> Message:
        tokens = message.reply.split(".")
        seq, number, at_ns, pending = map(int, tokens[5:9] if len(tokens) == 9 else tokens[7:11])
        self._delivered += 1
        if number != self._delivered:
            raise _Broken(f"message {self._delivered} got lost")
        return Message(seq, at_ns // 1_000_000, pending, message.data)

    async def _control(self, message: Msg) -> None:
        headers = message.headers or {}
        if message.reply:
            await self._connection.nats.publish(message.reply)
        elif stalled := headers.get("Nats-Consumer-Stalled"):
            await self._connection.nats.publish(stalled)
        elif headers.get("Nats-Last-Consumer", str(self._delivered)) != str(self._delivered):
            raise _Broken(f"it delivered {headers['Nats-Last-Consumer']} messages, and {self._delivered} came")
