"""How many people may be in a room. People are counted, not connections.

Of too many, those go who came last: a person's turn is their first join in this instance, so neither a reconnect nor
a second tab costs anybody their place. Joins in the same millisecond go by the person's id. Who has to go anyway
takes nobody's place.
"""

from collections.abc import Set as AbstractSet
from typing import Final

from moderator.domain.objections import Objection
from moderator.domain.rooms import Participant, Room

MAX_PEOPLE: Final = "max_people"


def over_size(room: Room, going: AbstractSet[str]) -> Objection:
    """Who is one too many. `going`: ids of participants who have to go anyway."""
    limits = room.limits
    max_people = limits.max_people if limits and limits.mode != "off" else None
    return Objection(
        policy=MAX_PEOPLE,
        reason="room_full",
        people=() if max_people is None or room.people <= max_people else _too_many(room, max_people, going),
        enforced=limits is not None and limits.mode == "enforce",
    )


def _too_many(room: Room, max_people: int, going: AbstractSet[str]) -> tuple[Participant, ...]:
    turns: dict[str, int] = {}
    for participant in room.participants:
        turns.setdefault(participant.person, participant.joined_at)
    here = [one for one in room.here() if one.person not in room.allowed and one.id not in going]
    by_turn = sorted({one.person for one in here}, key=lambda person: (turns[person], person))
    last = set(by_turn[max_people:])
    return tuple(one for one in here if one.person in last)
