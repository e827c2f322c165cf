import pytest
from msgspec.structs import replace

from moderator.desktop.room_status import Status, room_status
from moderator.desktop.tables import row_texts
from moderator.domain.rooms import Lock, Room
from tests.fakes.desktop import NOW, a_person, a_room, a_violation, limits

THREE = [a_person(name) for name in "abc"]


@pytest.mark.parametrize(
    ("room", "stale", "text"),
    [
        (a_room(left_s=271), False, "04:31"),
        (a_room(left_s=3727), False, "1 h 02 min"),
        (a_room(left_s=-133), False, "+02:13"),
        (a_room(left_s=1982), True, "≈ 33:02"),
        (a_room(left_s=None), True, "—"),
        (a_room(left_s=60, state="ended"), False, "—"),
    ],
)
def test_time_left(room: Room, stale: bool, text: str) -> None:
    assert row_texts.left_text(room, NOW, stale=stale) == text


@pytest.mark.parametrize(
    ("step_ms", "text"), [(300_000, "+5"), (60_000, "+1"), (30_000, "+30 s"), (90_000, "+90 s"), (0, "")]
)
def test_the_button_says_how_much_it_adds(step_ms: int, text: str) -> None:
    assert row_texts.step_text(a_room(rules=limits(step_ms=step_ms))) == text


def test_an_end_without_a_type_is_moved_by_the_usual_step() -> None:
    assert row_texts.step_text(a_room(rules=None)) == "+5"


def test_a_room_without_a_type_and_an_end_has_no_button_and_no_limit() -> None:
    room = a_room(left_s=None, rules=None)
    assert (row_texts.step_text(room), row_texts.people_text(room), row_texts.over_full(room)) == ("", "2", False)


def test_more_people_than_allowed() -> None:
    room = a_room(people=THREE)
    assert (row_texts.people_text(room), row_texts.over_full(room)) == ("3/2", True)


def test_a_room_without_a_name_is_called_by_its_id_and_nothing_steers_the_screen() -> None:
    assert row_texts.name_of(a_room("", room="2_MX4x")) == "2_MX4x"
    assert "\u202e" not in row_texts.name_of(a_room("a\u202eb"))


@pytest.mark.parametrize(
    ("room", "sentence"),
    [
        (a_room("a", left_s=900), "Room a, 15 minutes left, On time, 2 of 2 people"),
        (a_room("a", left_s=47), "Room a, 47 seconds left, critical, 2 of 2 people"),
        (a_room("a", left_s=-61), "Room a, 1 minute 1 second over, critical, 2 of 2 people"),
        (
            a_room("a", people=THREE, violations=[a_violation("c")]),
            "Room a, 30 minutes left, critical, Over size, 3 of 2 people",
        ),
        (a_room("a", left_s=None, rules=None, people=THREE[:1]), "Room a, No limit, 1 person"),
        (a_room("a", state="ended"), "Room a, Ended, 2 of 2 people"),
    ],
)
def test_spoken(room: Room, sentence: str) -> None:
    assert row_texts.spoken("a", room, room_status(room, NOW), NOW) == sentence


def test_stale_is_spoken() -> None:
    spoken = row_texts.spoken("a", a_room("a"), Status("stale", "wifi-off", "Stale 22 s"), NOW)
    assert "Stale 22 s" in spoken


def test_a_lock_is_heard() -> None:
    room = replace(a_room(left_s=252), locked=Lock(by="otto", at=NOW, people=()))
    assert row_texts.spoken("a", room, room_status(room, NOW), NOW).endswith("2 of 2 people, locked")
