import pytest
from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.availability import why_not
from moderator.desktop.intents import Intent
from moderator.desktop.room_status import room_status
from moderator.desktop.tables.columns import Column, Glance, spared_columns, text, tooltip
from moderator.domain.rooms import Lock, Person, Room
from tests.fakes.desktop import MAYA, NOW, a_room, an_appointment


def a_glance(room: Room) -> Glance:
    why = why_not(Intent(action="extend", room=room.key, seconds=300), room, MAYA, stale=False)
    return Glance(room, room_status(room, NOW), NOW, MAYA.id, why)


@pytest.mark.parametrize(
    ("owner", "words", "mine"),
    [(None, "—", False), (Person("ana", "Ana"), "Ana", False), (Person("maya"), "you", True)],
)
def test_whose_room_it_is(owner: Person | None, words: str, mine: bool) -> None:
    glance = a_glance(a_room(owner=owner))
    assert (text(Column.OWNER, glance), glance.mine) == (words, mine)


def test_overtime_begins_when_the_deadline_has_passed() -> None:
    assert a_glance(a_room(left_s=-1)).overtime
    assert not a_glance(a_room(left_s=0)).overtime
    assert not a_glance(a_room(left_s=-1, state="ended")).overtime


@pytest.mark.parametrize(
    ("room", "words"),
    [
        (a_room(), "Extend by 5 minutes"),
        (a_room(left_s=None), "This room has no deadline: E sets one."),
        (a_room(allowance_ms=0), "The room has been extended as far as its type allows."),
    ],
)
def test_the_button_says_what_it_does_or_why_it_does_not(room: Room, words: str) -> None:
    assert tooltip(Column.EXTEND, a_glance(room)) == words


def test_an_end_that_the_platform_keeps_says_so() -> None:
    room = a_room(provider="stream")
    assert tooltip(Column.ENDS, a_glance(room)) == ""
    assert room.deadline
    kept = replace(room, deadline=replace(room.deadline, kept_by="provider"), deadline_is_platforms=True)
    assert tooltip(Column.ENDS, a_glance(kept)) == "Stream keeps this end"


def test_a_source_names_its_platform() -> None:
    glance = a_glance(a_room(source="clinic", provider="vonage"))
    assert (text(Column.SOURCE, glance), tooltip(Column.SOURCE, glance)) == ("clinic", "clinic (vonage)")
    assert tooltip(Column.PEOPLE, glance) == ""


@pytest.mark.parametrize(
    ("width_px", "spared"),
    [
        (1100, set()),
        (800, {Column.SOURCE}),
        (700, {Column.SOURCE, Column.OWNER}),
        (620, {Column.SOURCE, Column.OWNER, Column.ENDS}),
        (100, {Column.SOURCE, Column.OWNER, Column.ENDS, Column.PEOPLE}),
    ],
)
def test_a_narrow_table_leaves_out_what_matters_least(width_px: int, spared: set[Column]) -> None:
    assert spared_columns(width_px) == spared


def test_a_name_has_more_to_tell() -> None:
    room = replace(
        a_room("cardio-14"),
        locked=Lock(by="otto", at=NOW, people=()),
        next_appointment=an_appointment("appt-18", 60),
    )
    at = clock_time(NOW + 60_000, with_seconds=False)
    assert tooltip(Column.ROOM, a_glance(room)) == f"cardio-14 · locked · next: appt-18 at {at}"
    assert tooltip(Column.ROOM, a_glance(a_room("cardio-14"))) == "cardio-14"
