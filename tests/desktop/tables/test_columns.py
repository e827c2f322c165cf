import pytest
from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.orders.availability import why_not
from moderator.desktop.orders.intents import Intent
from moderator.desktop.room_status import room_status
from moderator.desktop.tables.columns import Column, Glance, spared_columns, text, tooltip
from moderator.domain.rooms import Lock, Person, Room, Viewer
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
        (a_room(left_s=None), "This room has no deadline: set its end first."),
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


WIDTHS = {Column.LEFT: 100, Column.ENDS: 60, Column.PEOPLE: 80, Column.STATE: 140, Column.SOURCE: 90, Column.OWNER: 80}


@pytest.mark.parametrize(
    ("width_px", "spared"),
    [
        (726, set()),
        (725, {Column.SOURCE}),
        (600, {Column.SOURCE, Column.OWNER}),
        (540, {Column.SOURCE, Column.OWNER, Column.ENDS}),
        (360, {Column.SOURCE, Column.OWNER, Column.ENDS, Column.PEOPLE}),
        (359, {Column.SOURCE, Column.OWNER, Column.ENDS, Column.PEOPLE, Column.STATE}),
        (100, {Column.SOURCE, Column.OWNER, Column.ENDS, Column.PEOPLE, Column.STATE}),
    ],
)
def test_a_narrow_table_leaves_out_what_matters_least(width_px: int, spared: set[Column]) -> None:
    assert spared_columns(width_px, WIDTHS) == spared


def test_a_room_whose_name_others_have_is_told_from_them() -> None:
    glance = replace(a_glance(a_room("gp-1", source="north")), mark="north")
    assert text(Column.ROOM, glance) == "gp-1 · north"
    assert glance.spoken().startswith("Room gp-1 · north, ")


def test_a_name_has_more_to_tell() -> None:
    room = replace(
        a_room("cardio-14"),
        locked=Lock(by="otto", at=NOW, people=()),
        next_appointment=an_appointment("appt-18", 60),
    )
    at = clock_time(NOW + 60_000, with_seconds=False)
    assert tooltip(Column.ROOM, a_glance(room)) == f"cardio-14 · locked · next: appt-18 at {at}"
    assert tooltip(Column.ROOM, a_glance(a_room("cardio-14"))) == "cardio-14"


def test_who_else_looks_at_it_is_in_the_tooltip_of_its_owner() -> None:
    watched = replace(a_room(owner=Person("leo", "Leo")), viewers=(Viewer("ana", "Ana", NOW),))
    assert tooltip(Column.OWNER, a_glance(watched)) == "Leo\nAna is looking at this room too."
    assert (a_glance(watched).others, a_glance(a_room()).others) == (True, False)
