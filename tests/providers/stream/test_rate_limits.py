import pytest

from moderator.http import Reply
from moderator.providers.errors import RateLimited
from moderator.providers.stream.endpoints import KICK, QUERY_CALLS
from moderator.providers.stream.rate_limits import RateLimits, asked_pause_s, used_up_s
from tests.fakes.clock import FakeClock

NOW_S = 1_789_984_800
DATE = "Mon, 21 Sep 2026 10:00:00 GMT"
"""The same moment."""


def reply(**headers: str) -> Reply:
    return Reply(429, {name.replace("_", "-"): value for name, value in headers.items()}, b"")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "37"}, 37),
        ({"retry_after": "Mon, 21 Sep 2026 10:00:37 GMT", "date": DATE}, 37),
        ({"retry_after": "Mon, 21 Sep 2026 10:00:37 GMT"}, 37),
        ({"retry_after": "Mon, 21 Sep 2026 09:00:00 GMT", "date": DATE}, 0),
        ({"retry_after": "37", "x_ratelimit_reset": str(NOW_S + 5)}, 37),
        ({"x_ratelimit_reset": str(NOW_S + 5), "date": DATE}, 5),
        ({"x_ratelimit_reset": f", {NOW_S + 5}, 9"}, 5),
        ({"x_ratelimit_reset": str(NOW_S + 9_000)}, 60),
        ({"x_ratelimit_reset": "9" * 5_000}, 60),
        ({"retry_after": "86400"}, 60),
        ({"retry_after": "9" * 400}, 60),
        ({"retry_after": "Fri, 31 Dec 2099 23:59:59 GMT"}, 60),
        ({"x_ratelimit_reset": "soon"}, None),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_a_pause_is(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_pause_s(reply(**headers), NOW_S * 1000) == seconds


def test_a_date_is_measured_by_the_clock_that_wrote_it() -> None:
    asked = reply(retry_after="Mon, 21 Sep 2026 10:00:37 GMT", date=DATE)
    assert asked_pause_s(asked, (NOW_S + 1_000) * 1000) == 37


@pytest.mark.parametrize(
    ("remaining", "seconds"), [("0", 9), (" ,0", 9), ("0, 5", 9), ("1", None), ("", None), ("none", None)]
)
def test_when_nothing_is_left(remaining: str, seconds: float | None) -> None:
    answer = reply(x_ratelimit_remaining=remaining, x_ratelimit_reset=str(NOW_S + 9))
    assert used_up_s(answer, NOW_S * 1000) == seconds


async def test_each_kind_of_request_waits_for_itself() -> None:
    clock = FakeClock()
    limits = RateLimits(clock)
    limits.note(KICK, 10)
    limits.note(QUERY_CALLS, None)
    limits.note(QUERY_CALLS, 0)
    limits.check(QUERY_CALLS)
    with pytest.raises(RateLimited):
        limits.check(KICK)
    await clock.advance(10_000)
    limits.check(KICK)
