from moderator.simulator.stream.windows import RateLimit
from tests.fakes.builders import DAY
from tests.fakes.clock import FakeClock

BEGIN_S = DAY // 1000 // 60 * 60


async def test_each_endpoint_has_its_own_minute() -> None:
    clock = FakeClock(BEGIN_S * 1000 + 20_500)
    limit = RateLimit(2, clock)
    assert [limit.take("GetCall").refused for _ in range(3)] == [False, False, True]
    assert not limit.take("EndCall").refused
    await clock.advance(39_500)
    assert limit.take("GetCall").remaining == 1


def test_headers_tell_what_is_left_and_until_when() -> None:
    now = BEGIN_S * 1000 + 20_500
    limit = RateLimit(1, FakeClock(now))
    told = {"X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(BEGIN_S + 60)}
    assert limit.take("GetCall").headers(now) == told
    assert limit.take("GetCall").headers(now) == told | {"Retry-After": "40"}
