"""Deliveries as events. Pure; never raises for content."""

from typing import Any, Final

import msgspec

from moderator.domain.events import Actor, Event, ProviderEventUnknown
from moderator.domain.ids import RoomId, SourceName, derive_event_id
from moderator.providers.identity import Identity
from moderator.providers.livekit.facts import NotUnderstoodError, Told, facts_of
from moderator.providers.livekit.notices import words_for
from moderator.providers.livekit.wire import WebhookEvent, read_event
from moderator.providers.provider import Delivery
from moderator.providers.redaction import Redaction

MAX_WORD: Final = 64
_SECRETS: Final = (
    # The TURN relay's password, and what lets somebody in.
    *("turn_password", "password", "token", "access_token", "session_token", "secret", "api_key", "api_secret", "sdp"),
    # Where streams come from and go to: the address is the key. Errors quote it.
    *("stream_key", "url", "urls", "ws_url", "custom_base_url", "error", "details"),
    # Where recordings are kept, and how to get in there.
    *("location", "manifest_location", "playlist_location", "live_playlist_location", "credentials", "headers"),
    *("access_key", "account_key", "assume_role_external_id"),
)
REDACTION: Final = Redaction(*_SECRETS, *(key.replace("_", "") for key in _SECRETS))
"""In both spellings of LiveKit's."""
_UNREADABLE: Final = (msgspec.MsgspecError, NotUnderstoodError, ValueError, OverflowError, RecursionError)


class Parser:
    """Turns the deliveries of one source into events."""

    def __init__(self, source: str, identity: Identity | None) -> None:
        self._source = SourceName(source)
        self._actor = Actor("provider", "livekit")
        self._identity = identity

    def parse(self, delivery: Delivery) -> list[Event]:
        """The facts of a delivery, and a notice of what there is no fact for."""
        try:
            decoded = msgspec.json.decode(delivery.body)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            text = REDACTION.readable_bytes(delivery.body)
            return [self._notice(ProviderEventUnknown(problem="not JSON", body=text), delivery)]
        room, facts = None, []
        try:
            event = read_event(decoded)
            room = RoomId(event.room_name) if event.room_name else None
            problem = words_for(event)
            facts = self._facts(event, known=bool(problem))
        except _UNREADABLE as error:
            # msgspec's messages name types and places, ours are our own: neither quotes the content.
            problem = str(error)[:200]
        if not problem:
            return facts
        notice = ProviderEventUnknown(type=_kind_of(decoded), problem=problem, body=REDACTION.readable(decoded))
        return [*facts, self._notice(notice, delivery, room)]

    def _facts(self, event: WebhookEvent, *, known: bool) -> list[Event]:
        """Raises what makes a notice."""
        told = facts_of(event, self._identity)
        if told is None and not known:
            raise NotUnderstoodError("an event that this version does not know")
        return [self._fact(event.room.name, one) for one in told or ()]

    def _fact(self, room: str, told: Told) -> Event:
        """The same fact is the same event, whichever delivery told it."""
        content = msgspec.json.encode(told.data)
        return Event(
            id=derive_event_id(self._source, room, type(told.data).__name__, told.at, content),
            source=self._source,
            room=RoomId(room),
            at=told.at,
            actor=self._actor,
            data=told.data,
        )

    def _notice(self, notice: ProviderEventUnknown, delivery: Delivery, room: RoomId | None = None) -> Event:
        """Of the content's id, so that the same delivery again is one notice; in the timeline of its room."""
        return Event(
            id=derive_event_id(self._source, "not understood", delivery.body),
            source=self._source,
            room=room,
            at=delivery.received_at,
            actor=self._actor,
            data=notice,
        )


def _kind_of(decoded: Any) -> str:
    """The name of the event, shortened; empty when there is none to be found."""
    event = decoded.get("event") if isinstance(decoded, dict) else None
    return event[:MAX_WORD] if isinstance(event, str) else ""
