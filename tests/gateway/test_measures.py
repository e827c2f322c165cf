import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.gateway.measures import Histogram, timed
from tests.fakes.clock import FakeClock


@given(st.lists(st.floats(0, 100)))
def test_a_histogram_counts_what_is_at_most_each_bound(values: list[float]) -> None:
    histogram = Histogram((0.5, 1.0, 10.0))
    for value in values:
        histogram.observe(value)
    wanted = [(bound, sum(value <= float(bound) for value in values)) for bound in ("0.5", "1.0", "10.0", "+Inf")]
    assert histogram.below() == wanted
    assert histogram.total == pytest.approx(sum(values))


async def test_what_fails_took_its_time_too() -> None:
    clock, histogram = FakeClock(), Histogram((0.5, 1.0))

    async def fail() -> None:
        with timed(clock, histogram):
            await clock.advance(700)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert histogram.below() == [("0.5", 0), ("1.0", 1), ("+Inf", 1)]
