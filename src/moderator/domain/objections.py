"""What policies that object to people have in common: violations are found and cleared, people are disconnected.

Whom a policy objects to is its own matter: it says so in a row, an `Objection`.
"""

from collections.abc import Iterator

from msgspec import Struct

from moderator.domain.events import DisconnectRequested, ViolationCleared, ViolationFound
from moderator.domain.kinds import Reason
from moderator.domain.proposals import POLICY, Proposal
from moderator.domain.removals import attempt
from moderator.domain.rooms import Participant, Room, Violation


class Objection(Struct, frozen=True, gc=False, kw_only=True):
    """Whom a policy does not allow in a room as it is now."""

    policy: str
    reason: Reason
    people: tuple[Participant, ...]
    """Who is there against it. Whom a moderator allowed is not among them: the fold would refuse the violation."""
    enforced: bool
    """Whether they have to go; else it is only written down what would have been done."""


def disconnecting(room: Room, objection: Objection, now: int, held: bool) -> Iterator[Proposal]:
    """Violations to be found or cleared, and the disconnects that enforcing them takes."""
    if not objection.people and not room.violations:
        return  # as nearly always; rules are looked at with every event
    found = [violation_of(objection, one) for one in objection.people]
    yield from finding(room, objection.policy, found)
    known = {one.participant: one for one in room.violations if one.policy == objection.policy}
    for one in found if objection.enforced and not held else ():
        tries = attempt(room, one.participant, now)
        if tries is not None and (one.participant not in known or _is_known(one, known)):
            data = DisconnectRequested(participant=one.participant, reason=objection.reason)
            yield Proposal(data, POLICY, (objection.policy, one.participant, tries))


def finding(room: Room, policy: str, found: list[ViolationFound]) -> Iterator[Proposal]:
    """Put the violations of a policy to the log that are not known, and take back those that are none any more."""
    if not found and not room.violations:
        return
    known = {one.participant: one for one in room.violations if one.policy == policy}
    standing = {one.participant for one in found if _is_known(one, known)}
    for one in found:
        if one.participant not in known:
            yield Proposal(one, POLICY, (policy, one.participant, room.violations_cleared))
    for gone in sorted(known.keys() - standing):
        data = ViolationCleared(policy=policy, participant=gone)
        yield Proposal(data, POLICY, (policy, gone, room.violations_cleared))


def violation_of(objection: Objection, participant: Participant) -> ViolationFound:
    """What is put to the log about somebody."""
    return ViolationFound(
        policy=objection.policy,
        participant=participant.id,
        user=participant.user,
        reason=objection.reason,
        enforced=objection.enforced,
    )


def _is_known(found: ViolationFound, known: dict[str, Violation]) -> bool:
    """What was found to be observed is not what is enforced, and one stream is not another."""
    before = known.get(found.participant)
    return before is not None and (before.enforced, before.stream) == (found.enforced, found.stream)
