"""The lines beside the histogram."""

import pytest
from msgspec.structs import replace

from moderator.desktop.census.census import Census
from moderator.desktop.overview.figure_words import coverage, sources_words

NONE = Census().figures(0)


@pytest.mark.parametrize(
    ("live", "looked_after", "on_duty", "words"),
    [
        (20, 0, 0, "Nobody is on duty"),
        (20, 20, 1, "1 on duty · 20 rooms each"),
        (21, 20, 20, "20 on duty · 2 rooms each · 1 without an owner"),
        (3, 1, 5, "5 on duty · 1 room each · 2 without an owner"),
    ],
)
def test_who_watches(live: int, looked_after: int, on_duty: int, words: str) -> None:
    assert coverage(replace(NONE, live=live, looked_after=looked_after), on_duty) == words


def test_the_largest_sources_come_first_and_none_is_left_out_silently() -> None:
    sources = (("a", 3), ("b", 1500), ("c", 3), ("d", 1), ("e", 7), ("f", 2))
    assert sources_words(sources) == "b 1,500 · e 7 · a 3 · c 3 · 2 more sources"
