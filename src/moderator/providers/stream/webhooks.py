"""Deliveries of Stream's as events. Pure; never raises for content."""

from typing import Any, Final

import msgspec

from moderator.domain.events import Actor, Event, ProviderEventUnknown
from moderator.domain.ids import InstanceId, RoomId, SourceName, derive_event_id
from moderator.providers.errors import BadSignature
from moderator.providers.provider import Delivery
from moderator.providers.redaction import Redaction
from moderator.providers.stream.facts import Body, Told, facts_of
from moderator.providers.stream.notices import kind_of, words_for
from moderator.providers.stream.signatures import unpacked
from moderator.providers.stream.times import NotUnderstoodError

REDACTION: Final = Redaction(
    "token", "secret", "api_secret", "password", "stream_key", "ingress", "egress", "address", "url"
)
"""Whoever knows the address of an ingress or of a recording needs no other key to it."""
_UNREADABLE: Final = (msgspec.MsgspecError, NotUnderstoodError, ValueError, OverflowError, RecursionError)


class Parser:
    """Turns the deliveries of one source into events."""

    def __init__(self, source: str) -> None:
        self._source = SourceName(source)
        self._actor = Actor("provider", "stream")

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
        try:
            if not (problem := words_for(decoded)):
                return self._facts(decoded, room)
        except _UNREADABLE as error:
            # msgspec's messages name types and places, ours are our own: neither quotes the content.
            problem = str(error)[:200]
        notice = ProviderEventUnknown(type=kind_of(decoded), problem=problem, body=REDACTION.readable(decoded))
        return [self._notice(notice, delivery, room)]

    def _facts(self, decoded: Any, room: RoomId | None) -> list[Event]:
        """Raises what makes a notice."""
        told = facts_of(msgspec.convert(decoded, Body))
        if told is None:
            raise NotUnderstoodError("an event that this version does not know")
        if room is None:
            raise NotUnderstoodError("no call is named")
        return [self._fact(room, one) for one in told]

    def _fact(self, room: RoomId, told: Told) -> Event:
        """The same fact is the same event, whichever delivery told it: so each retry is one, too."""
        content = msgspec.json.encode(told.data)
        return Event(
            id=derive_event_id(self._source, room, told.instance, type(told.data).__name__, told.at, content),
            source=self._source,
            room=room,
            instance=InstanceId(told.instance),
            at=told.at,
            actor=self._actor,
            data=told.data,
        )

    def _notice(self, notice: ProviderEventUnknown, delivery: Delivery, room: RoomId | None = None) -> Event:
        """Of the delivery's own id, which its retries have too; in the timeline of its room."""
        delivered = delivery.headers.get("x-webhook-id") or delivery.body
        return Event(
            id=derive_event_id(self._source, "notice", delivered),
            source=self._source,
            room=room,
            at=delivery.received_at,
            actor=self._actor,
            data=notice,
        )


def _room(decoded: Any) -> RoomId | None:
    """A call's address is `type:id`."""
    cid = decoded.get("call_cid") if isinstance(decoded, dict) else None
    return RoomId(cid) if isinstance(cid, str) and all(cid.partition(":")) else None
