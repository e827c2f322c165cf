"""Every kind of event was looked at for what can tell who somebody is."""

from typing import Any, get_type_hints

import pytest

from moderator.domain.announcements import Listed, RoomAnnounced
from moderator.domain.events import (
    KINDS,
    ParticipantJoined,
    PersonBlocked,
    RoomLocked,
    RoomStarted,
    kind_of,
)
from moderator.domain.kinds import Data
from moderator.domain.personal import SORTS_OF_MEMBERS, Members
from moderator.journal.personal import CLEAR, NOT_PERSONAL, join, separate
from tests.journal.reading import builtins_of


def could_hold_text(hint: Any) -> bool:
    return "Literal" not in str(hint) and any(word in str(hint) for word in ("str", "Listed", "Settings", "Leaf"))


@pytest.mark.parametrize("kind", KINDS)
def test_it_was_decided_of_every_member_whether_it_is_personal(kind: str) -> None:
    hints = get_type_hints(KINDS[kind])
    texts = {name for name in KINDS[kind].__struct_fields__ if could_hold_text(hints[name])}
    assert texts <= SORTS_OF_MEMBERS.keys() | CLEAR, "decide in domain/personal.py or journal/personal.py"


def test_the_table_speaks_of_what_there_is() -> None:
    members = {name for data in KINDS.values() for name in data.__struct_fields__}
    assert (SORTS_OF_MEMBERS.keys() | CLEAR) <= members
    assert not SORTS_OF_MEMBERS.keys() & CLEAR
    for name, kinds in NOT_PERSONAL.items():
        assert all(name in KINDS[kind].__struct_fields__ for kind in kinds)


EVENTS: list[tuple[Data, Members, list[tuple[str, str, Members]]]] = [
    (
        ParticipantJoined(participant="c1", user="u1", name="Anna", role="host", platform={"id": "7"}),
        {"participant": "c1", "role": "host"},
        [("u1", "c1", {"user": "u1", "name": "Anna", "platform": {"id": "7"}})],
    ),
    (
        ParticipantJoined(participant="u1@170", user="u1"),
        {},
        [("u1", "u1@", {"participant": "u1@170", "user": "u1"})],
    ),
    (RoomLocked(people=("u1", "u2")), {}, [("u1", "", {"people": "u1"}), ("u2", "", {"people": "u2"})]),
    (
        RoomAnnounced(name="visit", starts_at=5, allow=(Listed("u1", "host"),)),
        {"name": "visit", "starts_at": 5},
        [("u1", "", {"allow": {"user": "u1", "role": "host"}})],
    ),
    (RoomStarted(name="visit"), {"name": "visit"}, []),
    (PersonBlocked(user="u1", reason="conduct"), {"reason": "conduct"}, [("u1", "", {"user": "u1"})]),
]


@pytest.mark.parametrize(("data", "rest", "texts"), EVENTS)
def test_what_is_taken_apart_can_be_put_together(data: Data, rest: Members, texts: Any) -> None:
    found_rest, found = separate(kind_of(type(data)), builtins_of(data))
    assert (found_rest, found) == (rest, texts)
    assert join(found_rest, [text.members for text in found]) == builtins_of(data)


def test_of_a_kind_that_is_not_known_everything_is_personal() -> None:
    rest, texts = separate("invented_later", {"who": "u1"})
    assert rest == {}
    assert join(rest, [text.members for text in texts]) == {"who": "u1"}
    assert separate("invented_later", {}) == ({}, [])
