"""Who may come into a room that a moderator locked: who was there then, and who was let in since."""

from typing import Final

from moderator.domain.objections import Objection
from moderator.domain.rooms import Lock, Participant, Room

LOCK: Final = "lock"


def locked_out(room: Room, clock_offset_ms: int) -> Objection:
    """Who came in after all. They go whatever the mode is: a moderator said so, as for blocks.

    Somebody without a user id who comes back is somebody new.
    """
    lock = room.locked
    people = _newcomers(room, lock, clock_offset_ms) if lock else ()
    return Objection(policy=LOCK, reason="other", people=people, enforced=True)


def _newcomers(room: Room, lock: Lock, clock_offset_ms: int) -> tuple[Participant, ...]:
    stayers = _stayers(room, lock, clock_offset_ms)
    return tuple(one for one in room.here() if not stayers & {one.person, one.id})


def _stayers(room: Room, lock: Lock, clock_offset_ms: int) -> frozenset[str]:
    """As the moderator saw it, and as is known by now: joins may be reported late, and names too."""
    there = {one.person for one in room.participants if _was_there(one, lock.at - clock_offset_ms)}
    return frozenset({*lock.people, *room.allowed, *there})


def _was_there(participant: Participant, at: int) -> bool:
    return participant.joined_at <= at and (participant.left_at is None or participant.left_at > at)
