"""How decisions are judged. A decision names the slot and version it expects; the first in the log's order wins it.

Only earlier decisions are looked at, never facts, so a late fact cannot change who won.
"""

from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from moderator.domain.commands import requested, settled
from moderator.domain.decided import Decided, Refused, expect_next
from moderator.domain.events import (
    DeadlineCleared,
    DeadlineExtended,
    DeadlineSet,
    Event,
    PersonAllowed,
    RoomClaimed,
    RoomLocked,
    RoomReleased,
    RoomUnlocked,
    TimeExpired,
    ViolationCleared,
    ViolationFound,
    WarningAcknowledged,
    WarningRaised,
)
from moderator.domain.kinds import Command, Data, Outcome
from moderator.domain.rooms import Deadline, Lock, Person, Violation, Warning
from moderator.domain.settings import grace_ms, last_call_ms


def judge(decided: Decided, event: Event) -> Decided:
    """What stands after this decision. Raises Refused when its slot is taken or the version it expects is stale."""
    data = event.data
    if isinstance(data, Command):
        return requested(decided, event, data)
    if isinstance(data, Outcome):
        return settled(decided, event, data)
    rule = _RULES.get(type(data))
    return rule(decided, event, data) if rule else decided


# --- deadlines -----------------------------------------------------------------------------------------------------


def _deadline_set(decided: Decided, event: Event, data: DeadlineSet) -> Decided:
    expect_next(decided, data.version)
    before = decided.deadline
    deadline = Deadline(
        ends_at=data.ends_at,
        moved_ms=data.ends_at - before.ends_at if before else 0,
        version=data.version,
        kept_by=data.kept_by,
        extended_ms=before.extended_ms if before else 0,
        changed_by=event.actor.id,
        changed_by_name=event.actor.name,
        basis=data.basis or (before.basis if before else ""),
        warn_ms=data.warn_ms,
        reported_ends_at=data.reported_ends_at,
        changed_at=event.recorded_at,
    )
    return replace(decided, deadline=_armed(deadline, before, event), deadline_version=data.version)


def _deadline_extended(decided: Decided, event: Event, data: DeadlineExtended) -> Decided:
    expect_next(decided, data.version)
    before = decided.deadline
    if before is None:
        raise Refused("no_deadline", "the room has no deadline to extend")
    added_ms = data.seconds * 1000
    deadline = replace(
        before,
        ends_at=before.ends_at + added_ms,
        moved_ms=added_ms,
        version=data.version,
        extended_ms=before.extended_ms + added_ms,
        changed_by=event.actor.id,
        changed_by_name=event.actor.name,
        reported_ends_at=data.reported_ends_at,
        changed_at=event.recorded_at,
        expired=False,
    )
    return replace(decided, deadline=_armed(deadline, before, event), deadline_version=data.version)


def _deadline_cleared(decided: Decided, event: Event, data: DeadlineCleared) -> Decided:
    expect_next(decided, data.version)
    return replace(decided, deadline=None, deadline_version=data.version)


def _armed(deadline: Deadline, before: Deadline | None, event: Event) -> Deadline:
    """Thresholds that this version still has to raise.

    What is at or above the time left counts as raised. Once people were warned, a threshold is armed again only with
    half as much again as the grace to spare (30 s for 20 s), so that a small correction does not repeat the warning
    at once. An end that a platform keeps may be seen for the first time when little is left: then it is warned at once.
    """
    if before is None and deadline.kept_by == "provider":
        return replace(deadline, armed_ms=deadline.warn_ms or (last_call_ms(()),))
    left_ms = deadline.ends_at - event.recorded_at
    spare_ms = grace_ms(deadline.warn_ms) * 3 // 2 if before else 1
    thresholds = deadline.warn_ms or (last_call_ms(()),)
    armed = tuple(
        threshold
        for threshold in thresholds
        if left_ms >= threshold + (1 if before and threshold in before.armed_ms else spare_ms)
    )
    warned_in_vain = before is None or before.expired or last_call_ms(deadline.warn_ms) in armed
    last_call_at = None if warned_in_vain or before is None else before.last_call_at
    return replace(deadline, armed_ms=armed, last_call_at=last_call_at)


# --- warnings and expiry -------------------------------------------------------------------------------------------


def _current(decided: Decided, version: int) -> Deadline:
    if decided.deadline is None or decided.deadline.version != version:
        raise Refused("stale", f"the deadline is at version {decided.deadline_version}, not {version}")
    return decided.deadline


def _warning_raised(decided: Decided, event: Event, data: WarningRaised) -> Decided:
    deadline = _current(decided, data.deadline_version)
    is_last_call = data.threshold_ms == last_call_ms(deadline.warn_ms)
    if any(
        found.deadline_version == data.deadline_version and found.threshold_ms <= data.threshold_ms
        for found in decided.warnings
    ):
        raise Refused("already_raised", "this warning, or a tighter one, was raised before")
    warning = Warning(
        id=f"{data.deadline_version}-{data.threshold_ms}",
        threshold_ms=data.threshold_ms,
        deadline_version=data.deadline_version,
        raised_at=event.recorded_at,
    )
    deadline = replace(
        deadline,
        armed_ms=tuple(threshold for threshold in deadline.armed_ms if threshold < data.threshold_ms),
        last_call_at=event.recorded_at if is_last_call else deadline.last_call_at,
    )
    return replace(decided, deadline=deadline, warnings=(*decided.warnings, warning))


def _warning_acknowledged(decided: Decided, event: Event, data: WarningAcknowledged) -> Decided:
    if not any(found.id == data.warning for found in decided.warnings):
        raise Refused("unknown_warning", f"there is no warning {data.warning}")
    if any(found.id == data.warning and found.acknowledged_by is not None for found in decided.warnings):
        raise Refused("already_acknowledged", "somebody else acknowledged it first")
    warnings = (_acknowledged(found, event) if found.id == data.warning else found for found in decided.warnings)
    return replace(decided, warnings=tuple(warnings))


def _acknowledged(warning: Warning, event: Event) -> Warning:
    by, name = event.actor.id, event.actor.name
    return replace(warning, acknowledged_by=by, acknowledged_by_name=name, acknowledged_at=event.recorded_at)


def _time_expired(decided: Decided, event: Event, data: TimeExpired) -> Decided:
    deadline = _current(decided, data.deadline_version)
    if deadline.expired:
        raise Refused("already_expired", "the time was up before")
    return replace(decided, deadline=replace(deadline, expired=True, armed_ms=()))


# --- violations, people, owner -------------------------------------------------------------------------------------


def _violation_found(decided: Decided, event: Event, data: ViolationFound) -> Decided:
    if any(found.policy == data.policy and found.participant == data.participant for found in decided.violations):
        raise Refused("already_found", "this violation is known")
    if (data.user or data.participant) in decided.allowed:
        raise Refused("allowed", "a moderator has allowed this person to stay")
    violation = Violation(
        policy=data.policy,
        participant=data.participant,
        user=data.user,
        reason=data.reason,
        found_at=event.recorded_at,
        enforced=data.enforced,
        stream=data.stream,
    )
    return replace(decided, violations=(*decided.violations, violation))


def _violation_cleared(decided: Decided, event: Event, data: ViolationCleared) -> Decided:
    left = tuple(
        found
        for found in decided.violations
        if not (found.policy == data.policy and found.participant == data.participant)
    )
    if len(left) == len(decided.violations):
        raise Refused("unknown_violation", "there is no such violation")
    return replace(decided, violations=left, violations_cleared=decided.violations_cleared + 1)


def _person_allowed(decided: Decided, event: Event, data: PersonAllowed) -> Decided:
    if data.person in decided.allowed:
        raise Refused("already_allowed", "this person is allowed already")
    violations = tuple(found for found in decided.violations if data.person not in (found.user, found.participant))
    cleared = decided.violations_cleared + len(decided.violations) - len(violations)
    allowed = (*decided.allowed, data.person)
    return replace(decided, allowed=allowed, violations=violations, violations_cleared=cleared)


def _room_claimed(decided: Decided, event: Event, data: RoomClaimed) -> Decided:
    return replace(decided, owner=Person(data.moderator, data.name))


def _room_released(decided: Decided, event: Event, data: RoomReleased) -> Decided:
    return replace(decided, owner=None)


def _room_locked(decided: Decided, event: Event, data: RoomLocked) -> Decided:
    if decided.locked is not None:
        raise Refused("already_locked", "the room is locked already")
    lock = Lock(by=event.actor.id or event.actor.kind, at=event.recorded_at, people=data.people)
    return replace(decided, locked=lock)


def _room_unlocked(decided: Decided, event: Event, data: RoomUnlocked) -> Decided:
    if decided.locked is None:
        raise Refused("not_locked", "the room is not locked")
    return replace(decided, locked=None)


Rule = Callable[[Decided, Event, Any], Decided]

_RULES: Final[dict[type[Data], Rule]] = {
    DeadlineSet: _deadline_set,
    DeadlineExtended: _deadline_extended,
    DeadlineCleared: _deadline_cleared,
    WarningRaised: _warning_raised,
    WarningAcknowledged: _warning_acknowledged,
    TimeExpired: _time_expired,
    ViolationFound: _violation_found,
    ViolationCleared: _violation_cleared,
    PersonAllowed: _person_allowed,
    RoomClaimed: _room_claimed,
    RoomReleased: _room_released,
    RoomLocked: _room_locked,
    RoomUnlocked: _room_unlocked,
}
