"""`GET /v1/feed`: one reader's connection. A plain ASGI callable; frames come ready-made from `broadcast`."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from moderator.clock import Clock
from moderator.domain.accounting import TokenRevoked
from moderator.domain.events import Event
from moderator.gateway.access.authorization import Authorization
from moderator.gateway.access.tokens import Access
from moderator.gateway.broadcast import Broadcast, Subscriber
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.ingest import Receive, Scope, Send
from moderator.gateway.problems import Problem
from moderator.tasks import TaskScope

SEND_TIMEOUT_S: Final = 20.0
"""A reader who takes nothing for this long is cut."""
ABORT: Final = "moderator.abort"
"""The extension of the ASGI scope by which the server lets us drop a connection."""
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
        with self._subscribed(access, headers.get("last-event-id")) as subscriber:
            if not await self._send(access, subscriber, receive, send):
                _abort(scope)

    @contextlib.contextmanager
    def _subscribed(self, access: Access, last_event_id: str | None) -> Iterator[Subscriber]:
        subscriber = self._broadcast.subscribe(access, last_event_id)
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

    async def _send(self, access: Access, subscriber: Subscriber, receive: Receive, send: Send) -> bool:
        """False when the reader takes nothing any more."""
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        async with TaskScope() as tasks:
            tasks.start("feed reader gone", _close_when_gone(subscriber, receive))
            tasks.start("feed token expiry", self._close_when_expired(access, subscriber))
            while frames := await subscriber.take():
                try:
                    async with asyncio.timeout(SEND_TIMEOUT_S):
                        await send({"type": "http.response.body", "body": frames, "more_body": True})
                except TimeoutError:
                    return False
        await send({"type": "http.response.body", "body": b""})
        return True

    async def _close_when_expired(self, access: Access, subscriber: Subscriber) -> None:
        await asyncio.sleep(max(0.0, access.expires_at - self._clock.now_ms() / 1000))
        subscriber.close()


async def _close_when_gone(subscriber: Subscriber, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.close()


def _abort(scope: Scope) -> None:
    """Drop the connection with what waits in it: an orderly close would wait for the reader, and keep the memory."""
    abort = scope.get("extensions", {}).get(ABORT)
    if abort is not None:
        abort["call"]()
