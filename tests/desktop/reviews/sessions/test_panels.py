"""What is plotted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.desktop.reviews.sessions.panels import PANELS, alone, gaps, moments, values
from moderator.quality.scores import Thresholds
from tests.fakes.desktop import NOW
from tests.fakes.reviews import a_sample


@pytest.mark.parametrize(
    ("title", "member"),
    [("MOS", "mos"), ("Loss", "loss_pct"), ("Round trip", "round_trip_ms"), ("Jitter", "jitter_ms")],
)
def test_limits_are_those_of_the_grades(title: str, member: str) -> None:
    (panel,) = [one for one in PANELS if one.title == title]
    limits = Thresholds()
    assert (panel.fair, panel.bad) == (getattr(limits.fair, member), getattr(limits.bad, member))


def test_what_was_not_measured_is_a_gap_in_the_line() -> None:
    line = values((a_sample(0, jitter_ms=3.0), a_sample(1), a_sample(2, jitter_ms=0.0)), "jitter_ms")
    assert (line[0], line[2]) == (3.0, 0.0)
    assert math.isnan(line[1])


@given(st.lists(st.one_of(st.just(math.nan), st.floats(0, 9))))
def test_every_value_is_in_a_line_or_alone(line: list[float]) -> None:
    there = [value == value for value in line]
    lonely = set(alone(line))
    for place, known in enumerate(there):
        beside = any(there[n] for n in (place - 1, place + 1) if 0 <= n < len(there))
        assert (place in lonely) == (known and not beside)


def test_neighbouring_gaps_are_one() -> None:
    samples = (a_sample(0), a_sample(1), a_sample(2, grade="good"), a_sample(3))
    begin = NOW / 1000
    assert gaps(samples) == [(begin, begin + 20), (begin + 30, begin + 40)]
    assert moments(samples)[0] == begin + 5


def test_the_first_limit_is_in_sight_and_so_is_the_highest_value() -> None:
    loss = next(one for one in PANELS if one.title == "Loss")
    low, high = loss.scale((a_sample(0, loss_down_pct=0.1),))
    assert low == 0
    assert 3 < high < 10
    assert loss.scale((a_sample(0, loss_up_pct=40.0),))[1] > 40
    assert next(one for one in PANELS if one.title == "MOS").scale(()) == (1.0, 4.6)
