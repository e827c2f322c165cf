"""Which room and which participant somebody means who typed a few words. What is ambiguous is refused, not guessed."""

from collections.abc import Iterable, Sequence
from typing import Final

from moderator.domain.rooms import Participant, Room

MOST_CANDIDATES: Final = 10


class NotSelected(Exception):
    """These words name nothing, or more than one thing. The message is a sentence that lists the candidates."""


def select_room(text: str, rooms: Sequence[Room]) -> Room:
    """The room that is meant by `SOURCE/ROOM`, the room by id or name, or by an id or name alone. Raises NotSelected.

    The full address by id always wins. A name that several rooms have means the live one, if only one of them is live.
    """
    found = [room for room in rooms if text == f"{room.source}/{room.room}"]
    found = found or [room for room in rooms if text in {f"{room.source}/{room.name}", room.name, room.room}]
    if len(found) > 1:
        found = [room for room in found if room.state == "live"] or found
    if len(found) != 1:
        # By id where the names do not tell them apart; else by name, as the ids of some platforms fill a line each.
        names = {f"{room.source}/{room.name or room.room}" for room in rooms}
        raise _not_selected(text, "room", map(_room_words, found), names)
    return found[0]


def select_participant(text: str, room: Room) -> Participant:
    """The participant that is meant by an id, or by the user or name of one who is here. Raises NotSelected.

    Users and names count alike: people choose their names, and nobody should be taken for another by choosing well.
    """
    by_id = room.participant(text)
    if by_id is not None:
        return by_id
    here = room.here()
    found = [one for one in here if text and text in {one.user, one.name}]
    if len(found) != 1:
        raise _not_selected(text, "participant", map(_participant_words, found), map(_participant_words, here))
    return found[0]


def _not_selected(text: str, kind: str, found: Iterable[str], all_: Iterable[str]) -> NotSelected:
    """`found`: what it could be; `all_`: what there is. In words."""
    if could_be := _listed(found):
        return NotSelected(f"{text!r} could be any of: {could_be}; say which by its id")
    listed = _listed(all_)
    there_is = f"there is: {listed}" if listed else f"there is no {kind} now"
    return NotSelected(f"no {kind} is called {text!r}; {there_is}")


def _listed(candidates: Iterable[str]) -> str:
    listed = sorted(candidates)
    more = len(listed) - MOST_CANDIDATES
    return ", ".join(listed[:MOST_CANDIDATES]) + (f" and {more} more" if more > 0 else "")


def _room_words(room: Room) -> str:
    address = f"{room.source}/{room.room}"
    return address if room.name == room.room else f"{address} ({room.name})"


def _participant_words(participant: Participant) -> str:
    known = [word for word in (participant.user, participant.name) if word]
    return f"{participant.id} ({', '.join(known)})" if known else participant.id
