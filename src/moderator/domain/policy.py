"""Policy decides, the gateway executes: from a room and the time to what should be put to the log. Pure."""

from collections.abc import Iterator

from moderator.domain.deadlines import deadline_proposals, wake_times
from moderator.domain.events import DisconnectRequested, Event, RoomEnded
from moderator.domain.proposals import TIMER, Proposal
from moderator.domain.removals import blocked_proposals, retry_times
from moderator.domain.room_size import room_size_proposals
from moderator.domain.rooms import Room
from moderator.domain.settings import DEFAULT_RESUME_WITHIN_MS


def decide(room: Room, now: int, *, clock_offset_ms: int = 0, held: bool = False) -> list[Proposal]:
    """What policies and timers ask for at `now`, in gateway time.

    `clock_offset_ms` is what to add to the platform's times to get the gateway's; `held` pauses automatic disconnects.
    """
    if room.state != "live":
        return []
    return [
        *_end_of_empty_room(room, now, clock_offset_ms),
        *deadline_proposals(room, now, clock_offset_ms, held),
        *blocked_proposals(room, now, held),
        *room_size_proposals(room, now, held),
    ]


def wake_at(room: Room, now: int, *, clock_offset_ms: int = 0) -> int | None:
    """The next moment after `now` at which `decide` may ask for something although nothing happened."""
    if room.state != "live":
        return None
    empty_until = _empty_until(room)
    times = [*wake_times(room), *retry_times(room)]
    if empty_until is not None:
        times.append(empty_until + clock_offset_ms)
    return min((at for at in times if at > now), default=None)


def _end_of_empty_room(room: Room, now: int, clock_offset_ms: int) -> Iterator[Proposal]:
    ends_at = _empty_until(room)
    if ends_at is not None and now >= ends_at + clock_offset_ms:
        yield Proposal(RoomEnded(reason="empty"), TIMER, (ends_at,), at=ends_at)


def _empty_until(room: Room) -> int | None:
    """When an empty room counts as ended, in the platform's time; None while somebody is in it."""
    if room.people or not room.participants or room.instance_kept_by == "provider":
        return None
    resume_within_ms = room.limits.resume_within_ms if room.limits else DEFAULT_RESUME_WITHIN_MS
    return max(one.left_at or one.joined_at for one in room.participants) + resume_within_ms


def still_wanted(room: Room, event: Event, now: int, *, held: bool) -> bool:
    """Whether a command that was decided earlier should still be carried out, before anything is done about it.

    What a moderator ordered stands. What a policy decided falls when its reason is gone: time was added, somebody
    else left, the block was lifted, or automatic disconnects were held.
    """
    data = event.data
    if event.actor.kind != "policy" or not isinstance(data, DisconnectRequested):
        return True
    participant = room.participant(data.participant)
    if held or participant is None:
        return False
    if data.block:
        return any(block.user == participant.user and block.holds(now) for block in room.blocks)
    if data.reason == "time_over":
        return room.deadline is not None and room.deadline.expired
    return any(found.participant == participant.id for found in room.violations)
