"""How commands and what became of them are judged: part of the table of decisions."""

from msgspec.structs import replace

from moderator.domain.decided import REMOVING, Decided, Refused, Removal, expect_next
from moderator.domain.events import (
    DisconnectRequested,
    Event,
    ExtensionRequested,
    MessageRequested,
    MuteRequested,
    kind_of,
)
from moderator.domain.kinds import Command, Outcome
from moderator.domain.rooms import Failure, Pending, Violation


def requested(decided: Decided, event: Event, data: Command) -> Decided:
    """What stands after somebody asked for this. Raises Refused."""
    # What becomes of a microphone is told by what was to be done with it.
    command = data.mode if isinstance(data, MuteRequested) else kind_of(type(data)).removesuffix("_requested")
    decided = _in_its_slot(decided, data)
    pending = Pending(
        command=command,
        target=data.target,
        by=event.actor.id or event.actor.kind,
        at=event.recorded_at,
        id=event.id,
        reason=getattr(data, "reason", ""),
    )
    decided = replace(decided, pending=(*decided.pending, pending))
    if command in REMOVING:
        return _removing(decided, event, data.target)
    if event.actor.kind == "policy":
        return replace(decided, violations=_attempted(decided.violations, data.target))
    return decided


def _in_its_slot(decided: Decided, data: Command) -> Decided:
    """What stands when the slot is taken. Raises Refused when it was."""
    match data:
        case DisconnectRequested(participant=participant):
            if any((found.command, found.target) == ("disconnect", participant) for found in decided.pending):
                raise Refused("already_requested", "this participant is being disconnected already")
        case ExtensionRequested(version=version):
            expect_next(decided, version)
        case MessageRequested(about=about) if about:
            if about in decided.told:
                raise Refused("already_told", "the people in the room were told of this before")
            return replace(decided, told=(*decided.told, about))
    return decided


def _removing(decided: Decided, event: Event, target: str) -> Decided:
    disconnects = {**decided.disconnects, target: decided.disconnects.get(target, 0) + 1}
    removals = (*decided.removals, Removal(event.id, target)) if target else decided.removals
    return replace(decided, removals=removals, disconnects=disconnects)


def _attempted(violations: tuple[Violation, ...], target: str) -> tuple[Violation, ...]:
    """The violations, those about a stream of this participant counted up."""
    return tuple(
        replace(one, attempts=one.attempts + 1) if one.stream and one.participant == target else one
        for one in violations
    )


def settled(decided: Decided, event: Event, data: Outcome) -> Decided:
    """What stands after a command was confirmed, or failed. Raises Refused."""
    command = next((found for found in decided.pending if found.id == data.command), None)
    if command is None:
        raise Refused("already_settled", "this command was settled before")
    failures = tuple(one for one in decided.failures if (one.command, one.target) != (command.command, command.target))
    removals = decided.removals
    if event.kind.endswith("_failed"):
        count = 1 + sum(one.count for one in decided.failures if one not in failures)
        failures = (*failures, Failure(command.command, command.target, event.recorded_at, count, data.why))
        removals = tuple(one for one in removals if one.command != command.id)
    pending = tuple(found for found in decided.pending if found is not command)
    return replace(decided, pending=pending, removals=removals, failures=failures)
