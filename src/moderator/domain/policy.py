"""Policy decides, the gateway executes: from a room and the time to what should be put to the log. Pure."""

from collections.abc import Iterable, Iterator
from typing import Final

from moderator.domain.allow_list import unlisted
from moderator.domain.announcements import EARLY_MS
from moderator.domain.deadlines import deadline_proposals, wake_times
from moderator.domain.events import DeadlineCleared, DeadlineSet, DisconnectRequested, RoomEnded
from moderator.domain.locks import locked_out
from moderator.domain.objections import Objection, disconnecting
from moderator.domain.proposals import TIMER, Proposal
from moderator.domain.removals import block_ends, blocked, blocked_proposals, retry_times
from moderator.domain.room_size import over_size
from moderator.domain.rooms import Room
from moderator.domain.screen_share import share_proposals
from moderator.domain.settings import DEFAULT_RESUME_WITHIN_MS, MINUTE_MS
from moderator.domain.telling import telling_proposals

RELOAD_MS: Final = MINUTE_MS
"""Who only loads the page anew is back by then, and finds the same deadline although others may be coming."""


def decide(
    room: Room, now: int, *, clock_offset_ms: int = 0, held: bool = False, complete: bool = True
) -> list[Proposal]:
    """What policies and timers ask for at `now`, in gateway time.

    `clock_offset_ms` is what to add to the platform's times to get the gateway's; `held` pauses automatic disconnects;
    `complete` is False as long as somebody may be there of whom nothing was heard yet.
    """
    if room.state != "live":
        return []
    of_deadline = list(deadline_proposals(room, now, clock_offset_ms, held))
    return list(
        _one_disconnect_each(
            [
                *(_end_of_empty_room(room, now, clock_offset_ms) if complete else ()),
                *of_deadline,
                *blocked_proposals(room, now, held),
                *_objections(room, now, clock_offset_ms, held),
                *share_proposals(room, now, held),
                *(() if _moves_end(of_deadline) else telling_proposals(room, now)),
            ]
        )
    )


def _moves_end(proposals: Iterable[Proposal]) -> bool:
    """Whether what there is to tell people of the end would be wrong as soon as it is decided."""
    return any(isinstance(proposal.data, DeadlineSet | DeadlineCleared) for proposal in proposals)


def _objections(room: Room, now: int, clock_offset_ms: int, held: bool) -> Iterator[Proposal]:
    """Who has to go for another reason than the size of the room does not count for it."""
    others = (locked_out(room, clock_offset_ms), unlisted(room))
    for objection in (*others, over_size(room, going(room, now, others))):
        yield from disconnecting(room, objection, now, held)


def going(room: Room, now: int, others: Iterable[Objection]) -> frozenset[str]:
    """Ids of participants who have to go whatever the size of the room is: they take nobody's place."""
    return blocked(room, now) | {person.id for one in others for person in one.people}


def _one_disconnect_each(proposals: list[Proposal]) -> Iterator[Proposal]:
    """Several reasons may ask for the same person's disconnect; the first is enough."""
    targets: set[str] = set()
    for proposal in proposals:
        if isinstance(proposal.data, DisconnectRequested):
            if proposal.data.participant in targets:
                continue
            targets.add(proposal.data.participant)
        yield proposal


def wake_at(room: Room, now: int, *, clock_offset_ms: int = 0) -> int | None:
    """The next moment after `now` at which `decide` may ask for something although nothing happened."""
    if room.state != "live":
        return None
    empty_until = _empty_until(room, clock_offset_ms)
    times = [*wake_times(room), *retry_times(room), *block_ends(room)]
    if empty_until is not None:
        times.append(empty_until + clock_offset_ms)
    return min((at for at in times if at > now), default=None)


def _end_of_empty_room(room: Room, now: int, clock_offset_ms: int) -> Iterator[Proposal]:
    since, ends_at = _empty_since(room), _empty_until(room, clock_offset_ms)
    if since is not None and ends_at is not None and now >= ends_at + clock_offset_ms:
        yield Proposal(RoomEnded(reason="empty", empty_since=since), TIMER, (since, ends_at), at=ends_at)


def _empty_since(room: Room) -> int | None:
    """When the last one left, in the platform's time; None while somebody is there."""
    if room.people or not room.participants or room.instance_kept_by == "provider":
        return None
    return max(one.left_at or one.joined_at for one in room.participants)


def _empty_until(room: Room, clock_offset_ms: int) -> int | None:
    """When an empty room counts as ended, in the platform's time; None while somebody is in it.

    Who comes for the next appointment must not land in what is left of this one.
    """
    since = _empty_since(room)
    if since is None:
        return None
    until = since + (room.limits.resume_within_ms if room.limits else DEFAULT_RESUME_WITHIN_MS)
    if room.next_appointment is None:
        return until
    is_over = room.deadline is not None and room.deadline.expired
    others_come_at = room.next_appointment.starts_at - EARLY_MS - clock_offset_ms
    return min(until, max(others_come_at, since if is_over else since + RELOAD_MS))
