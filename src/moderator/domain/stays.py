"""Who was in a room when, and what they publish: read off the sorted marks of each participant key.

A cut ends every stay that began at or before it: the room ended, its server restarted, or everybody left.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.ids import REUSED, stay_id
from moderator.domain.presence import ALL_STREAMS, CUT, JOINED, LEFT, SEEN, Mark, Seat, StreamMark, position
from moderator.domain.rooms import Stream

CLOCK_TOLERANCE_MS: Final = 2_000
"""A list is dated by our clock, a join by the platform's: a join reported this soon after a first sight is the same
stay.
"""


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


def stays_of(key: str, seat: Seat, cuts: tuple[int, ...], ends: tuple[int, ...] = ()) -> tuple[Stay, ...]:
    """The stays of one participant key, oldest first.

    `cuts` are sorted times that ended everything before them, `ends` those after which another instance begins.
    """
    reader = _Reader(key, ends)
    marks = seat.marks  # they are sorted
    if cuts:
        marks = tuple(sorted((*marks, *(Mark(cut, CUT, "") for cut in cuts)), key=position))
    for mark in marks:
        if mark.order >= CUT:
            reader.end(mark)
        elif reader.is_open:
            reader.go_on(mark)
        else:
            reader.begin(mark)
    return tuple([_with_streams(stay, seat) for stay in reader.stays])


class ReadSeat(Struct, frozen=True, gc=False):
    """The stays of a seat, as they were read off it."""

    seat: Seat
    stays: tuple[Stay, ...]


class SeatStays:
    """The stays of every seat, as they were read off last: a report changes one seat, and the others' stay as they
    are."""

    def __init__(self) -> None:
        self._read: dict[str, ReadSeat] = {}
        self._cut_by: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())

    def read(
        self, seats: Mapping[str, Seat], cuts: tuple[int, ...], ends: tuple[int, ...] = ()
    ) -> dict[str, tuple[Stay, ...]]:
        """By participant key; see `stays_of`."""
        before = self._read if self._cut_by == (cuts, ends) else {}
        self._cut_by = cuts, ends
        self._read = {
            key: known
            if (known := before.get(key)) and known.seat is seat
            else ReadSeat(seat, stays_of(key, seat, cuts, ends))
            for key, seat in seats.items()
        }
        return {key: read.stays for key, read in self._read.items()}


class _Reader:
    """Takes the marks of one key in order; the last of `stays` is open or closed."""

    def __init__(self, key: str, ends: tuple[int, ...]) -> None:
        self.stays: list[Stay] = []
        self.is_open = False
        self._key = key
        self._ends = ends
        self._reused = key.endswith(REUSED)
        self._gone_for_good = False
        """A key that is never taken again left, by the platform's own word."""

    def end(self, mark: Mark) -> None:
        self._gone_for_good |= mark.order == LEFT and mark.final and not self._reused
        if self.is_open:
            self.stays[-1] = replace(self.stays[-1], left_at=mark.at, forced=mark.forced)
        elif mark.forced and self.stays:
            self.stays[-1] = replace(self.stays[-1], forced=True)
        self.is_open = False

    def begin(self, mark: Mark) -> None:
        if self._gone_for_good:
            return
        if self._reused or not self.stays or self._is_another_instance(mark.at):
            self.stays.append(Stay(key=self._key, joined_at=mark.at, inferred=mark.order == SEEN))
        else:  # a key that is never taken again shows itself after an inferred leave: that was none
            self.stays[-1] = replace(self.stays[-1], left_at=None, forced=False)
        self.stays[-1] = _known_better(self.stays[-1], mark)
        self.is_open = True

    def go_on(self, mark: Mark) -> None:
        current = self.stays[-1]
        if mark.order == JOINED and self._reused and not _is_same_stay(current, mark):
            self.stays[-1] = replace(current, left_at=mark.at)
            self.stays.append(Stay(key=self._key, joined_at=mark.at))
        self.stays[-1] = _known_better(self.stays[-1], mark)

    def _is_another_instance(self, at: int) -> bool:
        return bisect_left(self._ends, self.stays[-1].joined_at) != bisect_left(self._ends, at)


def _is_same_stay(stay: Stay, joined: Mark) -> bool:
    return joined.at == stay.joined_at or (stay.inferred and joined.at - stay.joined_at <= CLOCK_TOLERANCE_MS)


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
    found = (
        _open_stream(stream, sorted((*marks, *ends), key=position), stay.joined_at)
        for stream, marks in seat.streams.items()
    )
    streams = sorted((one for one in found if one is not None), key=lambda one: (one.published_at, one.id))
    return replace(stay, streams=tuple(streams))


def _open_stream(stream: str, marks: Iterable[StreamMark], since: int) -> Stream | None:
    current: Stream | None = None
    for mark in marks:
        if mark.at < since or mark.order == LEFT:
            current = None
        elif current is not None:
            muted = current.muted if mark.muted is None else mark.muted
            current = replace(current, name=mark.name or current.name, muted=muted)
        elif mark.order == JOINED:
            current = Stream(stream, mark.kind, mark.name, mark.at)
    return current
