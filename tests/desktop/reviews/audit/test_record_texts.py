"""A record in words."""

import pytest
from msgspec.structs import replace

from moderator.desktop.reviews.audit.record_texts import as_text, columns, details, members, what, where, who
from moderator.domain.events import (
    AccessDenied,
    Actor,
    ParticipantLeft,
    PersonBlocked,
    RoomUnlocked,
    StreamPublished,
    Unknown,
)
from moderator.domain.rooms import Room
from tests.fakes.desktop import a_room
from tests.fakes.reviews import a_record

ROOM = a_room()


def nowhere(_: object) -> Room | None:
    return None


def test_a_row_says_who_did_what_where_and_what_came_of_it() -> None:
    table, record = columns(nowhere), a_record(7)
    assert [column.text(record) for column in table][1:] == ["Maya added 5:00", "Maya", "Ward 14", "done"]


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        (Actor("provider", "livekit", ""), "LiveKit"),
        (Actor("moderator", "mod-1", ""), "mod-1"),
        (Actor("timer", "", ""), "timer"),
        (Actor("moderator", "mod-1", "M\u202eaya"), "M\ufffdaya"),
    ],
)
def test_who(actor: Actor, words: str) -> None:
    assert who(a_record(1, actor=actor)) == words


def test_names_come_from_the_room_while_it_is_the_same_instance() -> None:
    record = a_record(1, data=ParticipantLeft(participant="bill"))
    assert what(record, lambda _: ROOM) == "Bill Buffalo left"
    assert what(a_record(1, data=ParticipantLeft(participant="bill"), instance="9"), lambda _: ROOM) == "bill left"


def test_a_name_that_only_the_gateway_knows_stands_for_an_id() -> None:
    shared = a_record(1, data=StreamPublished(participant="b3e1950e-1", stream="s", kind="camera"), instance="9")
    assert what(shared, lambda _: ROOM) == "b3e1950e-1 shares a camera", "an id is never changed"
    named = replace(shared, person="Bea Bison")
    assert what(named, lambda _: ROOM) == "Bea Bison shares a camera"
    assert what(replace(a_record(1, data=ParticipantLeft(participant="bill")), person="x"), lambda _: ROOM) == (
        "Bill Buffalo left"
    ), "the live picture is newer"
    assert what(a_record(1, data=PersonBlocked(user="bea"), actor=Actor("moderator", "mod-1")), nowhere).startswith(
        "mod-1"
    )
    assert what(a_record(1, data=RoomUnlocked(), actor=Actor("timer", "")), nowhere) == "The timer unlocked the room"


def test_the_pane_says_everything_and_nothing_empty() -> None:
    denied = AccessDenied(reason="expired", origin="10.0.0.7")
    record = a_record(7, outcome="denied", source=None, room=None, data=denied)
    said = dict(details(record))
    assert (said["Record"], said["Kind"], said["Outcome"]) == ("7", "access_denied", "denied")
    assert said["Who"] == "moderator mod-1 (Maya)"
    assert "Source" not in said
    assert "Why" not in said
    assert where(record) == "Ward 14"


def test_data_of_an_unknown_kind_is_shown_too() -> None:
    record = a_record(1, data=Unknown(unknown_kind="of_tomorrow", members={"some": "member"}))
    assert '"some": "member"' in members(record)
    text = as_text(record, nowhere)
    assert text.startswith("Of tomorrow\n")
    assert "Id: id-1\n" in text
