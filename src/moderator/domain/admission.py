"""Who may be given what it takes to join a room: the same rules as in the room, before anybody is in it. Pure.

The reasons are looked at in the order of `_RULES`, and the first that holds is told. Who is in the room already, or was
let in by a moderator, is refused only when they are blocked or when time is over. What a type only observes refuses
nobody; blocks and locks are moderators' own orders, whatever the mode.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, Literal

from msgspec import Struct

from moderator.domain.allow_list import unlisted
from moderator.domain.announcements import Appointment
from moderator.domain.locks import locked_out
from moderator.domain.policy import going
from moderator.domain.rooms import Block, Room
from moderator.domain.settings import RoomType

Code = Literal["blocked", "time_over", "not_listed", "room_full", "locked"]


class Refusal(Struct, frozen=True):
    """Why somebody gets no credentials. `code` is stable, `why` is a sentence for people."""

    code: Code
    why: str


class _Case(Struct, frozen=True):
    """Somebody wants to come in."""

    room: Room | None
    blocks: Sequence[Block]
    appointment: Appointment | None
    type_: RoomType | None
    user: str
    now: int

    @property
    def live(self) -> Room | None:
        """What an instance that has ended had decided is over with it."""
        return self.room if self.room is not None and self.room.state == "live" else None

    @property
    def enforced(self) -> RoomType | None:
        return self.type_ if self.type_ is not None and self.type_.mode == "enforce" else None

    @property
    def is_exempt(self) -> bool:
        """Whether they are in the room, or were let in."""
        if self.live is None or not self.user:
            return False
        return self.user in self.live.allowed or any(one.user == self.user for one in self.live.here())


def admit(
    room: Room | None,
    blocks: Sequence[Block],
    appointment: Appointment | None,
    type_: RoomType | None,
    user: str,
    now: int,
) -> Refusal | None:
    """Why this person may not join, or None when they may.

    `room` is None where nobody ever was in it, or all who were are forgotten; `blocks` outlive that. `user` is empty
    for somebody who is not known.
    """
    case = _Case(room, blocks, appointment, type_, user, now)
    return next((Refusal(code, why) for code, why, holds in _RULES if holds(case)), None)


def ends_at(room: Room | None, appointment: Appointment | None, type_: RoomType | None) -> int | None:
    """When the room's time is up, in milliseconds, as far as that is known before or while it is on."""
    if room is not None and room.state == "live" and room.deadline is not None:
        return room.deadline.ends_at
    if type_ is None or appointment is None or type_.starts != "scheduled":
        return None
    duration_ms = appointment.duration_ms or type_.duration_ms
    return None if duration_ms is None else appointment.starts_at + duration_ms


def role_of(appointment: Appointment | None, user: str, said: str) -> str:
    """The role that the list of the appointment has for somebody wins over what the application says."""
    listed = appointment.listed(user) if appointment else None
    return listed.role if listed and listed.role else said


def may_share_screen(type_: RoomType | None, role: str) -> bool:
    """Whether somebody of this role gets the right to share a screen."""
    if type_ is None or type_.mode != "enforce" or type_.screen_share is None:
        return True
    return role in type_.screen_share


def _is_blocked(case: _Case) -> bool:
    return any(block.user == case.user and block.holds(case.now) for block in case.blocks if case.user)


def _is_time_over(case: _Case) -> bool:
    """Where time that is up only raises an alert, people may stay, and so come."""
    if case.enforced is None or case.enforced.on_expiry == "alert":
        return False
    over_at = ends_at(case.room, case.appointment, case.type_)
    return over_at is not None and over_at <= case.now


def _is_not_listed(case: _Case) -> bool:
    if case.enforced is None or case.enforced.allow != "listed" or case.is_exempt:
        return False
    return case.appointment is None or case.appointment.listed(case.user) is None


def _is_full(case: _Case) -> bool:
    """As those are counted who are in the room: people, by their first join; who was there before keeps the place."""
    room, max_people = case.live, case.enforced.max_people if case.enforced else None
    if room is None or max_people is None or case.is_exempt:
        return False
    turns: dict[str, int] = {}
    for one in room.participants:
        turns.setdefault(one.person, one.joined_at)
    mine = (turns.get(case.user, math.inf), case.user)
    leaving = going(room, case.now, (locked_out(room, 0), unlisted(room)))
    here = {one.person for one in room.here() if one.id not in leaving} - set(room.allowed)
    return sum((turns[person], person) < mine for person in here) >= max_people


def _is_locked(case: _Case) -> bool:
    lock = case.live.locked if case.live else None
    return lock is not None and not case.is_exempt and not (case.user and case.user in lock.people)


_RULES: Final[tuple[tuple[Code, str, Callable[[_Case], bool]], ...]] = (
    ("blocked", "a moderator has removed this person, who may not come back now", _is_blocked),
    ("time_over", "the time of this room is over: a moderator can add some", _is_time_over),
    (
        "not_listed",
        "this person is not on the room's list: announce them, or have a moderator let them in",
        _is_not_listed,
    ),
    ("room_full", "the room has as many people as it may have: somebody has to leave first", _is_full),
    ("locked", "a moderator has locked the room: nobody else comes in until it is unlocked", _is_locked),
)
