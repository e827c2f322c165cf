"""Deliveries of Janus' HTTP event handler: who sent them, and what is in them. Pure; never raises for content.

A delivery has no signature: HTTP Basic is all there is. Its body is one event, or up to 100 in an array.
"""

import base64
import binascii
import hmac
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from moderator.domain.events import Actor, Event, ProviderEventUnknown, SourceRestarted
from moderator.domain.ids import RoomId, SourceName, derive_event_id
from moderator.domain.kinds import Data
from moderator.providers.errors import BadSignature
from moderator.providers.janus.options import credential_of
from moderator.providers.janus.videoroom import RoomData, facts_of, is_noise
from moderator.providers.provider import Delivery
from moderator.providers.redaction import Redaction
from moderator.providers.reporting import UNREADABLE, NotUnderstoodError, Reporter, problem_of

ACTOR: Final = Actor("provider", "janus")
VIDEOROOM: Final = "janus.plugin.videoroom"
REDACTION: Final = Redaction(
    *("token", "secret", "apisecret", "admin_secret", "admin_key", "pin", "private_id"),
    *("sdp", "jsep"),  # session descriptions hold addresses
)

CORE, PLUGIN = 256, 64
NOISE_TYPES: Final = frozenset({1, 2, 4, 8, 16, 32, 128})
"""Sessions, handles, external, JSEP, WebRTC, media, transports: about connections, not about who is in a room."""
STARTED, SHUTDOWN = 1, 2


class Envelope(Struct, frozen=True):
    """What all events of Janus share."""

    type: int
    timestamp: Annotated[int, Meta(ge=0, le=2**53)]
    """Microseconds since the epoch."""
    event: Any = None
    emitter: str = ""
    subtype: int | None = None
    session_id: int | None = None
    handle_id: int | None = None


class PluginEvent(Struct, frozen=True):
    """`event` of type 64."""

    plugin: str
    data: dict[str, Any] = {}


MAX_EVENTS: Final = 1_000
"""Janus puts 100 into a delivery at most."""


def authenticate(delivery: Delivery, user: str, password: str) -> None:
    """Raise BadSignature unless the delivery carries this user and password."""
    scheme, _, encoded = delivery.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise BadSignature("The delivery carries no user name and password (backend_user, backend_pwd in Janus).")
    try:
        name, _, word = base64.b64decode(encoded.strip(), validate=True).partition(b":")
    except (binascii.Error, ValueError) as error:
        raise BadSignature("The delivery's user name and password cannot be read.") from error
    same_name = hmac.compare_digest(name, user.encode())
    same_word = hmac.compare_digest(word, password.encode())
    if not (same_name & same_word):
        raise BadSignature("The delivery's user name or password is not the one configured for this source.")


def credentials(user: str, password: str) -> dict[str, str]:
    """The header that `authenticate` looks for."""
    encoded = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"authorization": f"Basic {encoded}"}


class Parser:
    """Turns the deliveries of one source into events. `credential_key` hides tokens, see `options.credential_of`."""

    def __init__(self, source: str, credential_key: bytes) -> None:
        self._source = SourceName(source)
        self._reporter = Reporter(source, "janus")
        self._credential_key = credential_key

    def parse(self, delivery: Delivery) -> list[Event]:
        """The facts of a delivery, and a notice for each part that is not understood."""
        try:
            decoded = msgspec.json.decode(delivery.body)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return [self._broken(delivery)]
        elements = decoded if isinstance(decoded, list) else [decoded]
        if len(elements) > MAX_EVENTS:
            return [self._broken(delivery)]
        return [event for element in elements for event in self._read(element, delivery.received_at)]

    def _read(self, element: Any, received_at: int) -> list[Event]:
        try:
            envelope = msgspec.convert(element, Envelope)
            return self._events(envelope, *self._understand(envelope))
        except UNREADABLE as error:
            return [self._not_understood(element, received_at, problem_of(error))]

    def _understand(self, envelope: Envelope) -> tuple[str | None, list[Data]]:
        """The room and the facts. Raises what makes a notice."""
        if envelope.type == PLUGIN:
            return self._plugin(envelope)
        if envelope.type == CORE and envelope.subtype in (STARTED, SHUTDOWN):
            # Before a shutdown everybody's leaving is reported; after a crash only the start is.
            return None, [SourceRestarted()] if envelope.subtype == STARTED else []
        if envelope.type in NOISE_TYPES:
            return None, []
        raise NotUnderstoodError("unknown type of event")

    def _plugin(self, envelope: Envelope) -> tuple[str | None, list[Data]]:
        event = msgspec.convert(envelope.event, PluginEvent)
        if event.plugin != VIDEOROOM or is_noise(event.data):
            return None, []
        data = msgspec.convert(event.data, RoomData)
        facts = facts_of(data, self._platform(envelope, data))
        if facts is None:
            raise NotUnderstoodError("unknown event of VideoRoom")
        return str(data.room), facts

    def _platform(self, envelope: Envelope, data: RoomData) -> dict[str, str]:
        known = {
            "session": str(envelope.session_id or ""),
            "handle": str(envelope.handle_id or ""),
            "credential": credential_of(data.token, self._credential_key) if data.token else "",
        }
        return {key: value for key, value in known.items() if value}

    def _events(self, envelope: Envelope, room: str | None, facts: list[Data]) -> list[Event]:
        if not facts:
            return []
        content = msgspec.json.encode(envelope.event, order="sorted")
        return [
            Event(
                id=derive_event_id(
                    self._source,
                    envelope.emitter,
                    envelope.type,
                    envelope.timestamp,
                    envelope.session_id,
                    envelope.handle_id,
                    content,
                    index,
                ),
                source=self._source,
                room=None if room is None else RoomId(room),
                at=envelope.timestamp // 1000,
                actor=ACTOR,
                data=fact,
            )
            for index, fact in enumerate(facts)
        ]

    def _not_understood(self, element: Any, received_at: int, problem: str) -> Event:
        type_ = element.get("type") if isinstance(element, dict) else None
        body = REDACTION.readable(element)
        notice = ProviderEventUnknown(type=str(type_) if isinstance(type_, int) else "", problem=problem, body=body)
        return self._reporter.notice(notice, received_at, body)

    def _broken(self, delivery: Delivery) -> Event:
        notice = ProviderEventUnknown(problem="not JSON", body=REDACTION.readable_bytes(delivery.body))
        return self._reporter.notice(notice, delivery.received_at, delivery.body)
