"""What was reported about who is in a room: marks, merged out of reports that come late, twice and in any order.

Every report is kept as a mark with the platform's own time. Marks only ever get added, so the order of arrival cannot
matter; stays are read off the sorted marks (`stays.py`).
"""

from bisect import insort
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.events import (
    DeadlineReported,
    Event,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    RoomEnded,
    RoomStarted,
    StreamPublished,
    StreamUnpublished,
    StreamUpdated,
)
from moderator.domain.kinds import StreamKind
from moderator.domain.rooms import ReportedEnd

JOINED, SEEN, CUT, LEFT = 0, 1, 2, 3
"""Also the order of marks at the same millisecond: an end closes what began at that very time."""

ALL_STREAMS: Final = "*"
"""As the stream of a StreamUnpublished: all that the participant published until then. (Janus does not say which.)"""

EVERYBODY: Final = "*"
"""As the participant of a ParticipantLeft: all who had come until then. (Vonage's sessions end and are used again.)"""


class Mark(Struct, frozen=True, gc=False, omit_defaults=True):
    """One report about one participant key. `id` is the event's: it makes the order total."""

    at: int
    order: int
    id: str
    final: bool = True
    """A leave that the platform reported itself; it takes precedence over what lists seem to show later."""
    forced: bool = False
    user: str = ""
    name: str = ""
    role: str = ""
    data: str = ""
    platform: dict[str, str] = {}


class StreamMark(Struct, frozen=True, gc=False, omit_defaults=True):
    """One report about one stream."""

    at: int
    order: int
    id: str
    kind: StreamKind = "custom"
    name: str = ""
    muted: bool | None = None


class Seat(Struct, frozen=True, gc=False):
    """All that was reported about one participant key."""

    marks: tuple[Mark, ...] = ()
    streams: dict[str, tuple[StreamMark, ...]] = {}


class Presence(Struct, frozen=True, gc=False):
    """The marks of a room, or of one instance where the platform names instances itself."""

    seats: dict[str, Seat] = {}
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    """As the platform told."""
    empties: tuple[tuple[int, int], ...] = ()
    """Stretches without anybody, from the last leave to the end that follows from it."""
    reported_end: ReportedEnd | None = None
    """The newest that the platform told of the deadline it keeps."""
    inferred_ends: tuple[int, ...] = ()
    """By lists that did not show an instance of the platform's any more."""


def everybody_left(presence: Presence) -> tuple[int, ...]:
    """When the platform said that nobody was there any more, without saying that the room had ended."""
    everybody = presence.seats.get(EVERYBODY)
    return tuple([mark.at for mark in everybody.marks]) if everybody else ()


def last_sign(presence: Presence) -> int:
    """When something last showed that the instance was on."""
    marks = (mark for seat in presence.seats.values() for mark in seat.marks if mark.order != LEFT or mark.final)
    told = presence.reported_end.at if presence.reported_end else 0
    return max((told, *presence.starts, *(mark.at for mark in marks)))


def add_report(presence: Presence, event: Event) -> Presence:
    """Presence with one more report in it; the same report again changes nothing."""
    data = event.data
    match data:
        case RoomStarted():
            return replace(presence, starts=_with_time(presence.starts, event.at))
        case RoomEnded(inferred=True):
            return replace(presence, inferred_ends=_with_time(presence.inferred_ends, event.at))
        case RoomEnded(empty_since=None):
            return replace(presence, ends=_with_time(presence.ends, event.at))
        case RoomEnded(empty_since=int(since)):
            return replace(presence, empties=tuple(sorted({*presence.empties, (since, event.at)})))
        case DeadlineReported(ends_at=ends_at):
            told = ReportedEnd(event.at, event.id, ends_at)
            newest = max(presence.reported_end or told, told, key=lambda one: (one.at, one.id))
            return replace(presence, reported_end=newest)
        case ParticipantJoined() | ParticipantUpdated() | ParticipantLeft():
            return _with_seat(presence, data.participant, _participant_mark(event, data))
        case StreamPublished() | StreamUpdated() | StreamUnpublished():
            sign_of_life = Mark(event.at, SEEN, event.id) if isinstance(data, StreamPublished) else None
            return _with_stream(_with_seat(presence, data.participant, sign_of_life), event, data)
        case _:
            return presence


def _with_time(times: tuple[int, ...], at: int) -> tuple[int, ...]:
    return times if at in times else tuple(sorted((*times, at)))


def _participant_mark(event: Event, data: ParticipantJoined | ParticipantUpdated | ParticipantLeft) -> Mark:
    match data:
        case ParticipantLeft(forced=forced, inferred=inferred):
            return Mark(event.at, LEFT, event.id, final=not inferred, forced=forced)
        case ParticipantJoined(inferred=inferred, platform=platform):
            order = SEEN if inferred else JOINED
            return Mark(event.at, order, event.id, True, False, data.user, data.name, data.role, data.data, platform)
        case ParticipantUpdated():
            return Mark(event.at, SEEN, event.id, True, False, data.user, data.name, data.role, data.data)


def _with_seat(presence: Presence, key: str, mark: Mark | None) -> Presence:
    seat = presence.seats.get(key, Seat())
    if mark is None or any(known.id == mark.id and known.order == mark.order for known in seat.marks):
        return presence
    marks = list(seat.marks)
    insort(marks, mark, key=position)
    return replace(presence, seats={**presence.seats, key: replace(seat, marks=tuple(marks))})


def _with_stream(
    presence: Presence, event: Event, data: StreamPublished | StreamUpdated | StreamUnpublished
) -> Presence:
    match data:
        case StreamPublished():
            mark = StreamMark(event.at, JOINED, event.id, data.kind, data.name)
        case StreamUpdated():
            mark = StreamMark(event.at, SEEN, event.id, name=data.name, muted=data.muted)
        case StreamUnpublished():
            mark = StreamMark(event.at, LEFT, event.id)
    seat = presence.seats.get(data.participant, Seat())
    known = seat.streams.get(data.stream, ())
    if any(found.id == mark.id for found in known):
        return presence
    marks = list(known)
    insort(marks, mark, key=position)
    seat = replace(seat, streams={**seat.streams, data.stream: tuple(marks)})
    return replace(presence, seats={**presence.seats, data.participant: seat})


def position(mark: Mark | StreamMark) -> tuple[int, int, str]:
    return mark.at, mark.order, mark.id
