"""A person taken out of a state: the pseudonym stands where the user id stood, and what they were called is gone."""

from collections.abc import Callable
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from moderator.domain.ids import REUSED
from moderator.domain.presence import Presence, Seat
from moderator.domain.state import RoomState, Snapshot

_IDS: Final = frozenset({"user", "person", "participant", "target"})
_LISTS: Final = frozenset({"allowed", "people"})
_TABLES: Final = frozenset({"disconnects"})
Rename = Callable[[str], str]


def without_person(snapshot: Snapshot, source: str, user: str, pseudonym: str) -> Snapshot:
    """The snapshot without this person of this source; the same where they are not in it."""

    def rename(id_: str) -> str:
        key, reused, joined_at = id_.partition(REUSED)
        return f"{pseudonym}{reused}{joined_at}" if key == user else id_

    rooms = tuple(_room(room, user, rename) if room.source == source else room for room in snapshot.rooms)
    appointments = tuple(_renamed(one, rename) if one.source == source else one for one in snapshot.appointments)
    # Why a decision was refused may quote whom it was about.
    verdicts = {id_: replace(one, why="") if user in one.why else one for id_, one in snapshot.verdicts.items()}
    return replace(snapshot, rooms=rooms, appointments=appointments, verdicts=verdicts)


def _room(room: RoomState, user: str, rename: Rename) -> RoomState:
    presences = {id_: _presence(presence, user, rename) for id_, presence in room.presences.items()}
    decided = {id_: _renamed(one, rename) for id_, one in room.decided.items()}
    blocks = tuple(_renamed(block, rename) for block in room.blocks)
    return replace(room, presences=presences, decided=decided, blocks=blocks)


def _presence(presence: Presence, user: str, rename: Rename) -> Presence:
    seats = {
        rename(key): _nameless(seat, user, rename) if any(mark.user == user for mark in seat.marks) else seat
        for key, seat in presence.seats.items()
    }
    return replace(presence, seats=seats)


def _nameless(seat: Seat, user: str, rename: Rename) -> Seat:
    marks = tuple(replace(mark, user=rename(mark.user), name="", data="", platform={}) for mark in seat.marks)
    streams = {id_: tuple(replace(mark, name="") for mark in found) for id_, found in seat.streams.items()}
    return Seat(marks, streams)


def _renamed(value: Any, rename: Rename) -> Any:
    """A value with other ids of people, in whatever depth they stand."""
    return msgspec.convert(_walk(msgspec.to_builtins(value), rename), type(value))


def _walk(value: Any, rename: Rename) -> Any:
    if isinstance(value, dict):
        return {name: _member(name, one, rename) for name, one in value.items()}
    return [_walk(one, rename) for one in value] if isinstance(value, list | tuple) else value


def _member(name: str, value: Any, rename: Rename) -> Any:
    if name in _IDS and isinstance(value, str):
        return rename(value)
    if name in _LISTS and isinstance(value, list | tuple):
        return [rename(one) for one in value]
    if name in _TABLES:
        return {rename(key): one for key, one in value.items()}
    return _walk(value, rename)
