"""Entries as they are stored: the body without anything personal, and the texts beside it. Pure.

A body names each of its texts by a commitment, in order. So the body, and every hash of it, stays what it is when a
text is taken out.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from moderator.domain.events import Entry, Event, Unknown
from moderator.domain.ids import EventId
from moderator.domain.personal import Members, Sort
from moderator.feed.codec import FORMAT_VERSION, UNDECODABLE, CodecError, WireEvent, from_wire
from moderator.journal.integrity import commitment, new_salt
from moderator.journal.personal import SORTS, has_texts, join, separate


class StoredEvent(WireEvent, frozen=True, gc=False, kw_only=True):
    """An event whose `data` lacks what is personal."""

    personal: list[str] | msgspec.UnsetType = msgspec.UNSET
    """The commitments to the texts that it lacks."""


class _Body(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    v: int = FORMAT_VERSION
    id: str
    recorded_at: int
    events: list[StoredEvent]


class _Time(msgspec.Struct, frozen=True, gc=False):
    recorded_at: int


class _Id(msgspec.Struct, frozen=True, gc=False):
    id: str


class StoredText(NamedTuple):
    """A personal text beside the log, with what it takes to find it when its person is to be erased."""

    source: str
    room: str
    participant: str
    subject: str
    salt: bytes | None
    """None: it was erased."""
    value: bytes
    erased: str | None = None
    """The pseudonym, where it was taken out."""


class Stored(NamedTuple):
    """An entry as the store keeps it."""

    body: bytes
    salt: bytes
    texts: tuple[StoredText, ...]


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(_Body)
_time_decoder: Final = msgspec.json.Decoder(_Time)
_id_decoder: Final = msgspec.json.Decoder(_Id)
_members_decoder: Final = msgspec.json.Decoder(Members)
_SPLICED: Final = frozenset(kind for kind, sorts in SORTS.items() if Sort.PEOPLE not in sorts.values())
"""Kinds with one text at most, so that their members need not be looked at to be put together."""


def to_stored(entry: Entry) -> Stored:
    """Take an entry apart. Raises msgspec's errors, TypeError, UnicodeError or OverflowError for what has no form."""
    texts: list[StoredText] = []
    events = [_take_apart(event, texts) for event in entry.events]
    body = _encoder.encode(_Body(id=entry.id, recorded_at=entry.recorded_at, events=events))
    return Stored(body, new_salt(), tuple(texts))


def from_stored(body: bytes, seq: int, texts: Sequence[bytes]) -> Entry:
    """Put an entry together again; `texts` are the values of its texts, in their order. Raises CodecError."""
    try:
        wire = _decoder.decode(body)
        values = iter(texts)
        events = tuple(from_wire(_put_together(event, values) if event.personal else event) for event in wire.events)
    except (*UNDECODABLE, KeyError, ValueError, TypeError, AttributeError) as error:
        raise CodecError(f"entry {seq} of the log cannot be read: {error}") from error
    except (StopIteration, RuntimeError) as error:
        raise CodecError(f"entry {seq} of the log cannot be read: a personal text of it is missing") from error
    return Entry(id=EventId(wire.id), recorded_at=wire.recorded_at, events=events, seq=seq)


def recorded_at_of(body: bytes) -> int:
    """When an entry was recorded, without the rest of it. Raises CodecError."""
    try:
        return _time_decoder.decode(body).recorded_at
    except UNDECODABLE as error:
        raise CodecError(f"an entry of the log cannot be read: {error}") from error


def id_of(body: bytes) -> EventId:
    """The id of an entry, without the rest of it. Raises CodecError."""
    try:
        return EventId(_id_decoder.decode(body).id)
    except UNDECODABLE as error:
        raise CodecError(f"an entry of the log cannot be read: {error}") from error


def _take_apart(event: Event, texts: list[StoredText]) -> StoredEvent:
    kind, data = event.kind, event.data
    if kind in SORTS and not has_texts(kind, data):
        return _stored_event(event, _encoder.encode(data), [])
    rest, found = separate(kind, data.members if isinstance(data, Unknown) else msgspec.to_builtins(data))
    commitments: list[str] = []
    for text in found:
        salt, value = new_salt(), _encoder.encode(text.members)
        commitments.append(commitment(salt, value))
        texts.append(StoredText(event.source or "", event.room or "", text.participant, text.subject, salt, value))
    return _stored_event(event, _encoder.encode(rest), commitments)


def _stored_event(event: Event, data: bytes, commitments: list[str]) -> StoredEvent:
    return StoredEvent(
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
        data=msgspec.Raw(data),
        personal=commitments or msgspec.UNSET,
    )


def _put_together(event: StoredEvent, values: Iterator[bytes]) -> WireEvent:
    own = [next(values) for _ in event.personal or ()]
    if event.kind in _SPLICED:
        (text,) = own
        data = bytes(event.data)
        return replace(event, data=msgspec.Raw(text if data == b"{}" else data[:-1] + b"," + text[1:]))
    members = join(_members_decoder.decode(event.data), map(_members_decoder.decode, own))
    return replace(event, data=msgspec.Raw(_encoder.encode(members)))
