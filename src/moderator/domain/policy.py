"""Policy decides, the gateway executes: from a room and the time to what should be put to the log. Pure."""

from collections.abc import Iterator

from moderator.domain.deadlines import deadline_proposals, wake_times
from moderator.domain.events import DisconnectRequested, Event, RoomEnded, RoomEndRequested
from moderator.domain.proposals import TIMER, Proposal
from moderator.domain.removals import blocked_proposals, retry_times
from moderator.domain.room_size import room_size_proposals
from moderator.domain.rooms import Room
from moderator.domain.settings import DEFAULT_RESUME_WITHIN_MS, OnExpiry


def decide(
    room: Room, now: int, *, clock_offset_ms: int = 0, held: bool = False, complete: bool = True
) -> list[Proposal]:
    """What policies and timers ask for at `now`, in gateway time.

    `clock_offset_ms` is what to add to the platform's times to get the gateway's; `held` pauses automatic disconnects;
    `complete` is False as long as somebody may be there of whom nothing was heard yet.
    """
    if room.state != "live":
        return []
    return list(
        _one_disconnect_each(
            [
                *(_end_of_empty_room(room, now, clock_offset_ms) if complete else ()),
                *deadline_proposals(room, now, clock_offset_ms, held),
                *blocked_proposals(room, now, held),
                *room_size_proposals(room, now, held),
            ]
        )
    )


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
    empty_until = _empty_until(room)
    times = [*wake_times(room), *retry_times(room)]
    if empty_until is not None:
        times.append(empty_until + clock_offset_ms)
    return min((at for at in times if at > now), default=None)


def _end_of_empty_room(room: Room, now: int, clock_offset_ms: int) -> Iterator[Proposal]:
    since, ends_at = _empty_since(room), _empty_until(room)
    if since is not None and ends_at is not None and now >= ends_at + clock_offset_ms:
        yield Proposal(RoomEnded(reason="empty", empty_since=since), TIMER, (since, ends_at), at=ends_at)


def _empty_since(room: Room) -> int | None:
    """When the last one left, in the platform's time; None while somebody is there."""
    if room.people or not room.participants or room.instance_kept_by == "provider":
        return None
    return max(one.left_at or one.joined_at for one in room.participants)


def _empty_until(room: Room) -> int | None:
    """When an empty room counts as ended, in the platform's time; None while somebody is in it."""
    since = _empty_since(room)
    resume_within_ms = room.limits.resume_within_ms if room.limits else DEFAULT_RESUME_WITHIN_MS
    return None if since is None else since + resume_within_ms


def still_wanted(room: Room, event: Event, now: int, *, held: bool) -> bool:
    """Whether a command that was decided earlier should still be carried out, before anything is done about it.

    What a moderator ordered stands. What a policy decided falls when its reason is gone: time was added, somebody
    else left, the block was lifted, or automatic disconnects were held.
    """
    data = event.data
    if event.actor.kind != "policy":
        return True
    if isinstance(data, RoomEndRequested):
        return not held and _is_time_over(room, "end")
    if not isinstance(data, DisconnectRequested):
        return True
    participant = room.participant(data.participant)
    if held or participant is None:
        return False
    if any(block.user == participant.user and block.holds(now) for block in room.blocks):
        return True
    if data.block:
        return False
    if room.limits is None or room.limits.mode != "enforce":
        return False
    if data.reason == "time_over":
        return _is_time_over(room, "disconnect")
    found = any(one.participant == participant.id for one in room.violations)
    return found and participant.person not in room.allowed


def _is_time_over(room: Room, on_expiry: OnExpiry) -> bool:
    """Whether the room's time is up, and its type then wants this."""
    limits = room.limits
    if limits is None or limits.mode != "enforce" or limits.on_expiry != on_expiry:
        return False
    return room.deadline is not None and room.deadline.expired
