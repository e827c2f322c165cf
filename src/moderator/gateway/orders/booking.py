"""What an appointment may say, and what it must not run into: checked before it is announced. No I/O."""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from moderator.domain.announcements import Appointment, Listed
from moderator.domain.attendance import overlap, planned_duration_ms
from moderator.domain.events import DeadlineExtended
from moderator.domain.ids import RoomId, RoomKey, SourceName
from moderator.domain.rooms import Deadline, Room
from moderator.domain.settings import Settings
from moderator.domain.state import State
from moderator.feed.appointments import AHEAD_MS, DAY_MS, MAX_DURATION_MS, MIN_DURATION_MS
from moderator.gateway.orders.conflicts import deadline_conflict
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Body

MAX_NAME: Final = 200
MAX_LISTED: Final = 1_000


class Announcing(Body, frozen=True, kw_only=True):
    """What `PUT` takes: the whole appointment, in place of the one of that name."""

    starts_at: int
    duration_ms: int | None = None
    type: str = ""
    room: str = ""
    allow: tuple[Listed, ...] = ()
    expected_version: int | None = None


def appointment_of(source: str, name: str, body: Announcing) -> Appointment:
    """The appointment that is asked for."""
    return Appointment(
        source=source,
        name=name,
        room=body.room,
        type=body.type,
        starts_at=body.starts_at,
        duration_ms=body.duration_ms,
        allow=body.allow,
    )


def must_make_sense(name: str, body: Announcing, settings: Settings, now: int) -> None:
    """Raises Problem 422 for what no appointment can say."""
    for code, sentence in _faults(name, body, settings, now):
        raise Problem(422, code, sentence)


def _faults(name: str, body: Announcing, settings: Settings, now: int) -> Iterator[tuple[str, str]]:
    if len(name) > MAX_NAME or not name.isprintable():
        yield "invalid_name", f"a name has {MAX_NAME} characters at most, all of them printable"
    if body.type and settings.type_named(body.type) is None:
        known = ", ".join(one.name for one in settings.room_types) or "(none is configured)"
        yield "unknown_type", f"there is no room type {body.type[:MAX_NAME]!r}: choose one of {known}"
    if not now - DAY_MS <= body.starts_at <= now + AHEAD_MS:
        yield "invalid_starts_at", "starts_at is in milliseconds since 1970, from a day ago to two years ahead"
    if body.duration_ms is not None and not MIN_DURATION_MS <= body.duration_ms <= MAX_DURATION_MS:
        yield "invalid_duration", "duration_ms is in milliseconds, from a second to seven days"
    if len(body.room) > MAX_NAME * 5:
        yield "invalid_room", f"a room's id has {MAX_NAME * 5} characters at most"
    yield from _faults_of_list(body.allow)


def _faults_of_list(allow: tuple[Listed, ...]) -> Iterator[tuple[str, str]]:
    if len(allow) > MAX_LISTED:
        yield "invalid_allow", f"at most {MAX_LISTED} people can be listed"
    if any(not 0 < len(one.user) <= MAX_NAME or len(one.role) > MAX_NAME for one in allow):
        yield "invalid_allow", f"each user in allow has 1 to {MAX_NAME} characters, each role {MAX_NAME} at most"
    if len({one.user for one in allow}) < len(allow):
        yield "invalid_allow", "somebody is listed twice in allow"


def overlapping(state: State, wanted: Appointment) -> Appointment | None:
    """Another appointment of the same platform room that is at the same time, if there is one."""
    others = {one.name: one for place in _places(state, wanted) for one in _at(state, wanted.source, place)}
    others.pop(wanted.name, None)
    meeting = (one for one in others.values() if overlap(one, wanted, state.settings))
    return min(meeting, key=lambda one: (one.starts_at, one.name), default=None)


def _places(state: State, wanted: Appointment) -> set[str]:
    """The room's id, or the ids of rooms of that name and the name itself, which may become one's."""
    known = wanted.room or state.announced.room_for(wanted.source, wanted.name)
    if known:
        return {known}
    return {wanted.name, *(key.room for key in state.rooms.named(wanted.source, wanted.name))}


def _at(state: State, source: str, place: str) -> list[Appointment]:
    room = state.rooms.get(RoomKey(SourceName(source), RoomId(place)))
    return state.announced.of_room(source, place, room.platform_name if room else "")


def live_room(state: State, appointment: Appointment) -> Room | None:
    """The room in which this appointment is going on now."""
    candidates = (state.room(key) for key in state.rooms if key.source == appointment.source)
    return next((room for room in candidates if room is not None and _is_on(room, appointment.name)), None)


def _is_on(room: Room, name: str) -> bool:
    return room.state == "live" and room.appointment is not None and room.appointment.name == name


def moved_end(room: Room, before: Appointment, after: Appointment, settings: Settings) -> DeadlineExtended | None:
    """The next version of the deadline that a change of the appointment makes; None where it moves no end.

    It counts as any other extension does, in whole seconds, so that the room type's cap holds for it too. What was
    added meanwhile stays added. An end that the platform keeps is moved by extending only.
    """
    deadline = room.deadline
    old_ms, new_ms = planned_duration_ms(before, settings), planned_duration_ms(after, settings)
    if deadline is None or deadline.kept_by != "gateway" or old_ms is None or new_ms is None:
        return None
    moved_ms = new_ms - old_ms
    if room.limits is not None and room.limits.starts == "scheduled":
        moved_ms += after.starts_at - before.starts_at
    seconds = int(moved_ms / 1000)
    if not seconds:
        return None
    return DeadlineExtended(version=deadline.version + 1, seconds=seconds, reason="the appointment was changed")


def gives_an_end(state: State, wanted: Appointment) -> bool:
    """Whether people are in a room that has no end, and would get one by this appointment."""
    if planned_duration_ms(wanted, state.settings) is None:
        return False
    keys = (RoomKey(SourceName(wanted.source), RoomId(place)) for place in _places(state, wanted))
    rooms = (state.room(key) for key in keys)
    return any(room is not None and room.state == "live" and room.deadline is None for room in rooms)


def must_be_allowed(deadline: Deadline, moved: DeadlineExtended) -> None:
    """Raises Problem 422 for more time than the room type still allows."""
    allowance_ms = deadline.allowance_ms
    if allowance_ms is not None and moved.seconds > 0 and moved.seconds * 1000 > allowance_ms:
        sentence = f"the room is on, and at most {allowance_ms // 1000} more seconds are allowed for it"
        raise Problem(422, "over_allowance", sentence, allowance_ms=allowance_ms)


def must_be_expected(room: Room, deadline: Deadline, expected_version: int | None) -> None:
    """Raises Problem 409 where the end of a room that is on would move for somebody who did not see it as it is."""
    if expected_version == deadline.version:
        return
    if expected_version is not None:
        raise deadline_conflict(room, "conflict", "the deadline was changed meanwhile")
    sentence = "the room is on, and this moves its end: send expected_version, the deadline's version that you know"
    raise deadline_conflict(room, "version_needed", sentence)


def unchanged(before: Appointment | None, wanted: Appointment) -> bool:
    """Whether exactly this stands already."""
    return before is not None and replace(before, announced_at=0) == wanted
