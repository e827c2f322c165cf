"""Who may be in a room that is for listed people: those whom its appointment names, by user id."""

from typing import Final

from moderator.domain.objections import Objection
from moderator.domain.rooms import Room

ALLOW_LIST: Final = "allow_list"


def unlisted(room: Room) -> Objection:
    """Who is there without being expected. Without an appointment nobody is, nor is somebody without a user id."""
    limits = room.limits
    applies = limits is not None and limits.mode != "off" and limits.allow == "listed"
    return Objection(
        policy=ALLOW_LIST,
        reason="not_listed",
        people=tuple(one for one in room.here() if not _may_stay(room, one.user, one.person)) if applies else (),
        enforced=limits is not None and limits.mode == "enforce",
    )


def _may_stay(room: Room, user: str, person: str) -> bool:
    appointment = room.appointment
    return person in room.allowed or (appointment is not None and appointment.listed(user) is not None)
