"""Token buckets: as many at once as fit, then as many as drip, for each key by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.gateway.access.limits import Buckets


def test_a_burst_then_a_drip() -> None:
    buckets = Buckets(per_second=2, burst=3)
    assert [buckets.take("a", 0) for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a", 0) == pytest.approx(0.5)
    assert buckets.take("b", 0) == 0
    assert buckets.take("a", 0.25) == pytest.approx(0.25)
    assert buckets.take("a", 0.5) == 0
    assert [buckets.take("a", 100) for _ in range(4)] == [0, 0, 0, pytest.approx(0.5)]


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    buckets = Buckets(per_second=1, burst=1)
    assert buckets.take("a", 100) == 0
    assert buckets.take("a", 50) == pytest.approx(1)


def test_memory_is_bounded_and_who_was_quiet_is_forgotten_first() -> None:
    buckets = Buckets(per_second=1, burst=1, max_keys=2)
    for key in ("a", "b", "a", "c"):
        buckets.take(key, 0)
    assert buckets.take("a", 0) > 0
    assert buckets.take("b", 0) == 0


@given(st.lists(st.floats(0, 10), max_size=200))
def test_never_more_than_the_burst_and_the_drip(pauses: list[float]) -> None:
    buckets, now_s, granted = Buckets(per_second=3, burst=5), 0.0, 0
    for pause_s in pauses:
        now_s += pause_s
        granted += buckets.take("a", now_s) == 0
    assert granted <= 5 + 3 * now_s + 1e-6
