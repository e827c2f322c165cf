import pytest

from moderator.simulator.vonage.rate_limit import RateLimit
from tests.fakes.clock import FakeClock
from tests.simulator.vonage.running import running


async def test_the_limit_lets_so_many_through_a_second() -> None:
    clock = FakeClock()
    limit = RateLimit(2, clock)
    assert [limit.wait_s() for _ in range(4)] == [0, 0, 0.5, 0.5]
    await clock.advance(500)
    assert [limit.wait_s() for _ in range(2)] == [0, 0.5]
    await clock.advance(60_000)
    assert [limit.wait_s() for _ in range(3)] == [0, 0, 0.5]


async def test_a_limit_below_one_lets_single_requests_through() -> None:
    clock = FakeClock()
    limit = RateLimit(0.1, clock)
    assert [limit.wait_s() for _ in range(2)] == [0, 10]
    await clock.advance(10_000)
    assert limit.wait_s() == 0


@pytest.mark.parametrize(("tells_when", "expected"), [(True, "10"), (False, None)])
async def test_above_the_limit_is_429(tells_when: bool, expected: str | None) -> None:
    async with running(limit=0.1, tells_when=tells_when) as cloud:
        room = (await cloud.order("join", user="u-1"))["room"]
        assert (await cloud.rest("GET", room, "/connection")).status_code == 200
        refused = await cloud.rest("GET", room, "/connection")
        assert refused.status_code == 429
        assert refused.headers.get("retry-after") == expected
