"""What can tell who somebody is, by the names of members, and how it is taken out. Pure.

The same table holds for events in the log (`moderator.journal.personal`) and for the state that stands for trimmed ones
(`erasure`), each with its exceptions.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, Final

from moderator.domain.ids import REUSED

Members = dict[str, Any]


class Sort(Enum):
    """What becomes of a member when the person is erased."""

    USER = "becomes the pseudonym"
    SEAT = "is a participant's id: personal where the application chooses it, and then the user's id is replaced in it"
    PEOPLE = "is a list of people, kept one by one"
    TEXT = "is dropped"


SORTS_OF_MEMBERS: Final[Mapping[str, Sort]] = {
    "user": Sort.USER,
    "person": Sort.USER,
    "participant": Sort.SEAT,
    "allow": Sort.PEOPLE,
    "people": Sort.PEOPLE,
    "name": Sort.TEXT,
    "data": Sort.TEXT,
    "platform": Sort.TEXT,
    "room_name": Sort.TEXT,
    "reason": Sort.TEXT,
    "why": Sort.TEXT,
    "text": Sort.TEXT,
    "problem": Sort.TEXT,
    "body": Sort.TEXT,
    "query": Sort.TEXT,
    "detail": Sort.TEXT,
    "conference": Sort.TEXT,
    "rtcstats_user": Sort.TEXT,
    "rtcstats_session": Sort.TEXT,
}
"""Members that are personal, by their name, in whatever kind of event or part of the state."""

MIN_NAME_WORDS: Final = 2
"""A first name alone is the name of many."""
MIN_ID_LENGTH: Final = 4
"""A shorter id may be anything: it counts where it stands as a value, not among words."""


class Person:
    """Somebody to be erased: which texts are about them, and what stands in the place of those afterwards."""

    def __init__(self, user: str, pseudonym: str, seats: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        """`seats`: ids of connections they had. `names`: what they were called."""
        self.user = user
        self._pseudonym = pseudonym
        phrases = {user, *seats, *(name for name in names if len(name.split()) >= MIN_NAME_WORDS)} - {""}
        self._mentioned = re.compile("|".join(map(_mention, sorted(phrases))), re.IGNORECASE)

    def erase_own(self, members: Members) -> Members:
        """Members of an event that is about this person."""
        return {name: self._own(name, value) for name, value in members.items()}

    def erase_mentions(self, members: Members) -> Members:
        """Members of an event that is about somebody else, or nobody."""
        return {name: dropped(value) if self._is_mention(name, value) else value for name, value in members.items()}

    def mentions(self, value: Any) -> bool:
        """Whether a text, or one somewhere in a table or list, speaks of this person."""
        return any(self._mentioned.search(text) for text in _strings(value))

    def seat(self, participant: str) -> str:
        """The id of a connection, without the user's id in it."""
        if participant == self.user:
            return self._pseudonym
        key, reused, joined_at = participant.rpartition(REUSED)  # an id may hold the mark itself: an address
        return f"{self._pseudonym}{reused}{joined_at}" if reused and key == self.user else participant

    def _own(self, name: str, value: Any) -> Any:
        match SORTS_OF_MEMBERS.get(name, Sort.TEXT):
            case Sort.USER:
                return self._pseudonym
            case Sort.SEAT:
                return self.seat(value)
            case Sort.PEOPLE:
                return {**value, "user": self._pseudonym} if isinstance(value, dict) else self._pseudonym
            case Sort.TEXT:
                return dropped(value)

    def _is_mention(self, name: str, value: Any) -> bool:
        return SORTS_OF_MEMBERS.get(name, Sort.TEXT) is Sort.TEXT and self.mentions(value)


def _mention(phrase: str) -> str:
    """The pattern of a text that speaks of an id or a name."""
    if len(phrase) >= MIN_ID_LENGTH:
        return rf"(?<!\w){re.escape(phrase)}(?!\w)"
    return rf"(?:(?<=[\"=])|\A){re.escape(phrase)}(?=[\";]|\Z)"


def dropped(value: Any) -> Any:
    """What stands where a text stood, or a table of texts."""
    return "" if isinstance(value, str) else {}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield str(key)
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
