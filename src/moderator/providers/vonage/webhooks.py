"""Deliveries of session monitoring and of the other callbacks, as events. Pure; never raises for content."""

from typing import Any, Final

import msgspec

from moderator.domain.events import Actor, Event, ProviderEventUnknown
from moderator.domain.ids import RoomId, SourceName, derive_event_id
from moderator.providers.identity import Identity
from moderator.providers.provider import Delivery
from moderator.providers.redaction import Redaction
from moderator.providers.vonage.monitoring import Body, NotUnderstoodError, Told, facts_of
from moderator.providers.vonage.notices import kind_of, words_for

REDACTION: Final = Redaction("url", "token", "secret", "password")
"""The address of a recording is a key to it."""
PROJECT_KEYS: Final = ("projectId", "applicationId", "partnerId")
_UNREADABLE: Final = (msgspec.MsgspecError, NotUnderstoodError, ValueError, OverflowError, RecursionError)


class Parser:
    """Turns the deliveries of one source into events. `project` is the only one whose events are believed."""

    def __init__(self, source: str, provider: str, project: str, identity: Identity | None) -> None:
        self._source = SourceName(source)
        self._actor = Actor("provider", provider)
        self._project = project
        self._identity = identity

    def parse(self, delivery: Delivery) -> list[Event]:
        """The facts of a delivery, or a notice when there is none for it."""
        try:
            decoded = msgspec.json.decode(delivery.body)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            text = REDACTION.readable_bytes(delivery.body)
            return [self._notice(ProviderEventUnknown(problem="not JSON", body=text), delivery)]
        room = None
        try:
            self._must_be_ours(decoded)
            if not (problem := words_for(decoded)):
                return self._facts(decoded)
            room = _room(decoded)
        except _UNREADABLE as error:
            # msgspec's messages name types and places, ours are our own: neither quotes the content.
            problem = str(error)[:200]
        notice = ProviderEventUnknown(type=kind_of(decoded), problem=problem, body=REDACTION.readable(decoded))
        return [self._notice(notice, delivery, room)]

    def _facts(self, decoded: Any) -> list[Event]:
        """Raises what makes a notice."""
        body = msgspec.convert(decoded, Body)
        told = facts_of(body, self._identity)
        if told is None:
            raise NotUnderstoodError("an event that this version does not know")
        return [self._fact(body.session_id, one) for one in told]

    def _must_be_ours(self, decoded: Any) -> None:
        """One address may be registered for several projects; ids are numbers in some events, text in others."""
        for key in PROJECT_KEYS:
            project = decoded.get(key) if isinstance(decoded, dict) else None
            if project is not None and str(project).lower() != self._project.lower():
                raise NotUnderstoodError("an event of another project")

    def _fact(self, session: str, told: Told) -> Event:
        """The same fact is the same event, whichever delivery told it."""
        content = msgspec.json.encode(told.data)
        return Event(
            id=derive_event_id(self._source, session, type(told.data).__name__, told.at, content),
            source=self._source,
            room=RoomId(session),
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


def _room(decoded: dict[str, Any]) -> RoomId | None:
    session = decoded.get("sessionId")
    return RoomId(session) if isinstance(session, str) and session else None
