"""Deliveries as events. Pure; never raises for content."""

from typing import Any, Final

import msgspec

from moderator.domain.events import Event, ProviderEventUnknown
from moderator.domain.ids import RoomId
from moderator.providers.identity import Identity
from moderator.providers.livekit.facts import facts_of
from moderator.providers.livekit.notices import words_for
from moderator.providers.livekit.wire import WebhookEvent, read_event
from moderator.providers.provider import Delivery
from moderator.providers.redaction import Redaction
from moderator.providers.reporting import UNREADABLE, NotUnderstoodError, Reporter, problem_of

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


class Parser:
    """Turns the deliveries of one source into events."""

    def __init__(self, source: str, identity: Identity | None) -> None:
        self._reporter = Reporter(source, "livekit")
        self._identity = identity

    def parse(self, delivery: Delivery) -> list[Event]:
        """The facts of a delivery, and a notice of what there is no fact for."""
        try:
            decoded = msgspec.json.decode(delivery.body)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            text = REDACTION.readable_bytes(delivery.body)
            notice = ProviderEventUnknown(problem="not JSON", body=text)
            return [self._reporter.notice(notice, delivery.received_at, delivery.body)]
        room, facts, understood = None, [], True
        try:
            event = read_event(decoded)
            room = RoomId(event.room_name) if event.room_name else None
            problem = words_for(event)
            facts = self._facts(event, known=bool(problem))
        except UNREADABLE as error:
            problem, understood = problem_of(error), False
        if not problem:
            return facts
        body = REDACTION.readable(decoded)
        notice = ProviderEventUnknown(type=_kind_of(decoded), problem=problem, body=body, understood=understood)
        return [*facts, self._reporter.notice(notice, delivery.received_at, delivery.body, room)]

    def _facts(self, event: WebhookEvent, *, known: bool) -> list[Event]:
        """Raises what makes a notice."""
        told = facts_of(event, self._identity)
        if told is None and not known:
            raise NotUnderstoodError("an event that this version does not know")
        return [self._reporter.fact(event.room.name, one.at, one.data) for one in told or ()]


def _kind_of(decoded: Any) -> str:
    """The name of the event, shortened; empty when there is none to be found."""
    event = decoded.get("event") if isinstance(decoded, dict) else None
    return event[:MAX_WORD] if isinstance(event, str) else ""
