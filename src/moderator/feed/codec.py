"""Events to JSON and back. The log and the feed share this form.

Each kind of event is a class in `moderator.domain.events`; its members are those of `data`. A kind that this version
does not know is kept as it came (`Unknown`), so that an old desktop can read a new gateway, and an old gateway a
newer log.
"""

from functools import reduce
from operator import or_
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from moderator.domain.events import KINDS, Actor, Entry, Event, ParticipantJoined, Unknown
from moderator.domain.ids import EventId, InstanceId, RoomId, SourceName
from moderator.domain.kinds import Data

FORMAT_VERSION: Final = 1


class CodecError(Exception):
    """These bytes are not what they should be."""


class NewerFormat(CodecError):
    """What was written means something else by now: only a newer version of this program can read it."""

    def __init__(self, version: int) -> None:
        super().__init__(f"it is in version {version} of the format; this program knows {FORMAT_VERSION}")
        self.version = version


class WireEvent(Struct, frozen=True, gc=False, kw_only=True):
    """`Event` of the contract."""

    v: int = FORMAT_VERSION
    seq: int = 0
    id: EventId
    source: SourceName | None
    room: RoomId | None
    instance: InstanceId | None
    kind: str
    at: int
    recorded_at: int = 0
    late: bool = False
    actor: Actor
    data: msgspec.Raw


class WireEntry(Struct, frozen=True, gc=False, kw_only=True):
    """An entry as it is stored. `seq` is the store's business."""

    v: int = FORMAT_VERSION
    id: str
    recorded_at: int
    events: list[WireEvent]


UNDECODABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""All that decoding JSON may raise; UTF-8 is looked at text by text, and not by msgspec's own errors."""
_encoder: Final = msgspec.json.Encoder()
_entry_decoder: Final = msgspec.json.Decoder(WireEntry)
_event_decoder: Final = msgspec.json.Decoder(WireEvent)
_members_decoder: Final = msgspec.json.Decoder(dict[str, Any])
_DATA_DECODERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    kind: msgspec.json.Decoder(data_type) for kind, data_type in KINDS.items()
}


def encode_entry(entry: Entry) -> bytes:
    """An entry for the log."""
    events = [to_wire(event) for event in entry.events]
    return _encoder.encode(WireEntry(id=entry.id, recorded_at=entry.recorded_at, events=events))


def decode_entry(raw: bytes, seq: int) -> Entry:
    """An entry out of the log. Raises CodecError."""
    try:
        wire = _entry_decoder.decode(raw)
        events = tuple(from_wire(event) for event in wire.events)
    except UNDECODABLE as error:
        raise CodecError(f"entry {seq} of the log cannot be read: {error}") from error
    return Entry(id=EventId(wire.id), recorded_at=wire.recorded_at, events=events, seq=seq)


def encode_event(event: Event) -> bytes:
    """An event for the feed: what only the provider's client needs is left out."""
    return _encoder.encode(to_wire(without_platform_details(event)))


def decode_event(raw: bytes) -> Event:
    """An event out of the feed. Raises CodecError."""
    try:
        wire = _event_decoder.decode(raw)
        if wire.v > FORMAT_VERSION:
            raise NewerFormat(wire.v)
        return from_wire(wire)
    except UNDECODABLE as error:
        raise CodecError(f"an event cannot be read: {error}") from error


def without_platform_details(event: Event) -> Event:
    """The event without what would let a reader act on the platform."""
    if isinstance(event.data, ParticipantJoined) and event.data.platform:
        return msgspec.structs.replace(event, data=msgspec.structs.replace(event.data, platform={}))
    return event


def to_wire(event: Event) -> WireEvent:
    """An event in the form that is written."""
    data = event.data.members if isinstance(event.data, Unknown) else event.data
    return WireEvent(
        seq=event.seq,
        id=event.id,
        source=event.source,
        room=event.room,
        instance=event.instance,
        kind=event.kind,
        at=event.at,
        recorded_at=event.recorded_at,
        late=event.late,
        actor=event.actor,
        data=msgspec.Raw(_encoder.encode(data)),
    )


def from_wire(wire: WireEvent) -> Event:
    """The event that was written. Raises what `UNDECODABLE` names."""
    return _event(wire, _decode_data(wire.kind, wire.data))


def known_event() -> Any:
    """The type of a `WireEvent` of any kind that this version knows, for a decoder that reads data with the rest."""
    return reduce(or_, (_known(kind, data_type) for kind, data_type in KINDS.items()))


def _known(kind: str, data_type: type[Data]) -> type[Struct]:
    shared = [
        (one.name, one.type) if one.required else (one.name, one.type, one.default)
        for one in fields(WireEvent)
        if one.name not in ("kind", "data")
    ]
    members = [*shared, ("data", data_type)]
    return msgspec.defstruct(kind, members, frozen=True, gc=False, kw_only=True, tag_field="kind", tag=kind)


def from_known(wire: Any) -> Event:
    """The event that was read as a `known_event`. Raises NewerFormat."""
    if wire.v > FORMAT_VERSION:
        raise NewerFormat(wire.v)
    return _event(wire, wire.data)


def _event(wire: Any, data: Data) -> Event:
    return Event(
        seq=wire.seq,
        id=wire.id,
        source=wire.source,
        room=wire.room,
        instance=wire.instance,
        at=wire.at,
        recorded_at=wire.recorded_at,
        late=wire.late,
        actor=wire.actor,
        data=data,
    )


def _decode_data(kind: str, raw: msgspec.Raw) -> Data:
    decoder = _DATA_DECODERS.get(kind)
    if decoder is None:
        return Unknown(unknown_kind=kind, members=_members_decoder.decode(raw))
    data: Data = decoder.decode(raw)
    return data
