"""For how long somebody can be kept out. Pure."""

from typing import Final

from msgspec import Struct

from moderator.domain.kinds import Reason
from moderator.domain.rooms import Room
from moderator.language import tr

KEEPS_OUT: Final[frozenset[Reason]] = frozenset({"not_listed", "room_full", "conduct"})
"""Reasons for which people are kept out unless the moderator says otherwise."""
_HOUR_S: Final = 3600


class BlockChoice(Struct, frozen=True):
    """A word for people, and what it means to the gateway: seconds, or True for good."""

    word: str
    block: bool | int


def block_choices(room: Room, now_ms: int) -> tuple[BlockChoice, ...]:
    """What is offered, the most usual first. Without a deadline nobody knows how long an appointment lasts."""
    first = (
        BlockChoice(tr("12 hours"), 12 * _HOUR_S)
        if room.deadline is None
        else BlockChoice(tr("this appointment"), _appointment_s(room, now_ms))
    )
    return (first, BlockChoice(tr("10 min"), 600), BlockChoice(tr("for good"), True))


def _appointment_s(room: Room, now_ms: int) -> int:
    """As long as the appointment can last: with every extension, and the time in which it may be resumed."""
    deadline, limits = room.deadline, room.limits
    if deadline is None:
        return _HOUR_S
    may_be_added_ms = _HOUR_S * 1000 if deadline.allowance_ms is None else deadline.allowance_ms
    resume_ms = limits.resume_within_ms if limits else 0
    return max(0, deadline.ends_at - now_ms) // 1000 + (may_be_added_ms + resume_ms) // 1000 + 60
