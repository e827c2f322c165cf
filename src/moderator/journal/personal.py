"""What in an event can tell who somebody is. It is kept beside the log, so that it can be taken out of it.

Which members those are is in `moderator.domain.personal`. Pure: where the texts are kept is the store's business.
Moderators are staff: what they are called stays where it is, since the audit is about them.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from moderator.domain.events import KINDS
from moderator.domain.ids import REUSED, seat_key
from moderator.domain.personal import SORTS_OF_MEMBERS, Members, Sort

NOT_PERSONAL: Final[Mapping[str, frozenset[str]]] = {
    # Names of rooms and of staff.
    "name": frozenset(
        {
            *("room_started", "room_announced", "announcement_withdrawn", "room_opened"),
            *("room_claimed", "duty_started", "token_issued", "sign_in_approved"),
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
        *("room", "rooms", "unavailable", "settings", "jti", "family", "subject", "scopes", "channel", "gateway"),
        *("gateway", "format", "pseudonym", "hash", "leaves", "previous", "head"),
    }
)
"""Members that tell nothing about participants: ids of platforms, words of ours, staff, hashes."""

_SEAT, _PEOPLE = Sort.SEAT, Sort.PEOPLE  # quicker to reach: every append asks

UNKNOWN_MEMBERS: Final = ""
"""The key of all members of a kind that this version does not know: any of them may be personal."""


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


def found_by(members: Members, text: Members) -> tuple[str, str]:
    """The participant and the subject that a text is found by, as `separate` gave them; `members` are those that stayed
    in the log.
    """
    for name, value in text.items():
        if name == UNKNOWN_MEMBERS:
            return "", ""
        if SORTS_OF_MEMBERS.get(name) is _PEOPLE:
            return "", _person(value)
    every = {**members, **text}
    seat = every.get("participant", "")
    return seat_key(seat) if REUSED in seat else seat, every.get("user", "") or every.get("person", "")


def _person(one: str | Members) -> str:
    return one if isinstance(one, str) else str(one["user"])
