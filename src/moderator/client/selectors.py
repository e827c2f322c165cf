"""Which room and which participant somebody means who typed a few words. What is ambiguous is refused, not guessed."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from moderator.domain.rooms import Participant, Room

MOST_CANDIDATES: Final = 10
T = TypeVar("T")


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
    return _only(text, "room", found, rooms, _room_words)


def select_participant(text: str, room: Room) -> Participant:
    """The participant that is meant by an id, or by the user or name of one who is here. Raises NotSelected.

    Users and names count alike: people choose their names, and nobody should be taken for another by choosing well.
    """
    by_id = room.participant(text)
    if by_id is not None:
        return by_id
    here = room.here()
    found = [one for one in here if text and text in {one.user, one.name}]
    return _only(text, "participant", found, here, _participant_words)


def _only(text: str, kind: str, found: Sequence[T], all_: Sequence[T], words: Callable[[T], str]) -> T:
    if len(found) == 1:
        return found[0]
    if found:
        raise NotSelected(f"{text!r} could be any of: {_listed(map(words, found))}; say which by its id")
    there_is = f"there is: {_listed(map(words, all_))}" if all_ else f"there is no {kind} now"
    raise NotSelected(f"no {kind} is called {text!r}; {there_is}")


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
