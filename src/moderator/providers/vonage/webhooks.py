"""Deliveries of session monitoring and of the other callbacks, as events. Pure; never raises for content."""

from typing import Any, Final

import msgspec

from moderator.domain.events import Event, ProviderEventUnknown
from moderator.domain.ids import RoomId
from moderator.providers.identity import Identity
from moderator.providers.provider import Delivery
from moderator.providers.redaction import Redaction
from moderator.providers.reporting import UNREADABLE, NotUnderstoodError, Reporter, problem_of
from moderator.providers.vonage.monitoring import Body, facts_of
from moderator.providers.vonage.notices import kind_of, words_for

REDACTION: Final = Redaction("url", "token", "secret", "password")
"""The address of a recording is a key to it."""
PROJECT_KEYS: Final = ("projectId", "applicationId", "partnerId")


class Parser:
    """Turns the deliveries of one source into events. `project` is the only one whose events are believed."""

    def __init__(self, source: str, provider: str, project: str, identity: Identity | None) -> None:
        self._reporter = Reporter(source, provider)
        self._project = project
        self._identity = identity

    def parse(self, delivery: Delivery) -> list[Event]:
        """The facts of a delivery, or a notice when there is none for it."""
        try:
            decoded = msgspec.json.decode(delivery.body)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            text = REDACTION.readable_bytes(delivery.body)
            notice = ProviderEventUnknown(problem="not JSON", body=text)
            return [self._reporter.notice(notice, delivery.received_at, delivery.body)]
        room, understood = None, True
        try:
            self._must_be_ours(decoded)
            if not (problem := words_for(decoded)):
                return self._facts(decoded)
            room = _room(decoded)
        except UNREADABLE as error:
            problem, understood = problem_of(error), False
        body = REDACTION.readable(decoded)
        notice = ProviderEventUnknown(type=kind_of(decoded), problem=problem, body=body, understood=understood)
        return [self._reporter.notice(notice, delivery.received_at, delivery.body, room)]

    def _facts(self, decoded: Any) -> list[Event]:
        """Raises what makes a notice."""
        body = msgspec.convert(decoded, Body)
        told = facts_of(body, self._identity)
        if told is None:
            raise NotUnderstoodError("an event that this version does not know")
        return [self._reporter.fact(body.session_id, one.at, one.data) for one in told]

    def _must_be_ours(self, decoded: Any) -> None:
        """One address may be registered for several projects; ids are numbers in some events, text in others."""
        for key in PROJECT_KEYS:
            project = decoded.get(key) if isinstance(decoded, dict) else None
            if project is not None and str(project).lower() != self._project.lower():
                raise NotUnderstoodError("an event of another project")


def _room(decoded: dict[str, Any]) -> RoomId | None:
    session = decoded.get("sessionId")
    return RoomId(session) if isinstance(session, str) and session else None
