import asyncio

import pytest

from moderator.client.clock import PERIOD_S, SETTLING_S, ClockEstimate, ClockSample, GatewayClock
from moderator.client.commands import GatewayClient
from moderator.client.errors import GatewayUnreachable
from moderator.client.tokens import FixedToken
from moderator.http import HttpClient
from tests.client.scripted_gateway import answer, broken, scripted

OFFSET_MS = 1_700_000_000_000


def sample(at_s: float, there_s: float = 0.01, back_s: float = 0.01, *, offset_ms: int = OFFSET_MS) -> ClockSample:
    """A question sent at `at_s` that took `there_s` to arrive, and whose answer took `back_s`."""
    return ClockSample(at_s, at_s + there_s + back_s, round((at_s + there_s) * 1000) + offset_ms)


def estimate(*samples: ClockSample) -> ClockEstimate:
    new = ClockEstimate()
    for one in samples:
        new.add(one)
    return new


def test_without_a_sample_nothing_is_known() -> None:
    assert (estimate().now_ms(5.0), estimate().error_ms) == (None, None)


@pytest.mark.parametrize(("there_s", "back_s"), [(0.0, 0.0), (0.2, 0.2), (0.4, 0.0), (0.0, 0.4)])
def test_the_error_is_never_more_than_half_the_round_trip(there_s: float, back_s: float) -> None:
    one = estimate(sample(100.0, there_s, back_s))
    now_ms = one.now_ms(200.0)
    assert now_ms is not None
    assert one.error_ms == pytest.approx((there_s + back_s) * 500)
    assert abs(now_ms - (200_000 + OFFSET_MS)) <= (one.error_ms or 0) + 1


def test_the_shortest_round_trip_of_eight_counts() -> None:
    slow = [sample(10.0 + at, 0.3, 0.1) for at in range(7)]
    assert estimate(sample(1.0, 0.01, 0.01), *slow).error_ms == pytest.approx(10)
    assert estimate(sample(1.0, 0.01, 0.01), *slow, sample(30.0, 0.3, 0.1)).error_ms == pytest.approx(200)


def test_between_samples_time_passes_evenly() -> None:
    one = estimate(sample(100.0))
    assert [one.now_ms(100.0 + at) for at in range(3)] == [100_000 + OFFSET_MS + 1000 * at for at in range(3)]


def test_a_small_correction_backwards_lets_time_stand_still() -> None:
    one = estimate(sample(100.0, 0.0, 0.8))  # 400 ms too early... by its midpoint, 400 ms behind
    two = estimate(sample(100.0, 0.8, 0.0))  # 400 ms ahead
    for each in (one, two):
        before = each.now_ms(110.0)
        each.add(sample(110.0, 0.01, 0.01))
        after = each.now_ms(110.0)
        assert before is not None
        assert after is not None
        assert after >= before
        assert abs((each.now_ms(115.0) or 0) - (115_000 + OFFSET_MS)) <= 1


def test_when_a_clock_was_set_the_old_samples_are_forgotten() -> None:
    one = estimate(*[sample(100.0 + at, 0.001, 0.001) for at in range(8)])
    one.now_ms(109.0)
    one.add(sample(110.0, 0.1, 0.1, offset_ms=OFFSET_MS - 3_600_000))
    assert one.now_ms(111.0) == 111_000 + OFFSET_MS - 3_600_000
    assert one.error_ms == pytest.approx(100)


class FakeClock:
    """Our machine: its calendar is wrong, and every look takes a little while."""

    def __init__(self) -> None:
        self.monotonic_s = 50.0
        self.waited: list[float] = []

    def now_ms(self) -> int:
        return 12_345

    def monotonic(self) -> float:
        self.monotonic_s += 0.004
        return self.monotonic_s

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        self.waited.append(timeout_s)
        if len(self.waited) == 10:
            raise Enough
        return False


class Enough(Exception):
    pass


async def test_it_asks_quickly_at_first_and_then_now_and_then() -> None:
    ours = FakeClock()
    async with scripted(answer(200, {"now": OFFSET_MS})) as gateway, HttpClient() as http:
        clock = GatewayClock(GatewayClient(gateway.url, FixedToken("t"), http), ours)
        assert (clock.now_ms(), clock.error_ms) == (12_345, None)
        with pytest.raises(Enough):
            await clock.run()
        assert abs(clock.now_ms() - OFFSET_MS) < 1000
    assert clock.error_ms == pytest.approx(2.0)
    assert ours.waited == [SETTLING_S] * 7 + [PERIOD_S] * 3


async def test_a_gateway_that_is_away_changes_nothing() -> None:
    ours = FakeClock()
    async with scripted(broken()) as gateway, HttpClient() as http:
        clock = GatewayClock(GatewayClient(gateway.url, FixedToken("t"), http), ours)
        with pytest.raises(GatewayUnreachable):
            await clock.sample()
        with pytest.raises(Enough):
            await clock.run()
        assert clock.now_ms() == 12_345
    assert ours.waited == [PERIOD_S] * 10
