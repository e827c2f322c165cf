"""What in an event can tell who somebody is. It is kept beside the log, so that it can be taken out of it.

One table says it for every kind of event. Pure: where the texts are kept is the store's business. Moderators are staff:
what they are called stays where it is, since the audit is about them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

from moderator.domain.events import KINDS
from moderator.domain.ids import REUSED, seat_key


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
"""Members that are personal, by their name, in whatever kind of event."""

NOT_PERSONAL: Final[Mapping[str, frozenset[str]]] = {
    # Names of rooms and of staff.
    "name": frozenset(
        {
            *("room_started", "room_announced", "announcement_withdrawn", "room_opened"),
            *("room_claimed", "duty_started", "token_issued"),
        }
    ),
    # What platforms give as a reason is a word of theirs, and policies choose from a list.
    "reason": frozenset(
        {
            *("room_ended", "participant_left", "stream_unpublished", "access_denied"),
            *("disconnect_requested", "stream_stop_requested", "room_end_requested"),
            *("violation_found", "person_blocked"),
        }
    ),
    "people": frozenset({"time_expired"}),  # a number
    "why": frozenset({"decision_refused"}),  # never stored
    "detail": frozenset({"source_silent", "source_recovered"}),  # about a platform
}
"""Where a member of such a name is none."""

CLEAR: Final = frozenset(
    {
        *(
            "stream",
            "about",
            "role",
            "basis",
            "warning",
            "policy",
            "moderator",
            "command",
            "code",
            "kind",
            "type",
            "origin",
        ),
        *("room", "rooms", "unavailable", "settings", "jti", "subject", "scopes", "channel", "gateway"),
        *("gateway", "format", "pseudonym", "hash", "leaves", "previous", "head"),
    }
)
"""Members that tell nothing about participants: ids of platforms, words of ours, staff, hashes."""

_SEAT, _PEOPLE = Sort.SEAT, Sort.PEOPLE  # quicker to reach: every append asks

UNKNOWN_MEMBERS: Final = ""
"""The key of all members of a kind that this version does not know: any of them may be personal."""

MIN_NAME_WORDS: Final = 2
"""A first name alone is the name of many."""
MIN_ID_LENGTH: Final = 4
"""A shorter id may be anything: it counts where it stands as a value, not among words."""
Members = dict[str, Any]


class Text(NamedTuple):
    """Personal members of one event about one person, as they are kept beside the log."""

    subject: str
    """The user id; empty where the event does not say."""
    participant: str
    """The platform's id of the connection; empty where it is not about one."""
    members: Members


def _sorts(kind: str, members: Iterable[str]) -> dict[str, Sort]:
    found = {name: SORTS_OF_MEMBERS[name] for name in members if name in SORTS_OF_MEMBERS}
    return {name: sort for name, sort in found.items() if kind not in NOT_PERSONAL.get(name, ())}


SORTS: Final[Mapping[str, Mapping[str, Sort]]] = {
    kind: _sorts(kind, data_type.__struct_fields__) for kind, data_type in KINDS.items()
}
"""The personal members of each kind of event."""


def has_texts(kind: str, data: object) -> bool:
    """Whether `separate` would find anything in data of a kind that is known."""
    for name, sort in SORTS[kind].items():
        value = getattr(data, name)
        if value and (sort is not _SEAT or REUSED in value):
            return True
    return False


def separate(kind: str, members: Members) -> tuple[Members, list[Text]]:
    """The members that may stand in the log, and the texts that are kept beside it. Takes from `members`."""
    sorts = SORTS.get(kind)
    if sorts is None:
        return {}, [Text("", "", {UNKNOWN_MEMBERS: members})] if members else []
    subject, seat = members.get("user", "") or members.get("person", ""), members.get("participant", "")
    taken: Members = {}
    texts: list[Text] = []
    for name, value in [*members.items()]:
        sort = sorts.get(name)
        if sort is None or not value or (sort is _SEAT and REUSED not in value):
            continue
        if sort is _PEOPLE:
            texts += [Text(_person(one), "", {name: one}) for one in value]
        else:
            taken[name] = value
        del members[name]
    if taken:
        texts.append(Text(subject, seat_key(seat) if REUSED in seat else seat, taken))
    return members, texts


def join(members: Members, texts: Iterable[Members]) -> Members:
    """What `separate` took apart."""
    for text in texts:
        for name, value in text.items():
            if name == UNKNOWN_MEMBERS:
                members.update(value)
            elif SORTS_OF_MEMBERS[name] is Sort.PEOPLE:
                members.setdefault(name, []).append(value)
            else:
                members[name] = value
    return members


class Person:
    """Somebody to be erased: which texts are about them, and what stands in the place of those afterwards."""

    def __init__(self, user: str, pseudonym: str, seats: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        """`seats`: ids of connections they had. `names`: what they were called."""
        self._user = user
        self._pseudonym = pseudonym
        phrases = {user, *seats, *(name for name in names if len(name.split()) >= MIN_NAME_WORDS)} - {""}
        self._mentioned = re.compile("|".join(map(_mention, sorted(phrases))), re.IGNORECASE)

    def erase_own(self, members: Members) -> Members:
        """Members of an event that is about this person."""
        return {name: self._own(name, value) for name, value in members.items()}

    def erase_mentions(self, members: Members) -> Members:
        """Members of an event that is about somebody else, or nobody."""
        return {name: _dropped(value) if self._is_mention(name, value) else value for name, value in members.items()}

    def seat(self, participant: str) -> str:
        """The id of a connection, without the user's id in it."""
        key, reused, joined_at = participant.partition(REUSED)
        return f"{self._pseudonym}{reused}{joined_at}" if key == self._user else participant

    def _own(self, name: str, value: Any) -> Any:
        match SORTS_OF_MEMBERS.get(name, Sort.TEXT):
            case Sort.USER:
                return self._pseudonym
            case Sort.SEAT:
                return self.seat(value)
            case Sort.PEOPLE:
                return {**value, "user": self._pseudonym} if isinstance(value, dict) else self._pseudonym
            case Sort.TEXT:
                return _dropped(value)

    def _is_mention(self, name: str, value: Any) -> bool:
        if SORTS_OF_MEMBERS.get(name, Sort.TEXT) is not Sort.TEXT:
            return False
        return any(self._mentioned.search(text) for text in _strings(value))


def _mention(phrase: str) -> str:
    """The pattern of a text that speaks of an id or a name."""
    if len(phrase) >= MIN_ID_LENGTH:
        return rf"(?<!\w){re.escape(phrase)}(?!\w)"
    return rf"(?:(?<=[\"=])|\A){re.escape(phrase)}(?=[\";]|\Z)"


def _person(one: str | Members) -> str:
    return one if isinstance(one, str) else str(one["user"])


def _dropped(value: Any) -> Any:
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
