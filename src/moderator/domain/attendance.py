"""How appointments are going: whether anybody came, who of those expected is there, and who should be and is not. Pure.

Nothing of this is stored: it follows from what was announced and from who was there.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, Literal

from msgspec import Struct

from moderator.domain.announcements import Appointment, Listed, appointment_at
from moderator.domain.instances import Instance
from moderator.domain.settings import MINUTE_MS, Settings
from moderator.domain.state import State

GRACE_MS: Final = 5 * MINUTE_MS
"""Who has not come this long after the start does not count as late any more, but as missing."""
AppointmentState = Literal["announced", "live", "over", "missed"]


class Attendance(Struct, frozen=True, gc=False, kw_only=True):
    """An appointment and what became of it; the shape on the wire. Times in milliseconds since the epoch, UTC.

    Everybody in `allow` is in exactly one of `here`, `been`, `awaited` and `missing`.
    """

    source: str
    name: str
    type: str
    starts_at: int
    duration_ms: int | None
    """As announced; None: the type's."""
    ends_at: int | None
    """When it is to end as announced, or by its type; None where neither says so. The room's deadline may be later."""
    allow: tuple[Listed, ...]
    state: AppointmentState
    """`missed`: nobody at all came within the grace. Who comes after that makes it `live` again."""
    room: str = ""
    """The platform's id of its room, where it is known."""
    instance: str = ""
    """The newest live stretch of the room that belongs to it."""
    here: tuple[str, ...] = ()
    been: tuple[str, ...] = ()
    """Came and left."""
    awaited: tuple[str, ...] = ()
    """Has not come, and need not yet have."""
    missing: tuple[str, ...] = ()
    """Has not come, and should have: a no-show."""


class _Visit(Struct, frozen=True, gc=False):
    """Where an appointment took place."""

    room: str
    instances: tuple[Instance, ...]


def attendances(state: State, wanted: Iterable[Appointment], now: int) -> list[Attendance]:
    """How these appointments are going, in their order."""
    asked = list(wanted)
    visits = _visits(state, asked)
    return [_attendance(state, one, visits.get((one.source, one.name)), now) for one in asked]


def missing(allow: Sequence[Listed], come: AbstractSet[str], starts_at: int, now: int) -> tuple[str, ...]:
    """The users who did not come although the grace is over."""
    return tuple(one.user for one in allow if one.user not in come) if now >= starts_at + GRACE_MS else ()


def state_of(live: bool, anybody_came: bool, starts_at: int, now: int) -> AppointmentState:
    """Where an appointment stands. A room that the platform opened counts as live, also before somebody comes."""
    if live:
        return "live"
    if anybody_came:
        return "over"
    return "missed" if now >= starts_at + GRACE_MS else "announced"


def planned_end(appointment: Appointment, settings: Settings) -> int | None:
    """When it is to end: by its own duration or its type's; None without one."""
    duration_ms = planned_duration_ms(appointment, settings)
    return None if duration_ms is None else appointment.starts_at + duration_ms


def planned_duration_ms(appointment: Appointment, settings: Settings) -> int | None:
    """As announced, else as the room type has it."""
    if appointment.duration_ms is not None:
        return appointment.duration_ms
    type_ = settings.type_named(appointment.type) or settings.type_of(appointment.source, appointment.name)
    return type_.duration_ms if type_ else None


def overlap(one: Appointment, other: Appointment, settings: Settings) -> bool:
    """Whether both are at some moment at once. One without an end is taken for its beginning only."""
    first, second = sorted((one, other), key=lambda found: found.starts_at)
    ends_at = planned_end(first, settings)
    return first.starts_at == second.starts_at or (ends_at is not None and second.starts_at < ends_at)


def _visits(state: State, asked: Sequence[Appointment]) -> dict[tuple[str, str], _Visit]:
    """Of those wanted that have a room: the room, and its instances that belong to it, oldest first."""
    wanted = {(one.source, one.name) for one in asked}
    keys = {key for one in asked for key in state.rooms_of(one.source, one.name, one.room)}
    found: dict[tuple[str, str], _Visit] = {}
    for room in (state.rooms[key] for key in sorted(keys)):
        announced = state.announced.of_room(room.source, room.room, room.platform_name)
        mine = [one for one in announced if (one.source, one.name) in wanted]
        instances = state.instances(room) if mine else []
        for one in mine:
            belonging = tuple(each for each in instances if appointment_at(announced, each.started_at) == one)
            if belonging:
                found[one.source, one.name] = _Visit(room.room, belonging)
    return found


def _attendance(state: State, appointment: Appointment, visit: _Visit | None, now: int) -> Attendance:
    instances = visit.instances if visit else ()
    stays = [stay for instance in instances for stay in instance.stays]
    come, here = {stay.user for stay in stays}, {stay.user for stay in stays if stay.here}
    absent = missing(appointment.allow, come, appointment.starts_at, now)
    users = [one.user for one in appointment.allow]
    return Attendance(
        source=appointment.source,
        name=appointment.name,
        type=appointment.type,
        starts_at=appointment.starts_at,
        duration_ms=appointment.duration_ms,
        ends_at=planned_end(appointment, state.settings),
        allow=appointment.allow,
        state=state_of(any(one.ended_at is None for one in instances), bool(stays), appointment.starts_at, now),
        room=visit.room if visit else state.announced.room_for(appointment.source, appointment.name),
        instance=instances[-1].id if instances else "",
        here=tuple(user for user in users if user in here),
        been=tuple(user for user in users if user in come - here),
        awaited=tuple(user for user in users if user not in come and user not in absent),
        missing=absent,
    )
