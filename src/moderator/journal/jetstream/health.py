"""How well the log on the servers can be used, watched all the time: whether it takes entries, and what is behind."""

import asyncio
from typing import Final

from nats.js.api import StreamInfo
from nats.js.errors import APIError, ServiceUnavailableError

from moderator.clock import Clock, ToldTime
from moderator.journal.event_log import LogHealth
from moderator.journal.jetstream.connection import FAILURES, Connection
from moderator.journal.jetstream.following import Following, Message
from moderator.journal.jetstream.position import Position

INTERVAL_S: Final = 1.0
_LOST_AFTER_NS: Final = 5_000_000_000
"""A server that was not heard of for so long does not count."""


class Watch:
    """Looks after the stream, and after what entries tell of the servers' clock."""

    def __init__(
        self,
        connection: Connection,
        following: Following,
        position: Position,
        doubt: asyncio.Event,
        log: str,
        clock: Clock,
    ) -> None:
        """`position` is told where the stream ends; `doubt` is set when another server leads, or tells us of it."""
        self._connection = connection
        self._position = position
        self._doubt = doubt
        self._told_by: tuple[str | None, int] | None = None
        self._following = following
        self._log = log
        self._clock = clock
        self._server_time = ToldTime(clock)
        self._newest = 0
        self._why = ""

    async def run(self) -> None:
        """Until cancelled, or the connection is closed."""
        while not self._connection.is_closing:
            try:
                await self._look()
            except (APIError, *FAILURES) as error:
                await self._connection.failed(error)
                self._why = self._connection.trouble or str(self._connection.explain(error))
            else:
                self._connection.answered()
                self._why = ""
            await asyncio.sleep(INTERVAL_S)

    async def _look(self) -> None:
        asked_at = self._clock.monotonic()
        info = await self._connection.streams.stream_info(self._log)
        self._newest = max(self._newest, info.state.last_seq)
        self._following.newest = info.state.last_seq
        told_by = info.cluster.leader if info.cluster else None, self._connection.restorations
        if self._told_by not in (None, told_by):
            self._doubt.set()
        self._told_by = told_by
        if not _has_quorum(info):  # this server was perhaps cut off from others that have one
            raise ServiceUnavailableError
        self._position.ends_at(info.state.last_seq, asked_at)

    def read(self, message: Message) -> None:
        """An entry came. One that was not waited for on the way here tells what time it is at the server."""
        self._newest = max(self._newest, message.seq + message.pending)
        if message.pending == 0:
            self._server_time.tell(message.at)

    def health(self) -> LogHealth:
        """Now."""
        why = self._why or self._connection.trouble
        return LogHealth(
            writable=not why,
            why=why,
            behind=max(0, self._newest - self._position.seq),
            clock_skew_ms=self._server_time.skew_ms,
        )


def _has_quorum(info: StreamInfo) -> bool:
    """Whether as many replicas are there as it takes to store something."""
    if info.cluster is None or not info.cluster.replicas:
        return True
    there = sum(not peer.offline and (peer.active or 0) < _LOST_AFTER_NS for peer in info.cluster.replicas)
    return 2 * (there + 1) > len(info.cluster.replicas) + 1
