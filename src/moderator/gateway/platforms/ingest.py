"""Webhooks in: verified over the raw bytes, parsed, stored, answered. A plain ASGI callable; this is the hot path."""

import logging
from collections.abc import Mapping

from moderator.clock import Clock
from moderator.domain.events import Actor, Event, ProviderEventUnknown
from moderator.domain.ids import SourceName, derive_event_id
from moderator.gateway.access.denials import Denials
from moderator.gateway.asgi import Receive, Scope, Send
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.answers import answer_problem, answer_stored, force_retry
from moderator.gateway.platforms.bodies import Headers, body_of
from moderator.gateway.platforms.intake import BESIDES_BYTES, Full
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.platforms.timekeeping import Timekeeping
from moderator.gateway.problems import Problem
from moderator.journal.event_log import LogError
from moderator.providers.errors import BadSignature
from moderator.providers.provider import Delivery

logger = logging.getLogger(__name__)


class Ingest:
    """`POST /webhooks/{source}`: 200 only after the commit."""

    def __init__(
        self,
        sources: Mapping[str, LiveSource],
        ledger: Ledger,
        timekeeping: Timekeeping,
        denials: Denials,
        clock: Clock,
    ) -> None:
        self._sources = sources
        self._ledger = ledger
        self._timekeeping = timekeeping
        self._denials = denials
        self._clock = clock
        self.to_nobody = 0
        """Requests for a source that is not configured."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = self._clock.monotonic()
        source = self._sources.get(scope["path_params"]["source"])
        status = await self._answer(source, scope, receive, send)
        if source is None:
            self.to_nobody += 1
        else:
            source.measures.answered(status, self._clock.monotonic() - begun)

    async def _answer(self, source: LiveSource | None, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer one webhook; returns the status."""
        try:
            stored = await self._take(source, scope, receive)
        except Problem as problem:
            await answer_problem(scope, send, problem)
            return problem.status
        except LogError as error:
            logger.error("a webhook could not be stored: %s", error)
            await force_retry(scope, send)
            return 503
        except Full:
            await force_retry(scope, send)
            return 503
        await answer_stored(scope, send, stored)
        return 200

    async def _take(self, source: LiveSource | None, scope: Scope, receive: Receive) -> int:
        """Returns how many of its events were new."""
        if scope["method"] != "POST":
            raise Problem(405, "method_not_allowed", "webhooks are sent with POST")
        if source is None:
            raise Problem(404, "unknown_source", "there is no such source: look at [sources] in the configuration")
        headers = Headers(scope["headers"])
        body = await body_of(scope, headers, receive, source.intake.receiving)
        peer = scope["client"][0] if scope.get("client") else ""
        source.measures.received_bytes += len(body)
        delivery = Delivery(headers, body, peer, self._clock.now_ms())
        try:
            source.provider.authenticate(delivery)
        except BadSignature as error:
            self._denials.note(f"webhook {source.name} from {peer}", str(error))
            raise Problem(401, "bad_signature", str(error)) from error
        return await self._store(source, delivery)

    async def _store(self, source: LiveSource, delivery: Delivery) -> int:
        # What is known stands in the log already: a busy platform tells the same again and again.
        events = [event for event in _parse(source, delivery) if self._ledger.verdict(event.id) is None]
        source.hearing.heard(delivery.received_at)
        self._timekeeping.check(source, events, delivery.received_at)
        recovery = source.recovery(delivery.received_at)
        if events or recovery:
            size = len(delivery.body) + BESIDES_BYTES
            source.intake.storing.take(size)
            try:
                await self._ledger.append([*events, *recovery])
            finally:
                source.intake.storing.give_back(size)
        if recovery:
            source.hearing.recover()
        return len(events)


def _parse(source: LiveSource, delivery: Delivery) -> list[Event]:
    """The events of a delivery; a fault in the provider's code becomes a notice, without the body's secrets."""
    try:
        return source.provider.parse(delivery)
    except Exception as error:
        logger.exception("a webhook of %s could not be read", source.name, extra={"source": source.name})
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
