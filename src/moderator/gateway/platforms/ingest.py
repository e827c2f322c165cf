"""Webhooks in: verified over the raw bytes, parsed, stored, answered. A plain ASGI callable; this is the hot path."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

import msgspec

from moderator.clock import Clock
from moderator.domain.events import Actor, Event, ProviderEventUnknown
from moderator.domain.ids import SourceName, derive_event_id
from moderator.feed.paths import BadId, unquote_id
from moderator.gateway.access.denials import Denials
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.problems import MEDIA_TYPE, Problem
from moderator.journal.event_log import LogError
from moderator.providers.errors import BadSignature
from moderator.providers.provider import Delivery

logger = logging.getLogger(__name__)

BODY_TIMEOUT_S: Final = 10.0
MAX_BODY_BYTES: Final = 512 * 1024
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Ingest:
    """`POST /webhooks/{source}`: 200 only after the commit."""

    def __init__(self, sources: Mapping[str, LiveSource], ledger: Ledger, denials: Denials, clock: Clock) -> None:
        self._sources = sources
        self._ledger = ledger
        self._denials = denials
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            delivery_body = await self._take(scope, receive)
        except Problem as problem:
            await _answer(send, problem.status, problem.body(), {"content-type": MEDIA_TYPE, **problem.headers})
        except LogError as error:
            logger.error("a webhook could not be stored: %s", error)
            await _force_retry(send)
        else:
            await _answer(send, 200, delivery_body, {"content-type": "application/json"})

    async def _take(self, scope: Scope, receive: Receive) -> bytes:
        if scope["method"] != "POST":
            raise Problem(405, "method_not_allowed", "webhooks are sent with POST")
        source = self._source(scope)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                body = await _read_body(headers, receive)
        except TimeoutError as error:
            raise Problem(408, "too_slow", f"the body did not come within {BODY_TIMEOUT_S:.0f} s") from error
        peer = scope["client"][0] if scope.get("client") else ""
        delivery = Delivery(headers, body, peer, self._clock.now_ms())
        try:
            source.provider.authenticate(delivery)
        except BadSignature as error:
            self._denials.note(f"webhook {source.name} from {peer}", str(error))
            raise Problem(401, "bad_signature", str(error)) from error
        return await self._store(source, delivery)

    async def _store(self, source: LiveSource, delivery: Delivery) -> bytes:
        # What is known stands in the log already: a busy platform tells the same again and again.
        events = [event for event in _parse(source, delivery) if self._ledger.verdict(event.id) is None]
        source.hearing.heard(delivery.received_at)
        recovery = source.recovery(delivery.received_at)
        if events or recovery:
            await self._ledger.append([*events, *recovery])
        if recovery:
            source.hearing.recover()
        return msgspec.json.encode({"stored": len(events)})

    def _source(self, scope: Scope) -> LiveSource:
        try:
            name = unquote_id(scope["path_params"]["source"])
        except BadId as error:
            raise Problem(404, "unknown_source", "there is no such source") from error
        if name not in self._sources:
            raise Problem(404, "unknown_source", "there is no such source: look at [sources] in the configuration")
        return self._sources[name]


def _parse(source: LiveSource, delivery: Delivery) -> list[Event]:
    """The events of a delivery; a fault in the provider's code becomes a notice, without the body's secrets."""
    try:
        return source.provider.parse(delivery)
    except Exception as error:
        logger.exception("a webhook of %s could not be read", source.name)
        problem = f"the provider's code failed on {len(delivery.body)} bytes: {type(error).__name__}"
        return [
            Event(
                id=derive_event_id(source.name, delivery.body),
                source=SourceName(source.name),
                at=delivery.received_at,
                actor=Actor("provider", source.provider_name),
                data=ProviderEventUnknown(problem=problem),
            )
        ]


async def _read_body(headers: Mapping[str, str], receive: Receive) -> bytes:
    too_large = Problem(413, "too_large", f"a webhook may have {MAX_BODY_BYTES} bytes at most")
    length = headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length) > MAX_BODY_BYTES:
        raise too_large
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Problem(400, "incomplete", "the request ended before its body was complete")
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise too_large
        if not message.get("more_body", False):
            return bytes(body)


async def _answer(send: Send, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    raw.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def _force_retry(send: Send) -> None:
    """503 whose promised body never comes, so that the server breaks the connection off: the only failure that Janus
    retries too.
    """
    await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"1")]})
    await send({"type": "http.response.body", "body": b"", "more_body": True})
