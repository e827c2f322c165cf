"""Rooms are told apart where strangers read along, and nobody is named."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.desktop.wallboard.codes import MOST_DIGITS, MOST_INITIALS, code_of
from tests.fakes.desktop import a_room


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("cardio-14", "C-14"),
        ("tutor-maths-b", "TMB"),
        ("Consultation Bill Buffalo", "CBB"),
        ("visit of Mrs Miller 1957-03-12", "VOM-12"),
        ("+49 30 1234567", "567"),
        ("Прием 7", "П-7"),
        ("Анна Иванова", "АИ"),
        ("Termin 王小明", "T"),
        ("王小明 7", "7"),
        ("room_2_b", "RB-2"),
    ],
)
def test_initials_and_the_end_of_the_number(name: str, code: str) -> None:
    assert code_of(a_room(name)) == code


@pytest.mark.parametrize("name", ["王小明", "김민수", "さくら", "محمد", "!!"])
def test_a_letter_that_may_be_a_whole_name_is_not_shown(name: str) -> None:
    """In such scripts the first letter is the surname: `王`."""
    code = code_of(a_room(name))
    assert re.fullmatch(r"#\d{3}", code)
    assert code == code_of(a_room(name, left_s=5, version=2)) != code_of(a_room(f"{name}{name}"))


def test_a_room_without_a_name_goes_by_its_id() -> None:
    assert code_of(a_room("", room="2_MX40Nzg")) == "MN-40"


@given(st.text(max_size=60))
def test_never_more_of_a_name_than_its_initials_and_three_digits(name: str) -> None:
    code = code_of(a_room(name, room="x"))
    letters = "".join(letter for letter in code if letter.isalpha())
    assert sum(letter.isdigit() for letter in code) <= MOST_DIGITS
    assert len(code.split("-")[0]) <= 3 * MOST_INITIALS  # a capital of one letter may be several
    assert len(letters) <= 3 * MOST_INITIALS
