"""How many people may be in a room. People are counted, not connections.

Of too many, those go who came last: a person's turn is their first join in this instance, so neither a reconnect nor
a second tab costs anybody their place. Joins in the same millisecond go by the person's id.
"""

from collections.abc import Iterator

from moderator.domain.events import DisconnectRequested, ViolationCleared, ViolationFound
from moderator.domain.proposals import POLICY, Proposal
from moderator.domain.removals import attempt
from moderator.domain.rooms import Participant, Room

MAX_PEOPLE = "max_people"


def room_size_proposals(room: Room, now: int, held: bool) -> Iterator[Proposal]:
    """Violations to be found or cleared, and the disconnects that enforcing them takes."""
    limits = room.limits
    mode = limits.mode if limits else "off"
    max_people = limits.max_people if limits and mode != "off" else None
    too_many = {one.id: one for one in _too_many(room, max_people)} if max_people is not None else {}
    enforced = mode == "enforce"
    known = {one.participant: one.enforced for one in room.violations if one.policy == MAX_PEOPLE}
    for participant in too_many.values():
        if participant.id not in known:
            yield Proposal(_found(participant, enforced), POLICY, (MAX_PEOPLE, participant.id, room.violations_cleared))
        tries = attempt(room, participant.id, now)
        if enforced and not held and tries is not None and known.get(participant.id, True):
            data = DisconnectRequested(participant=participant.id, reason="room_full")
            yield Proposal(data, POLICY, (MAX_PEOPLE, participant.id, tries))
    for gone in sorted(id_ for id_ in known if id_ not in too_many or known[id_] != enforced):
        yield Proposal(
            ViolationCleared(policy=MAX_PEOPLE, participant=gone), POLICY, (MAX_PEOPLE, gone, room.violations_cleared)
        )


def _too_many(room: Room, max_people: int) -> list[Participant]:
    turns: dict[str, int] = {}
    for participant in room.participants:
        turns.setdefault(participant.person, participant.joined_at)
    here = [one for one in room.here() if one.person not in room.allowed]
    by_turn = sorted({one.person for one in here}, key=lambda person: (turns[person], person))
    last = set(by_turn[max_people:])
    return [one for one in here if one.person in last]


def _found(participant: Participant, enforced: bool) -> ViolationFound:
    return ViolationFound(
        policy=MAX_PEOPLE,
        participant=participant.id,
        user=participant.user,
        reason="room_full",
        enforced=enforced,
    )
