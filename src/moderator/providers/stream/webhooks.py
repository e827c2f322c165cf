"""Deliveries of Stream's as events. Pure; never raises for content."""

from typing import Any, Final

import msgspec

from moderator.domain.events import Event, ProviderEventUnknown
from moderator.domain.ids import RoomId
from moderator.providers.errors import BadSignature
from moderator.providers.provider import Delivery
from moderator.providers.redaction import Redaction
from moderator.providers.reporting import UNREADABLE, NotUnderstoodError, Reporter, problem_of
from moderator.providers.stream.calls import is_address
from moderator.providers.stream.facts import Body, facts_of
from moderator.providers.stream.notices import kind_of, words_for
from moderator.providers.stream.signatures import unpacked

REDACTION: Final = Redaction(
    "token", "secret", "api_secret", "password", "stream_key", "ingress", "egress", "address", "url"
)
"""Whoever knows the address of an ingress or of a recording needs no other key to it."""


class Parser:
    """Turns the deliveries of one source into events."""

    def __init__(self, source: str) -> None:
        self._reporter = Reporter(source, "stream")

    def parse(self, delivery: Delivery) -> list[Event]:
        """The facts of a delivery, or a notice when there is none for it."""
        try:
            decoded = msgspec.json.decode(unpacked(delivery.body))
        except BadSignature as error:
            return [self._notice(ProviderEventUnknown(problem=str(error)), delivery)]
        except (msgspec.MsgspecError, ValueError, RecursionError):
            text = REDACTION.readable_bytes(unpacked(delivery.body))
            return [self._notice(ProviderEventUnknown(problem="not JSON", body=text), delivery)]
        room = _room(decoded)
        problem = words = words_for(decoded)
        try:
            if not words:
                return self._facts(decoded, room)
        except UNREADABLE as error:
            problem = problem_of(error)
        body = REDACTION.readable(decoded)
        notice = ProviderEventUnknown(type=kind_of(decoded), problem=problem, body=body, understood=bool(words))
        return [self._notice(notice, delivery, room)]

    def _facts(self, decoded: Any, room: RoomId | None) -> list[Event]:
        """Raises what makes a notice."""
        told = facts_of(msgspec.convert(decoded, Body))
        if told is None:
            raise NotUnderstoodError("an event that this version does not know")
        if room is None:
            raise NotUnderstoodError("no call is named")
        return [self._reporter.fact(room, one.at, one.data, one.instance) for one in told]

    def _notice(self, notice: ProviderEventUnknown, delivery: Delivery, room: RoomId | None = None) -> Event:
        """Of the delivery's own id, which its retries have too."""
        delivered = delivery.headers.get("x-webhook-id") or delivery.body
        return self._reporter.notice(notice, delivery.received_at, delivered, room)


def _room(decoded: Any) -> RoomId | None:
    """A call's address is `type:id`."""
    cid = decoded.get("call_cid") if isinstance(decoded, dict) else None
    return RoomId(cid) if isinstance(cid, str) and is_address(cid) else None
