"""A person taken out of a state."""

import msgspec
from msgspec.structs import replace

from moderator.domain.announcements import Listed, RoomAnnounced
from moderator.domain.erasure import without_person
from moderator.domain.events import (
    DisconnectRequested,
    ParticipantJoined,
    PersonAllowed,
    PersonBlocked,
    PersonReadmitted,
    RoomLocked,
    StreamPublished,
)
from moderator.domain.state import State
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


def a_snapshot() -> State:
    return folded(*(an_entry(event, seq=seq) for seq, event in enumerate(EVENTS, start=1)))


def test_nothing_of_the_person_is_left_but_one_pseudonym() -> None:
    before = a_snapshot().snapshot()
    after = without_person(before, SOURCE, "zq", "erased-1")
    assert b"zq" in msgspec.json.encode(before)
    assert b"zq" not in msgspec.json.encode(after)


def test_the_room_is_as_it_was_for_everybody_else() -> None:
    before = a_snapshot()
    after = State.from_snapshot(without_person(before.snapshot(), SOURCE, "zq", "erased-1"))
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
    after = without_person(before, "other", "zq", "erased-1")
    assert (after.rooms, after.appointments) == (before.rooms, before.appointments)
    assert without_person(before, SOURCE, "nobody", "erased-1") == before
