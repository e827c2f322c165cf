"""A few letters find what was meant, best first, and quickly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.desktop.palette.matching import Line, folded, line, marks, search

WORDS = (
    "Extend cardio-14 by 5 min",
    "Lock cardio-14, or unlock it",
    "Open cardio-14",
    "Open cardio-140",
    "Bill Buffalo in cardio-14",
    "Zoë Müller in physio-3",
    "Settings…",
)
LINES = [line(one, lead=5 if one.startswith("Open") else 0, rank=rank) for rank, one in enumerate(WORDS)]


def found(query: str, lines: list[Line] = LINES, most: int = 12) -> list[str]:
    return [WORDS[place] for place in search(query, lines, most).places]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ext car", "Extend cardio-14 by 5 min"),
        ("cardio-14", "Open cardio-14"),
        ("CARD", "Open cardio-14"),
        ("open 140", "Open cardio-140"),
        ("bill", "Bill Buffalo in cardio-14"),
        ("bu bi", "Bill Buffalo in cardio-14"),
        ("zoe mul", "Zoë Müller in physio-3"),
        ("set", "Settings…"),
        ("nlock", "Lock cardio-14, or unlock it"),
        ("extcar", "Extend cardio-14 by 5 min"),
        ("bbc", "Bill Buffalo in cardio-14"),
        ("setings", "Settings…"),
        ("bufalo", "Bill Buffalo in cardio-14"),
        ("mulelr physio", "Zoë Müller in physio-3"),
    ],
)
def test_what_was_meant_comes_first(query: str, first: str) -> None:
    assert found(query)[0] == first


def test_every_word_has_to_be_found() -> None:
    assert found("bill physio") == []


@pytest.mark.parametrize("query", ["qqqq", "zz", "q"])
def test_what_is_not_there_is_not_found(query: str) -> None:
    assert search(query, LINES, 12).places == ()


def test_without_letters_all_are_there_in_their_own_order() -> None:
    shown = search(" ", LINES, 3)
    assert (shown.places, shown.more) == ((0, 1, 2), 4)


def test_how_many_more_there_are_is_told() -> None:
    shown = search("cardio", LINES, 2)
    assert (len(shown.places), shown.more) == (2, 3)


@pytest.mark.parametrize(
    ("query", "shown", "marked"),
    [("ext car", "Extend cardio", "Extcar"), ("mul", "Zoë Müller", "Mül"), ("ec", "End cardio", "Ec"), ("", "End", "")],
)
def test_the_letters_that_were_typed_stand_out(query: str, shown: str, marked: str) -> None:
    assert "".join(shown[place] for place in sorted(marks(query, shown))) == marked


@given(st.text(max_size=40))
def test_folding_keeps_every_sign_in_its_place(text: str) -> None:
    assert len(folded(text)) == len(text)


@given(st.text(max_size=12), st.lists(st.text(max_size=20), max_size=8))
def test_whatever_is_typed_what_is_found_can_be_shown(query: str, shown: list[str]) -> None:
    result = search(query, [line(one) for one in shown], 4)
    assert len(result.places) <= 4
    for place in result.places:
        assert all(0 <= mark < len(shown[place]) for mark in marks(query, shown[place]))
