"""The frames of the feed, and their form on the wire. Both ends use this module; neither does any I/O here."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.announced import Opened
from moderator.domain.announcements import Appointment
from moderator.domain.events import Event
from moderator.domain.presence import Mark, Presence, Seat
from moderator.domain.room_states import RoomState
from moderator.domain.rooms import Person, Room, Source
from moderator.domain.settings import Settings
from moderator.domain.state import Hold
from moderator.feed.codec import UNDECODABLE, CodecError, decode_event, from_known, known_event
from moderator.feed.sse import SseFrame, encode_frame

ROOMS_PER_PAGE: Final = 200
PAGE_BYTES: Final = 1024 * 1024
"""A page is closed when it has grown beyond this: rooms may have hundreds of people, and a frame has a limit."""


R = TypeVar("R")
S = TypeVar("S")
E = TypeVar("E")


class FoldBase(Struct, Generic[S], frozen=True, kw_only=True, omit_defaults=True):
    """What a reader needs to fold on exactly as the gateway does; other programs read `rooms` of the page."""

    rooms: tuple[S, ...] = ()
    restarts: dict[str, tuple[int, ...]] = {}
    settings: Settings | None = None
    hold: Hold | None = None
    appointments: tuple[Appointment, ...] = ()
    opened: tuple[Opened, ...] = ()
    on_duty: dict[str, Person] = {}


class SnapshotPage(Struct, Generic[R, S], frozen=True, kw_only=True, omit_defaults=True):
    """A part of what is going on at `seq`. Rooms are live or ended less than five minutes ago."""

    seq: int
    now: int
    page: int
    last: bool
    rooms: tuple[R, ...]
    sources: tuple[Source, ...]
    fold: FoldBase[S] = FoldBase()
    cursor: str = ""
    """The frame's id, which stands outside of the data; only the last page has one."""


class EventsFrame(Struct, Generic[E], frozen=True, kw_only=True, omit_defaults=True):
    """What happened after the frame whose `seq` is `after`."""

    after: int
    seq: int
    now: int
    events: tuple[E, ...]
    cursor: str = ""


class Heartbeat(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Nothing happened that this reader may see, and the connection lives. `sources` tells how old their news is."""

    after: int
    seq: int
    now: int
    sources: tuple[Source, ...] = ()
    cursor: str = ""


Snapshot = SnapshotPage[Room, RoomState]
Events = EventsFrame[Event]
Frame = Snapshot | Events | Heartbeat

_encoder: Final = msgspec.json.Encoder()
_snapshot_decoder: Final = msgspec.json.Decoder(SnapshotPage[Room, RoomState])
_events_decoder: Final = msgspec.json.Decoder(EventsFrame[msgspec.Raw])
_heartbeat_decoder: Final = msgspec.json.Decoder(Heartbeat)


def cursor(log_id: str, seq: int) -> str:
    """A position in a log, as it stands in `id:` and `Last-Event-ID`."""
    return f"{log_id}-{seq}"


def parse_cursor(text: str) -> tuple[str, int] | None:
    """Log id and position, or None when the text is no cursor."""
    log_id, dash, seq = text.rpartition("-")
    return (log_id, int(seq)) if dash and log_id and seq.isascii() and seq.isdigit() and len(seq) < 19 else None


def snapshot_frames(
    log_id: str,
    seq: int,
    now: int,
    rooms: Sequence[tuple[Room, RoomState]],
    sources: Sequence[Source],
    base: FoldBase[RoomState],
) -> Iterator[bytes]:
    """A snapshot in pages, so that a large one neither blocks the sender nor the reader.

    `base.rooms` are states of rooms that are not shown but still matter, such as ended ones with blocks.
    """
    pages = list(_pages([*((None, state) for state in base.rooms), *rooms]))
    for number, (shown, states) in enumerate(pages, start=1):
        last = number == len(pages)
        fold = FoldBase(rooms=states)
        if number == 1:
            fold = replace(
                fold,
                restarts=base.restarts,
                settings=base.settings,
                hold=base.hold,
                appointments=base.appointments,
                opened=base.opened,
                on_duty=base.on_duty,
            )
        page = SnapshotPage(
            seq=seq,
            now=now,
            page=number,
            last=last,
            rooms=shown,
            sources=tuple(sources),
            fold=fold,
        )
        yield encode_frame("snapshot", _encoder.encode(page), cursor(log_id, seq) if last else "")


def _pages(
    rooms: Sequence[tuple[Room | None, RoomState]],
) -> Iterator[tuple[tuple[msgspec.Raw, ...], tuple[msgspec.Raw, ...]]]:
    """Encoded rooms, and the states of these and of others, in portions; at least one, if need be empty."""
    shown: list[msgspec.Raw] = []
    states: list[msgspec.Raw] = []
    size = 0
    for room, state in rooms:
        if len(states) == ROOMS_PER_PAGE or size > PAGE_BYTES:
            yield tuple(shown), tuple(states)
            shown, states, size = [], [], 0
        states.append(msgspec.Raw(_encoder.encode(without_platform(state))))
        size += len(bytes(states[-1]))
        if room is not None:
            shown.append(msgspec.Raw(_encoder.encode(room)))
            size += len(bytes(shown[-1]))
    yield tuple(shown), tuple(states)


def events_frame(log_id: str, after: int, seq: int, now: int, encoded_events: Sequence[bytes]) -> bytes:
    """A frame of events that were encoded before, once for every reader."""
    frame = EventsFrame(after=after, seq=seq, now=now, events=tuple(msgspec.Raw(event) for event in encoded_events))
    return encode_frame("events", _encoder.encode(frame), cursor(log_id, seq))


def heartbeat_frame(log_id: str, after: int, seq: int, now: int, sources: Sequence[Source]) -> bytes:
    """A sign of life."""
    beat = Heartbeat(after=after, seq=seq, now=now, sources=tuple(sources))
    return encode_frame("heartbeat", _encoder.encode(beat), cursor(log_id, seq))


def decode_frame(frame: SseFrame) -> Frame | None:
    """The message in a frame; None for a kind that this version does not know. Raises CodecError."""
    try:
        match frame.event:
            case "snapshot":
                return replace(_snapshot_decoder.decode(frame.data), cursor=frame.id)
            case "events":
                return _events(frame)
            case "heartbeat":
                return replace(_heartbeat_decoder.decode(frame.data), cursor=frame.id)
            case _:
                return None
    except UNDECODABLE as error:
        raise CodecError(f"a {frame.event} frame cannot be read: {error}") from error


def _events(frame: SseFrame) -> Events:
    """In one pass where this version knows all kinds, else event by event."""
    read: EventsFrame[Any]
    try:
        read = _known_events_decoder().decode(frame.data)
        events = tuple(map(from_known, read.events))
    except UNDECODABLE:
        read = _events_decoder.decode(frame.data)
        events = tuple(decode_event(bytes(event)) for event in read.events)
    return EventsFrame(after=read.after, seq=read.seq, now=read.now, events=events, cursor=frame.id)


@cache
def _known_events_decoder() -> msgspec.json.Decoder[EventsFrame[Any]]:
    """Takes some milliseconds to make, which a window that opens has not got."""
    frame: Any = EventsFrame
    return msgspec.json.Decoder(frame[known_event()])


def without_platform(room: RoomState) -> RoomState:
    """The state without what would let a reader act on the platform."""
    return replace(room, presences={id_: _public(presence) for id_, presence in room.presences.items()})


def _public(presence: Presence) -> Presence:
    return replace(presence, seats={key: _public_seat(seat) for key, seat in presence.seats.items()})


def _public_seat(seat: Seat) -> Seat:
    return replace(seat, marks=tuple(_public_mark(mark) for mark in seat.marks))


def _public_mark(mark: Mark) -> Mark:
    return replace(mark, platform={}) if mark.platform else mark
