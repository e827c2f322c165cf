"""A person taken out of a state: the pseudonym stands where the user id stood, and what they were called is gone.

What is personal is said by the table of `personal`, with what only a state has added to it here.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.ids import seat_key
from moderator.domain.personal import SORTS_OF_MEMBERS, Person, Sort, dropped
from moderator.domain.presence import Seat
from moderator.domain.room_states import RoomState
from moderator.domain.state import Snapshot, Verdict

SORTS: Final[Mapping[str, Sort]] = {**SORTS_OF_MEMBERS, "target": Sort.SEAT, "allowed": Sort.PEOPLE}
"""Members that are personal, by their name."""

TABLES: Final = frozenset({"seats", "disconnects"})
"""By the ids of participants."""

NOT_PERSONAL: Final[Mapping[str, frozenset[str]]] = {
    # Names of rooms, of staff, and of what the configuration says.
    "name": frozenset({"Named", "Opened", "Appointment", "Person", "Viewer", "RoomType", "SourceInfo"}),
    "reason": frozenset({"Block", "Violation"}),  # chosen from a list
    "why": frozenset({"Capability"}),  # about a platform
}
"""Where a member of such a name is none, by the name of its struct."""

CLEAR: Final = frozenset(
    {
        *("id", "source", "room", "provider", "stream", "streams", "role", "screen_share", "policy"),
        *("command", "by", "changed_by", "changed_by_name", "acknowledged_by", "acknowledged_by_name"),
        *("basis", "code", "told", "type", "match_source", "match_room", "capabilities", "actions"),
        *("presences", "decided", "restarts", "verdicts", "on_duty", "revoked"),
    }
)
"""Members with texts, or tables by texts, that tell nothing about participants: ids of platforms and of ours, words of
ours, staff.
"""
T = TypeVar("T")


class KnownSeat(NamedTuple):
    """A connection that somebody had, and what they were called there."""

    room: str
    participant: str
    names: frozenset[str]


def seats_in(snapshot: Snapshot, source: str, user: str) -> Iterator[KnownSeat]:
    """Every connection of a user of this source that the snapshot knows."""
    for room in snapshot.rooms:
        if room.source == source:
            for key, seat in _seats_of(room, user):
                yield KnownSeat(room.room, key, frozenset(mark.name for mark in seat.marks))


def without_person(snapshot: Snapshot, source: str, person: Person) -> Snapshot:
    """The snapshot without this person of this source; the same where they are not in it."""
    rooms = tuple(_room(room, person) if room.source == source else room for room in snapshot.rooms)
    erasing = _Erasing(person, frozenset())
    appointments = tuple(erasing.of(one) if one.source == source else one for one in snapshot.appointments)
    verdicts = {id_: _verdict(one, person) for id_, one in snapshot.verdicts.items()}
    return replace(snapshot, rooms=rooms, appointments=appointments, hold=erasing.of(snapshot.hold), verdicts=verdicts)


def _seats_of(room: RoomState, user: str) -> Iterator[tuple[str, Seat]]:
    for presence in room.presences.values():
        for key, seat in presence.seats.items():
            if any(mark.user == user for mark in seat.marks):
                yield key, seat


def _room(room: RoomState, person: Person) -> RoomState:
    return _Erasing(person, frozenset(key for key, _ in _seats_of(room, person.user))).of(room)


def _verdict(verdict: Verdict, person: Person) -> Verdict:
    """A sentence of ours may quote whom it was about, also by an id that is too short to be looked for in others."""
    return replace(verdict, why="") if person.user in verdict.why or person.mentions(verdict.why) else verdict


class _Erasing:
    """Walks through a value in whatever depth; what does not change is the same object afterwards."""

    def __init__(self, person: Person, seats: frozenset[str]) -> None:
        """`seats`: their connections in the room that the value is of."""
        self._person = person
        self._seats = seats

    def of(self, value: T) -> T:
        """The value without the person."""
        found: T = self._value(value, is_own=False)
        return found

    def _value(self, value: Any, *, is_own: bool) -> Any:
        if isinstance(value, Struct):
            return self._struct(value, is_own or self._is_about(value))
        if isinstance(value, tuple):
            items = tuple(self._value(one, is_own=is_own) for one in value)
            return value if _are_same(items, value) else items
        if isinstance(value, dict):
            table = {name: self._value(one, is_own=is_own) for name, one in value.items()}
            return value if _are_same(table.values(), value.values()) else table
        return value

    def _struct(self, value: Struct, is_own: bool) -> Struct:
        changed = {}
        for name, sort in _members(type(value)):
            before = getattr(value, name)
            after = self._member(name, sort, before, is_own)
            if after is not before and after != before:
                changed[name] = after
        return replace(value, **changed) if changed else value

    def _member(self, name: str, sort: Sort | None, value: Any, is_own: bool) -> Any:
        if name in TABLES:
            return {self._person.seat(key): self._value(one, is_own=is_own) for key, one in value.items()}
        match sort:
            case Sort.USER | Sort.SEAT:
                return self._person.seat(value)
            case Sort.PEOPLE:
                return tuple(self._one(one) for one in value)
            case Sort.TEXT:
                return dropped(value) if is_own or self._person.mentions(value) else value
        return self._value(value, is_own=is_own)

    def _one(self, one: Any) -> Any:
        return self._person.seat(one) if isinstance(one, str) else self._value(one, is_own=False)

    def _is_about(self, value: Struct) -> bool:
        if isinstance(value, Seat):
            return any(mark.user == self._person.user for mark in value.marks)
        participant = getattr(value, "participant", "") or getattr(value, "target", "")
        return getattr(value, "user", "") == self._person.user or seat_key(participant) in self._seats


def sort_of(struct: str, member: str) -> Sort | None:
    """What becomes of a member of a struct of that name; None where it is not personal."""
    return None if struct in NOT_PERSONAL.get(member, ()) else SORTS.get(member)


@cache
def _members(struct: type[Struct]) -> tuple[tuple[str, Sort | None], ...]:
    """All of them, each with what becomes of it."""
    return tuple((name, sort_of(struct.__name__, name)) for name in struct.__struct_fields__)


def _are_same(these: Any, those: Any) -> bool:
    return all(one is other for one, other in zip(these, those, strict=True))
