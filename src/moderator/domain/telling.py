"""What the people in a room are told by themselves: that their time runs out, that it was changed, why somebody goes.

Each is told once, and only while it is news. The texts are for participants, who know nothing of this program.
"""

from collections.abc import Iterator
from typing import Final

from moderator.domain.events import MessageRequested
from moderator.domain.kinds import Reason
from moderator.domain.proposals import POLICY, Proposal
from moderator.domain.rooms import Deadline, Room, Warning
from moderator.domain.settings import MINUTE_MS, grace_ms

NEWS_MS: Final = MINUTE_MS
"""What happened longer ago is not told any more: after an outage it would be wrong, or late."""

_WHY: Final[dict[Reason, str]] = {
    "not_listed": "you are not on the list for this session",
    "room_full": "this session is full",
    "wrong_share": "you may not share your screen here",
    "time_over": "the time of this session is over",
    "conduct": "a moderator decided so because of conduct",
    "technical": "there is a technical problem",
    "other": "a moderator decided so",
}


def farewell(reason: Reason) -> str:
    """What somebody is told who has to leave."""
    return f"You are being disconnected: {_WHY[reason]}."


def telling_proposals(room: Room, now: int) -> Iterator[Proposal]:
    """Messages that are due at `now`. In a room whose end is only observed, none: it does not end then."""
    deadline, limits = room.deadline, room.limits
    if deadline is None or limits is None or not room.people or not _carries(room, "message"):
        return
    if limits.mode != "enforce" and deadline.kept_by == "gateway":
        return
    warning = _newest(room, deadline)
    if "extension" in limits.tell and deadline.changed_by and deadline.moved_ms:
        yield from _message(room, _about_change(deadline), _change(deadline, now), now - deadline.changed_at)
    if "warning" in limits.tell and warning is not None and not deadline.expired:
        text = f"This session ends in {spelt(_left_ms(deadline, now))}."
        yield from _message(room, _about(warning), text, now - warning.raised_at)


def is_news(room: Room, about: str, now: int) -> bool:
    """Whether a message about this is still to be sent: of the deadline as it is now, and not long ago."""
    deadline = room.deadline
    if deadline is None:
        return False
    warning = _newest(room, deadline)
    since = {_about_change(deadline): deadline.changed_at}
    if warning is not None:
        since[_about(warning)] = warning.raised_at
    return about in since and now - since[about] < NEWS_MS


def tells_reason(room: Room) -> bool:
    """Whether somebody who is removed is told why first."""
    return room.limits is not None and "removal" in room.limits.tell and _carries(room, "tell")


def spelt(ms: int) -> str:
    """A time as people say it: whole minutes, or seconds where it is less than one."""
    seconds = round(max(0, ms) / 1000)
    count, unit = (round(seconds / 60), "minute") if seconds >= 60 else (seconds, "second")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _about_change(deadline: Deadline) -> str:
    return f"deadline {deadline.version}"


def _about(warning: Warning) -> str:
    return f"warning {warning.id}"


def _carries(room: Room, action: str) -> bool:
    capability = room.capabilities.get(action)
    return capability is not None and capability.by == "provider"


def _newest(room: Room, deadline: Deadline) -> Warning | None:
    """The last warning; those before it said less."""
    return next((one for one in reversed(room.warnings) if one.deadline_version == deadline.version), None)


def _message(room: Room, about: str, text: str, age_ms: int) -> Iterator[Proposal]:
    if age_ms < NEWS_MS and about not in room.told:
        yield Proposal(MessageRequested(text=text, about=about), POLICY, (about,))


def _change(deadline: Deadline, now: int) -> str:
    changed = "extended" if deadline.moved_ms > 0 else "shortened"
    left = spelt(deadline.ends_at - now)
    return f"This session was {changed}: {left} {'is' if left.startswith('1 ') else 'are'} left."


def _left_ms(deadline: Deadline, now: int) -> int:
    """Until people have to go, who get the grace after the last call in any case."""
    last_call_at = deadline.last_call_at
    grace_ends_at = 0 if last_call_at is None else last_call_at + grace_ms(deadline.warn_ms)
    return max(deadline.ends_at, grace_ends_at) - now
