"""Who was in a room, and what they published, out of reports that come late, twice and in any order.

Every report is kept as a mark with the platform's own time; stays are read off the sorted marks. Marks only ever get
added, so the order of arrival cannot matter. A cut ends every stay that began at or before it: the room ended, or its
server restarted.
"""

from bisect import bisect_left, insort
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.events import (
    Event,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    RoomEnded,
    RoomStarted,
    StreamKind,
    StreamPublished,
    StreamUnpublished,
    StreamUpdated,
)
from moderator.domain.ids import REUSED, stay_id
from moderator.domain.rooms import Stream

JOINED, SEEN, CUT, LEFT = 0, 1, 2, 3
"""Also the order of marks at the same millisecond: an end closes what began at that very time."""

ALL_STREAMS: Final = "*"
"""As the stream of a StreamUnpublished: all that the participant published until then. (Janus does not say which.)"""

CLOCK_TOLERANCE_MS: Final = 2_000
"""A list is dated by our clock, a join by the platform's: a join reported this soon after a first sight is the same
stay.
"""


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


class Stay(Struct, frozen=True, gc=False, kw_only=True):
    """One time in the room: from a join, or the first sign of presence, to the end of it."""

    key: str
    joined_at: int
    left_at: int | None = None
    inferred: bool = False
    forced: bool = False
    user: str = ""
    name: str = ""
    role: str = ""
    data: str = ""
    platform: dict[str, str] = {}
    streams: tuple[Stream, ...] = ()

    @property
    def id(self) -> str:
        return stay_id(self.key, self.joined_at)

    @property
    def person(self) -> str:
        return self.user or self.id

    @property
    def here(self) -> bool:
        return self.left_at is None


class Presence(Struct, frozen=True, gc=False):
    """The marks of a room, or of one instance where the platform names instances itself."""

    seats: dict[str, Seat] = {}
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


class Instance(Struct, frozen=True, gc=False, kw_only=True):
    """One live stretch of a room."""

    id: str
    started_at: int
    ended_at: int | None
    stays: tuple[Stay, ...]


# --- adding marks --------------------------------------------------------------------------------------------------


def add_report(presence: Presence, event: Event) -> Presence:
    """Presence with one more report in it; the same report again changes nothing."""
    data = event.data
    match data:
        case RoomStarted():
            return replace(presence, starts=_with_time(presence.starts, event.at))
        case RoomEnded():
            return replace(presence, ends=_with_time(presence.ends, event.at))
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
    insort(marks, mark, key=_position)
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
    insort(marks, mark, key=_position)
    seat = replace(seat, streams={**seat.streams, data.stream: tuple(marks)})
    return replace(presence, seats={**presence.seats, data.participant: seat})


def _position(mark: Mark | StreamMark) -> tuple[int, int, str]:
    return mark.at, mark.order, mark.id


# --- reading stays off the marks -----------------------------------------------------------------------------------


def stays_of(key: str, seat: Seat, cuts: tuple[int, ...], ends: tuple[int, ...] = ()) -> list[Stay]:
    """The stays of one participant key, oldest first.

    `cuts` are sorted times that ended everything before them, `ends` those after which another instance begins. Within
    an instance, a key that is never taken again has one stay: signs of life after an inferred leave show that it was
    none.
    """
    reused = key.endswith(REUSED)
    stays: list[Stay] = []
    current: Stay | None = None
    gone_for_good = False
    for mark in sorted((*seat.marks, *(Mark(cut, CUT, "") for cut in cuts)), key=_position):
        if mark.order >= CUT:
            gone_for_good = gone_for_good or (mark.order == LEFT and mark.final and not reused)
            if current is not None:
                stays[-1] = current = replace(current, left_at=mark.at, forced=mark.forced)
            elif mark.forced and stays:
                stays[-1] = replace(stays[-1], forced=True)
            current = None
        elif current is None and not gone_for_good:
            if reused or not stays or bisect_left(ends, stays[-1].joined_at) != bisect_left(ends, mark.at):
                stays.append(Stay(key=key, joined_at=mark.at, inferred=mark.order == SEEN))
            stays[-1] = current = _known_better(replace(stays[-1], left_at=None, forced=False), mark)
        elif current is not None and mark.order == JOINED and reused and not _same_stay(current, mark):
            stays[-1] = replace(current, left_at=mark.at)
            current = _known_better(Stay(key=key, joined_at=mark.at), mark)
            stays.append(current)
        elif current is not None:
            stays[-1] = current = _known_better(current, mark)
    return [_with_streams(stay, seat) for stay in stays]


def _same_stay(stay: Stay, joined: Mark) -> bool:
    return stay.inferred and joined.at - stay.joined_at <= CLOCK_TOLERANCE_MS


def _known_better(stay: Stay, mark: Mark) -> Stay:
    """A later report replaces what an earlier one said, but an empty value never overwrites a known one."""
    return replace(
        stay,
        user=mark.user or stay.user,
        name=mark.name or stay.name,
        role=mark.role or stay.role,
        data=mark.data or stay.data,
        platform=mark.platform or stay.platform,
        inferred=stay.inferred and mark.order == SEEN,
    )


def _with_streams(stay: Stay, seat: Seat) -> Stay:
    if stay.left_at is not None or not seat.streams:
        return stay
    ends = seat.streams.get(ALL_STREAMS, ())
    found = (_open_stream(stream, _merged(marks, ends), stay.joined_at) for stream, marks in seat.streams.items())
    streams = sorted((one for one in found if one is not None), key=lambda one: (one.published_at, one.id))
    return replace(stay, streams=tuple(streams))


def _merged(marks: tuple[StreamMark, ...], ends: tuple[StreamMark, ...]) -> tuple[StreamMark, ...]:
    return tuple(sorted((*marks, *ends), key=_position)) if ends else marks


def _open_stream(stream: str, marks: tuple[StreamMark, ...], since: int) -> Stream | None:
    current: Stream | None = None
    for mark in marks[bisect_left(marks, since, key=lambda one: one.at) :]:
        if mark.order == LEFT:
            current = None
        elif current is not None:
            muted = current.muted if mark.muted is None else mark.muted
            current = replace(current, name=mark.name or current.name, muted=muted)
        elif mark.order == JOINED:
            current = Stream(stream, mark.kind, mark.name, mark.at)
    return current


# --- instances -----------------------------------------------------------------------------------------------------

FIRST_INSTANCE: Final = "0"


def named_by_platform(instance: str) -> bool:
    """Ids of our own are all digits. (A provider whose platform's ids are too puts a letter before them.)"""
    return not instance.isdigit()


def instance_at(presence: Presence, at: int) -> tuple[str, int | None]:
    """Which stretch of a room without ids of its own `at` falls into: its id and its end.

    An instance is named by the end before it, which no late report can move; a join at the very time of an end is
    closed by it.
    """
    index = bisect_left(presence.ends, at)
    began_after = str(presence.ends[index - 1]) if index else FIRST_INSTANCE
    return began_after, presence.ends[index] if index < len(presence.ends) else None


def instances_by_ends(presence: Presence, restarts: tuple[int, ...]) -> list[Instance]:
    """The instances of a room whose platform does not name them, oldest first."""
    cuts = tuple(sorted({*presence.ends, *restarts}))
    found: dict[str, list[Stay]] = {instance_at(presence, at)[0]: [] for at in presence.starts}
    for key, seat in presence.seats.items():
        for stay in stays_of(key, seat, cuts, presence.ends):
            found.setdefault(instance_at(presence, stay.joined_at)[0], []).append(stay)
    result = []
    for id_, stays in found.items():
        begins = [stay.joined_at for stay in stays]
        begins += [at for at in presence.starts if instance_at(presence, at)[0] == id_]
        result.append(_instance(id_, stays, min(begins), instance_at(presence, min(begins))[1]))
    return sorted(result, key=lambda one: (one.started_at, one.id))


def named_instance(id_: str, presence: Presence, restarts: tuple[int, ...]) -> Instance | None:
    """The instance that a platform names itself; None as long as nothing but its end is known."""
    end = presence.ends[-1:]
    cuts = tuple(sorted({*end, *restarts}))
    stays: list[Stay] = []
    for key, seat in presence.seats.items():
        found = stays_of(key, seat, cuts, end)
        stays += found if key.endswith(REUSED) else found[:1]  # signs of life after the end are of no other instance
    begins = [*presence.starts[:1], *(stay.joined_at for stay in stays)]
    if not begins:
        return None
    return _instance(id_, stays, min(begins), presence.ends[0] if presence.ends else None)


def _instance(id_: str, stays: list[Stay], started_at: int, ended_at: int | None) -> Instance:
    ordered = sorted(stays, key=lambda stay: (stay.joined_at, stay.key))
    return Instance(id=id_, started_at=started_at, ended_at=ended_at, stays=tuple(ordered))
