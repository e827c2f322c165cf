"""`GET /v1/feed`: one reader's connection. A plain ASGI callable; frames come ready-made from `broadcast`."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from moderator.clock import Clock
from moderator.domain.accounting import TokenRevoked
from moderator.domain.events import Event
from moderator.feed.messages import parse_cursor
from moderator.gateway.access.authorization import Authorization
from moderator.gateway.access.tokens import Access
from moderator.gateway.asgi import Receive, Scope, Send
from moderator.gateway.broadcast import Broadcast
from moderator.gateway.dropping import drop
from moderator.gateway.ledger import Ledger
from moderator.gateway.problems import Problem
from moderator.gateway.shortcuts import written_at_once
from moderator.gateway.subscriber import Subscriber, WriteAtOnce
from moderator.gateway.waiting import time_limit
from moderator.journal.event_log import LogError
from moderator.tasks import TaskScope

SEND_TIMEOUT_S: Final = 20.0
"""A reader who takes nothing for this long is cut."""
ENDED_WITHIN_S: Final = 1.0
"""How long a reader may take the end of a feed that was closed."""
BEHIND_S: Final = 1.0
"""How long a reader waits for a gateway that is behind another one."""
HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class FeedEndpoint:
    """Sends frames for as long as the reader listens, the token is valid and the gateway runs."""

    def __init__(self, broadcast: Broadcast, authorization: Authorization, ledger: Ledger, clock: Clock) -> None:
        self._broadcast = broadcast
        self._authorization = authorization
        self._ledger = ledger
        self._clock = clock
        self._open: defaultdict[str, set[Subscriber]] = defaultdict(set)
        """By the ids under which their tokens can be revoked."""
        ledger.listen(self._close_revoked)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        peer = scope["client"][0] if scope.get("client") else ""
        try:
            access = await self._authorization.allow(headers.get("authorization", ""), "rooms:read", peer)
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._catch_up(headers.get("last-event-id"))
        write_at_once = partial(written_at_once, scope)
        with self._subscribed(access, headers.get("last-event-id"), write_at_once) as subscriber:
            if not await self._send(access, subscriber, scope, receive, send):
                subscriber.cut = True
                drop(scope)

    async def _catch_up(self, last_event_id: str | None) -> None:
        """Another gateway may have told the reader more than this one has read: a snapshot would lead back."""
        position = parse_cursor(last_event_id) if last_event_id else None
        if position is None or position[0] != self._ledger.log.log_id:
            return
        with contextlib.suppress(TimeoutError, LogError):
            async with time_limit(self._clock, BEHIND_S):
                await self._ledger.read_back(position[1])

    @contextlib.contextmanager
    def _subscribed(
        self, access: Access, last_event_id: str | None, write_at_once: WriteAtOnce
    ) -> Iterator[Subscriber]:
        subscriber = self._broadcast.subscribe(access, last_event_id, write_at_once)
        for id_ in access.revocable:
            self._open[id_].add(subscriber)
        try:
            yield subscriber
        finally:
            self._broadcast.unsubscribe(access, subscriber)
            for id_ in access.revocable:
                self._open[id_].discard(subscriber)
                if not self._open[id_]:
                    del self._open[id_]

    def _close_revoked(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event.data, TokenRevoked):
                for subscriber in self._open.get(event.data.jti, ()):
                    subscriber.close()

    async def _send(self, access: Access, subscriber: Subscriber, scope: Scope, receive: Receive, send: Send) -> bool:
        """False when the reader takes nothing any more."""
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        async with TaskScope() as tasks:
            tasks.start("feed reader gone", _close_when_gone(subscriber, receive))
            tasks.start("feed's end", self._see_to_end(access, subscriber, scope))
            while frames := await subscriber.take():
                if not await _is_taken(send, frames, more=True):
                    return False
            return await _is_taken(send, b"", more=False)

    async def _see_to_end(self, access: Access, subscriber: Subscriber, scope: Scope) -> None:
        """With its token, or sooner; a reader who does not take the end keeps nobody from stopping the gateway."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(access.expires_at - self._clock.now_ms() / 1000):
                await subscriber.ended.wait()
        subscriber.close()
        await asyncio.sleep(ENDED_WITHIN_S)
        drop(scope)


async def _is_taken(send: Send, body: bytes, *, more: bool) -> bool:
    try:
        async with asyncio.timeout(SEND_TIMEOUT_S):
            await send({"type": "http.response.body", "body": body, "more_body": more})
    except TimeoutError:
        return False
    return True


async def _close_when_gone(subscriber: Subscriber, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.close()
