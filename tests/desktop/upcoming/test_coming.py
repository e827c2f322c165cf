"""An appointment in words."""

from typing import Any

import pytest
from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.upcoming.coming import (
    Coming,
    expected_text,
    matches,
    missing_text,
    spoken,
    starts_text,
    state_level,
    state_text,
)
from moderator.domain.announcements import Listed
from moderator.domain.attendance import Attendance
from tests.fakes.desktop import NOW

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS


def coming(in_ms: int = 0, *, certain: bool = True, users: str = "bill lee", **members: Any) -> Coming:
    usual: dict[str, Any] = {"state": "announced", "room": "", "instance": "", "missing": ()}
    found = Attendance(
        source="clinic",
        name="appt-17",
        type="visit",
        starts_at=NOW + in_ms,
        duration_ms=None,
        ends_at=None,
        allow=tuple(Listed(user) for user in users.split()),
        **(usual | members),
    )
    return Coming(attendance=found, certain=certain, names={"bill": "Bill Buffalo"})


@pytest.mark.parametrize(("days", "word"), [(0, ""), (1, "tomorrow "), (-1, "yesterday ")])
def test_a_time_of_another_day_says_so(days: int, word: str) -> None:
    one = coming(days * DAY_MS)
    assert starts_text(one, NOW) == word + clock_time(NOW, with_seconds=False)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (coming(12 * MINUTE_MS), "in 12 min"),
        (coming(11 * MINUTE_MS + 1), "in 12 min"),
        (coming(200 * MINUTE_MS), "in 3 h 20 min"),
        (coming(0), "Due now"),
        (coming(-59_999), "Due now"),
        (coming(-3 * MINUTE_MS), "3 min late"),
        (coming(state="live"), "Live now"),
        (coming(state="over"), "Was on"),
        (coming(state="missed"), "Nobody came"),
        (coming(state="missed", certain=False), "Not on now"),
    ],
)
def test_where_it_stands(one: Coming, words: str) -> None:
    assert state_text(one, NOW) == words


def test_people_are_called_by_name_where_the_room_has_told_it() -> None:
    one = coming(state="live", missing=("bill", "lee"))
    assert (expected_text(one), missing_text(one)) == ("Bill Buffalo, lee", "Bill Buffalo, lee")
    assert expected_text(coming(users="")) == "anyone"
    assert expected_text(coming(users="a b c d e")) == "a, b, c and 2 more"


@pytest.mark.parametrize(
    ("one", "level"),
    [
        (coming(state="live", missing=("bill",)), "warn"),
        (coming(state="missed"), "warn"),
        (coming(state="missed", missing=("bill",), certain=False), "normal"),
        (coming(state="over", missing=("bill",)), "normal"),
        (coming(), "normal"),
    ],
)
def test_what_matters_is_who_is_known_to_be_missing(one: Coming, level: str) -> None:
    assert state_level(one) == level
    assert bool(one.absent) <= (level == "warn")


def test_a_row_is_one_sentence() -> None:
    at = clock_time(NOW, with_seconds=False)
    assert spoken(coming(state="live", missing=("bill",)), NOW) == (
        f"Appointment appt-17, starts {at}, Live now, expected: Bill Buffalo, lee, missing: Bill Buffalo"
    )


def test_it_has_a_room_once_it_took_place_in_one() -> None:
    assert coming(room="r1").room is None
    found = coming(room="r1", instance="0").room
    assert found
    assert tuple(found) == ("clinic", "r1")


@pytest.mark.parametrize(
    ("words", "expected"),
    [("APPT", True), ("clinic lee", True), ("buffalo", True), ("visit", True), ("appt kim", False), ("", True)],
)
def test_it_is_found_by_name_people_and_source(words: str, expected: bool) -> None:
    assert matches(coming(), words.casefold().split()) is expected


def test_names_cannot_forge_lines() -> None:
    one = coming(users="x\n\u202ey")
    forged = replace(one, attendance=replace(one.attendance, name="a\nb"))
    assert "\n" not in expected_text(one) + spoken(forged, NOW)
