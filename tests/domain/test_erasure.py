"""A person taken out of a state."""

from typing import Any

import msgspec
import pytest
from msgspec import inspect
from msgspec.structs import replace

from moderator.domain.announcements import Listed, RoomAnnounced
from moderator.domain.erasure import CLEAR, NOT_PERSONAL, SORTS, TABLES, seats_in, without_person
from moderator.domain.events import (
    DisconnectFailed,
    DisconnectRequested,
    EnforcementHeld,
    ExtensionRequested,
    ParticipantJoined,
    PersonAllowed,
    PersonBlocked,
    PersonReadmitted,
    RoomLocked,
    StreamPublished,
)
from moderator.domain.personal import SORTS_OF_MEMBERS, Person
from moderator.domain.state import Snapshot, State
from tests.fakes.builders import DAY, KEY, SOURCE, a_decision, a_fact, an_entry, folded, joined

EVENTS = (
    a_fact(
        ParticipantJoined(participant="zq@", user="zq", name="zq anna", data="zq", platform={"handle": "zq"}), DAY + 1
    ),
    a_fact(StreamPublished(participant="zq@", stream="s", name="zq camera"), DAY + 2),
    joined("b", DAY, user="bob", name="Bob"),
    a_decision(PersonBlocked(user="zq")),
    a_decision(PersonReadmitted(user="zq"), room="room-2"),
    a_decision(PersonAllowed(person="zq")),
    a_decision(RoomLocked(people=("zq", "bob"))),
    a_decision(DisconnectRequested(participant=f"zq@{DAY + 1}")),
    replace(a_decision(RoomAnnounced(name="visit", starts_at=DAY, allow=(Listed("zq"),)), room=None), source=SOURCE),
)


HER = Person("zq", "erased-1", ["zq@"], ["zq anna"])
ANNA = Person("anna", "erased-1", ["c-anna"], ["Anna Kowalska"])


def a_snapshot() -> State:
    return folded(*(an_entry(event, seq=seq) for seq, event in enumerate(EVENTS, start=1)))


def test_nothing_of_the_person_is_left_but_one_pseudonym() -> None:
    before = a_snapshot().snapshot()
    after = without_person(before, SOURCE, HER)
    assert b"zq" in msgspec.json.encode(before)
    assert b"zq" not in msgspec.json.encode(after)


def test_the_room_is_as_it_was_for_everybody_else() -> None:
    before = a_snapshot()
    after = State.from_snapshot(without_person(before.snapshot(), SOURCE, HER))
    room, was = after.room(KEY), before.room(KEY)
    assert room is not None
    assert was is not None
    assert [one.user for one in room.participants] == ["bob", "erased-1"]
    assert room.participants[0] == was.participants[0]
    assert room.blocks[0].user == "erased-1"
    assert room.locked is not None
    assert room.locked.people == ("erased-1", "bob")
    assert room.allowed == ("erased-1",)
    assert [pending.target for pending in room.pending] == [room.participants[1].id]
    assert room.people == was.people


def test_the_same_id_in_another_source_is_somebody_else() -> None:
    before = a_snapshot().snapshot()
    after = without_person(before, "other", HER)
    assert (after.rooms, after.appointments) == (before.rooms, before.appointments)
    assert without_person(before, SOURCE, Person("nobody", "erased-1")) == before


def test_texts_that_speak_of_her_go_with_her() -> None:
    kick = a_decision(DisconnectRequested(participant="c-bob"))
    own = a_decision(DisconnectRequested(participant="c-anna"))
    before = folded(
        an_entry(joined("c-anna", DAY, user="anna", name="Anna Kowalska"), seq=1),
        an_entry(joined("c-bob", DAY, user="bob", name="Bob"), seq=2),
        an_entry(kick, own, seq=3),
        an_entry(a_decision(DisconnectFailed(command=kick.id, participant="c-bob", why="c-anna is in the way")), seq=4),
        an_entry(a_decision(DisconnectFailed(command=own.id, participant="c-anna", why="she is a host")), seq=5),
        an_entry(
            replace(a_decision(EnforcementHeld(reason="Anna Kowalska asked for it")), source=None, room=None), seq=6
        ),
        an_entry(a_decision(ExtensionRequested(version=1, ends_at=DAY * 2, reason="anna needs more time")), seq=7),
    ).snapshot()
    assert [found.why for found in before.rooms[0].decided["0"].failures] == ["c-anna is in the way", "she is a host"]
    after = without_person(before, SOURCE, ANNA)
    assert [found.why for found in after.rooms[0].decided["0"].failures] == ["", ""]
    assert [found.reason for found in after.rooms[0].decided["0"].pending] == [""]
    assert after.hold is not None
    assert after.hold.reason == ""
    raw = msgspec.json.encode(after).lower()
    assert b"kowalska" not in raw
    assert b'"anna"' not in raw.replace(b'"by":"anna"', b"")  # staff
    assert b"bob" in raw


def test_what_is_about_others_stays() -> None:
    before = folded(
        an_entry(joined("c-bob", DAY, user="bob", name="Bob"), seq=1),
        an_entry(replace(a_decision(EnforcementHeld(reason="a drill")), source=None, room=None), seq=2),
    ).snapshot()
    assert without_person(before, SOURCE, ANNA) == before


def test_a_snapshot_tells_which_connections_somebody_had() -> None:
    found = list(seats_in(a_snapshot().snapshot(), SOURCE, "zq"))
    assert [(seat.participant, sorted(seat.names)) for seat in found] == [("zq@", ["", "zq anna"])]
    assert list(seats_in(a_snapshot().snapshot(), "other", "zq")) == []


def holds_text(type_: Any) -> bool:
    """Whether a text may stand in a value of this type, beside those in structs, which are looked at themselves."""
    match type_:
        case inspect.StrType():
            return True
        case inspect.UnionType():
            return any(map(holds_text, type_.types))
        case inspect.VarTupleType():
            return holds_text(type_.item_type)
        case inspect.DictType():
            return holds_text(type_.key_type) or holds_text(type_.value_type)
        case inspect.TupleType():
            return any(map(holds_text, type_.item_types))
        case _:
            return False


def structs_in(type_: Any) -> dict[str, inspect.StructType]:
    """Every struct that a value of this type may hold, by name."""
    match type_:
        case inspect.StructType():
            found = {type_.cls.__name__: type_}
            for field in type_.fields:
                found |= structs_in(field.type)
            return found
        case inspect.UnionType():
            parts = type_.types
        case inspect.VarTupleType():
            parts = (type_.item_type,)
        case inspect.DictType():
            parts = (type_.value_type,)
        case inspect.TupleType():
            parts = type_.item_types
        case _:
            parts = ()
    return {name: found for part in parts for name, found in structs_in(part).items()}


STRUCTS = structs_in(inspect.type_info(Snapshot))


@pytest.mark.parametrize("name", STRUCTS)
def test_it_was_decided_of_every_member_whether_it_is_personal(name: str) -> None:
    texts = {field.name for field in STRUCTS[name].fields if holds_text(field.type)}
    assert texts <= SORTS.keys() | TABLES | CLEAR, "decide in domain/personal.py or domain/erasure.py"


def test_the_table_speaks_of_what_there_is() -> None:
    members = {name: {field.name for field in struct.fields} for name, struct in STRUCTS.items()}
    own = SORTS.keys() - SORTS_OF_MEMBERS.keys()
    assert (own | TABLES | CLEAR) <= set().union(*members.values())
    assert not (SORTS.keys() | TABLES) & CLEAR
    for name, structs in NOT_PERSONAL.items():
        assert all(name in members[struct] for struct in structs)
