"""Who is interrupted by what concerns a room, and who only finds it in the list. Pure.

A room is first of all the matter of the moderator who looks after it. When nobody has answered for a while it is
everybody's.
"""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from moderator.client.me import Me
from moderator.desktop.census.parts import ANSWER_MS
from moderator.desktop.sounds.cues import Cue
from moderator.domain.rooms import Room, Warning

Concern = Literal["ours", "anybodys", "theirs", "unanswered"]
"""Whose matter it is: this moderator's, that of a room without an owner, another's, or by now everybody's."""


class Interruption(Struct, frozen=True):
    """What makes an alert worth interrupting somebody who looks elsewhere."""

    cue: Cue
    is_ours: bool
    """Whether this moderator looks after the room."""


def is_owner(room: Room, me: Me | None) -> bool:
    """Whether this moderator looks after the room."""
    return room.owner is not None and me is not None and room.owner.id == me.id


def concern(room: Room, me: Me | None, waiting_since: int, now_ms: int) -> Concern:
    """Whose matter something is that waits for an answer since that moment."""
    if is_owner(room, me):
        return "ours"
    if room.owner is None or me is None:
        return "anybodys"
    return "theirs" if now_ms < waiting_since + ANSWER_MS else "unanswered"


def interruption(room: Room, me: Me | None, cue: Cue, whose: Concern = "anybodys") -> Interruption | None:
    """How this moderator is interrupted; None for what is only listed."""
    return None if whose == "theirs" else Interruption(cue, is_owner(room, me))


def waiting_since(warnings: Iterable[Warning]) -> int | None:
    """Since when the warnings of one version of a deadline wait for an answer; None where none does.

    Who acknowledges a warning has answered the wider ones too.
    """
    raised = sorted(warnings, key=lambda one: one.threshold_ms)
    answered = next((n for n, one in enumerate(raised) if one.acknowledged_by is not None), len(raised))
    return min((one.raised_at for one in raised[:answered]), default=None)


def time_cue(threshold_ms: int, thresholds_ms: Iterable[int]) -> Cue:
    """How the warning of a threshold sounds among those of its deadline: the tightest is the last call."""
    wider = {one for one in thresholds_ms if one > threshold_ms}
    tighter = {one for one in thresholds_ms if one < threshold_ms}
    if not tighter:
        return "last"
    return "later" if wider else "first"
