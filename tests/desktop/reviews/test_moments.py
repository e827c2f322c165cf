"""Moments and amounts in words."""

import pytest

from moderator.desktop.reviews.moments import day_and_time, size
from tests.fakes.desktop import NOW


def test_a_moment_has_its_day() -> None:
    shown = day_and_time(NOW)
    assert shown.startswith("20")
    assert day_and_time(NOW, with_seconds=False) == shown[:-3]
    assert day_and_time(10**18) == "?"


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 bytes"), (999, "999 bytes"), (12_400, "12 kB"), (8_240_000, "8.2 MB")]
)
def test_sizes(count: int, shown: str) -> None:
    assert size(count) == shown
