"""When a room must end, who is told before, and what happens then. The gateway decides; nothing is ever decremented."""

from collections.abc import Iterator

from moderator.domain.decided import EXTENSION
from moderator.domain.events import (
    DeadlineCleared,
    DeadlineSet,
    DisconnectRequested,
    RoomEndRequested,
    TimeExpired,
    WarningRaised,
)
from moderator.domain.proposals import POLICY, TIMER, Proposal
from moderator.domain.removals import attempt
from moderator.domain.rooms import Deadline, Participant, Room
from moderator.domain.settings import DEFAULT_WARN_MS, grace_ms, last_call_ms


def deadline_proposals(room: Room, now: int, clock_offset_ms: int, held: bool) -> Iterator[Proposal]:
    """What the room's time limit asks for at `now` (gateway time; the platform's times plus `clock_offset_ms`)."""
    if room.deadline_is_platforms:
        yield from _platforms_deadline(room, clock_offset_ms)
    elif room.deadline is None:
        yield from _first_deadline(room, now, clock_offset_ms)
    if room.deadline is None:
        return
    yield from _warning(room.deadline, now)
    if is_due(room.deadline, now):
        yield Proposal(_expired(room, room.deadline), TIMER, (room.deadline.version,))
    if room.deadline.expired and not held:
        yield from _cutting_off(room, room.deadline, now)


def wake_times(room: Room) -> Iterator[int]:
    """Moments at which the deadline will ask for something."""
    deadline = room.deadline
    if deadline is None:
        return
    yield from (deadline.ends_at - threshold for threshold in deadline.armed_ms)
    if deadline.last_call_at is None:
        yield deadline.ends_at - last_call_ms(deadline.warn_ms)
    elif not deadline.expired:
        grace = grace_ms(deadline.warn_ms)
        yield from (deadline.ends_at + grace, max(deadline.ends_at, deadline.last_call_at + grace))


def is_due(deadline: Deadline, now: int) -> bool:
    """The time is up, and people had the last call and the grace after it."""
    if deadline.expired or deadline.last_call_at is None:
        return False
    grace = grace_ms(deadline.warn_ms)
    # A last call yet to come: the clock was set back since, by more than gateways' clocks differ.
    last_call_at = deadline.ends_at if deadline.last_call_at > now + grace else deadline.last_call_at
    return now >= max(deadline.ends_at, last_call_at + grace)


def started_at(room: Room, clock_offset_ms: int) -> int | None:
    """When the clock of the room started, by the start rule of its type; None as long as it has not.

    In the gateway's time: the platform's plus `clock_offset_ms`. An appointment is in the gateway's time by itself.
    """
    appointment, participants = room.appointment, room.participants
    match room.limits.starts if room.limits else None:
        case "scheduled":
            return appointment.starts_at if appointment else None
        case "first_join":
            started = min((one.joined_at for one in participants), default=None)
        case "second_person":
            started = _second_person(participants)
        case "provider":
            started = room.reported_start
        case _:
            started = None
    return None if started is None else started + clock_offset_ms


def _second_person(participants: tuple[Participant, ...]) -> int | None:
    """The first moment at which two different people were in the room together."""
    for second in sorted(participants, key=lambda one: one.joined_at):
        for first in participants:
            overlaps = first.joined_at <= second.joined_at and (
                first.left_at is None or first.left_at > second.joined_at
            )
            if overlaps and first.person != second.person:
                return second.joined_at
    return None


def _platforms_deadline(room: Room, clock_offset_ms: int) -> Iterator[Proposal]:
    """What the platform told of the end it keeps, where the deadline does not say so yet.

    While it is being extended, the outcome of that will say it, and who did it.
    """
    told, deadline, version = room.reported_end, room.deadline, room.deadline_version + 1
    if told is None or any(one.command == EXTENSION for one in room.pending):
        return
    # A proposal that lost to an extension is made anew when that has failed.
    failed_at = max((one.at for one in room.failures if one.command == EXTENSION), default=0)
    if told.ends_at is None:
        if deadline is not None and deadline.kept_by == "provider":
            yield Proposal(
                DeadlineCleared(version=version, reason="the platform has no limit"), TIMER, (version, failed_at)
            )
    elif deadline is None or deadline.reported_ends_at != told.ends_at:
        data = platforms_end(room, told.ends_at, clock_offset_ms, f"the platform's timer at {told.ends_at}")
        yield Proposal(data, TIMER, (version, told.ends_at, failed_at))


def platforms_end(room: Room, ends_at: int, clock_offset_ms: int, basis: str, reason: str = "") -> DeadlineSet:
    """The next version of the deadline, where the platform keeps it: `ends_at` is by the platform's clock."""
    return DeadlineSet(
        version=room.deadline_version + 1,
        ends_at=ends_at + clock_offset_ms,
        kept_by="provider",
        warn_ms=room.limits.warn_ms if room.limits else DEFAULT_WARN_MS,
        reported_ends_at=ends_at,
        basis=basis,
        reason=reason,
    )


def _first_deadline(room: Room, now: int, clock_offset_ms: int) -> Iterator[Proposal]:
    limits = room.limits
    if limits is None or limits.duration_ms is None or room.deadline_version:
        return
    started = started_at(room, clock_offset_ms)
    if started is None:
        return
    # A platform whose clock is ahead gives nobody more time; but an appointment may well be still to come.
    begins_at = started if limits.starts == "scheduled" else min(started, now)
    basis = f"{limits.starts} at {begins_at}"
    ends_at = begins_at + limits.duration_ms
    yield Proposal(DeadlineSet(version=1, ends_at=ends_at, warn_ms=limits.warn_ms, basis=basis), TIMER, (1,))


def _warning(deadline: Deadline, now: int) -> Iterator[Proposal]:
    """The tightest threshold that was crossed. The last call is due in any case before somebody is cut off."""
    left_ms = deadline.ends_at - now
    crossed = [threshold for threshold in deadline.armed_ms if left_ms <= threshold]
    last_call = last_call_ms(deadline.warn_ms)
    if deadline.last_call_at is None and not deadline.expired and left_ms <= last_call:
        crossed.append(last_call)
    if crossed:
        data = WarningRaised(deadline_version=deadline.version, threshold_ms=min(crossed))
        yield Proposal(data, TIMER, (deadline.version, min(crossed)))


def _cutting_off(room: Room, deadline: Deadline, now: int) -> Iterator[Proposal]:
    """What the type wants done when time is up. A platform that keeps the deadline does it itself."""
    limits = room.limits
    if limits is None or limits.mode != "enforce" or deadline.kept_by != "gateway":
        return
    match limits.on_expiry:
        case "disconnect":
            yield from _disconnects(room, deadline, now)
        case "end":
            yield from _end(room, deadline, now)
        case "alert":
            pass


def _expired(room: Room, deadline: Deadline) -> TimeExpired:
    limits = room.limits
    has_to_end = limits is not None and limits.mode == "enforce" and limits.on_expiry != "alert"
    enforced = deadline.kept_by == "provider" or has_to_end
    return TimeExpired(deadline_version=deadline.version, people=room.people, enforced=enforced)


def _end(room: Room, deadline: Deadline, now: int) -> Iterator[Proposal]:
    tries = attempt(room, "", now) if room.here() else None
    if tries is not None:
        yield Proposal(RoomEndRequested(reason="time_over"), POLICY, ("time_over", deadline.version, tries))


def _disconnects(room: Room, deadline: Deadline, now: int) -> Iterator[Proposal]:
    for participant in room.here():
        tries = attempt(room, participant.id, now)
        if tries is not None:
            data = DisconnectRequested(participant=participant.id, reason="time_over")
            yield Proposal(data, POLICY, ("time_over", deadline.version, participant.id, tries))
