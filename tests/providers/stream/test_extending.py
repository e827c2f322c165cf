import asyncio

import pytest
from starlette.responses import JSONResponse, Response

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.errors import Garbled, Gone, Moved, Rejected, Unavailable
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.extending import READINGS, Extending, Live, is_on_its_way, new_limit_s
from tests.fakes.clock import FakeClock
from tests.providers.stream.cloud import Cloud
from tests.providers.stream.made import BEGIN, CID, HOUR_MS, call, fixture, ns, options, participant, session

ENDS = BEGIN + HOUR_MS
NOW = BEGIN + 1_000
LIMITED = Live(BEGIN, ENDS, 3600)


@pytest.mark.parametrize(
    ("live", "ends_at", "limit_s"),
    [
        (LIMITED, ENDS + 300_000, 3900),
        (LIMITED, ENDS - 300_000, 3300),
        (LIMITED, ENDS + 1, 3601),
        (LIMITED, ENDS - 1_500, 3599),
        (LIMITED, ENDS, None),
        (LIMITED, ENDS - 999, None),
        (Live(BEGIN, ENDS + 40_000, 3600), ENDS + 100_000, 3660),
        (Live(BEGIN, None, 0), ENDS, 3600),
        (Live(BEGIN, None, 1800), ENDS + 1, 3601),
        (Live(BEGIN, ENDS, 0), ENDS + 300_000, 3900),
        (Live(None, ENDS, 3600), ENDS + 300_000, 3900),
    ],
)
def test_the_limit_that_makes_an_end(live: Live, ends_at: int, limit_s: int | None) -> None:
    assert new_limit_s(live, live.timer_ends_at, ends_at, NOW) == limit_s


@pytest.mark.parametrize(
    ("live", "ends_at", "error"),
    [
        (LIMITED, NOW + 19_999, Rejected),
        (LIMITED, NOW - HOUR_MS, Rejected),
        (Live(BEGIN, None, 0), NOW, Rejected),
        (Live(None, None, 3600), ENDS, Garbled),
        (Live(NOW + HOUR_MS, None, 0), NOW + 60_000, Garbled),
        (Live(BEGIN, ENDS, 60), ENDS - 60_000, Garbled),
    ],
)
def test_ends_that_cannot_be(live: Live, ends_at: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        new_limit_s(live, live.timer_ends_at, ends_at, NOW)


def test_an_end_that_is_there_already_is_never_too_soon() -> None:
    assert new_limit_s(LIMITED, ENDS, ENDS, ENDS - 5) is None


@pytest.mark.parametrize("expected", [ENDS, ENDS - 300_000, ENDS + 300_000, None])
@pytest.mark.parametrize("later_ms", [0, 999])
def test_an_end_that_is_there_already_is_nobody_elses(expected: int | None, later_ms: int) -> None:
    """As after a request whose answer was lost."""
    assert new_limit_s(Live(BEGIN, ENDS + later_ms, 3600), expected, ENDS, NOW) is None


@pytest.mark.parametrize(
    ("timer", "expected"),
    [(ENDS, ENDS - 1_000), (ENDS, ENDS + 1_000), (ENDS, ENDS - 300_000), (ENDS, None), (None, ENDS)],
)
@pytest.mark.parametrize("ends_at", [ENDS + 600_000, NOW])
def test_an_end_that_somebody_else_moved(timer: int | None, expected: int | None, ends_at: int) -> None:
    with pytest.raises(Moved, match="Somebody else") as moved:
        new_limit_s(Live(BEGIN, timer, 3600), expected, ends_at, NOW)
    assert moved.value.ends_at == timer


@pytest.mark.parametrize("off_ms", [-999, 999])
def test_less_than_a_second_is_no_other_end(off_ms: int) -> None:
    assert new_limit_s(LIMITED, ENDS + off_ms, ENDS + 300_000, NOW) == 3900


@pytest.fixture
def extending(cloud: Cloud, http: HttpClient) -> Extending:
    return Extending(StreamApi(options(base_url=cloud.url), http, SystemClock()), SystemClock())


@pytest.fixture
def begin(cloud: Cloud) -> int:
    """A session that has just begun, with an hour to go."""
    begin = SystemClock().now_ms() // 1000 * 1000
    who = session(participant("a", "ana"), started_at=ns(begin), ends_at=begin + HOUR_MS)
    cloud.calls[CID] = call(who, limit_s=3600)
    return begin


def methods(cloud: Cloud) -> list[str]:
    return [one.method for one in cloud.asked]


async def test_read_write_and_read_again(cloud: Cloud, extending: Extending, begin: int) -> None:
    assert await extending.extend(CID, begin + HOUR_MS, begin + HOUR_MS + 300_000) == begin + HOUR_MS + 300_000
    assert methods(cloud) == ["GET", "PATCH", "GET"]
    assert cloud.asked[1].body == {"settings_override": {"limits": {"max_duration_seconds": 3900}}}
    assert await extending.extend(CID, begin + HOUR_MS, begin + HOUR_MS + 300_000) == begin + HOUR_MS + 300_000
    assert methods(cloud)[3:] == ["GET"], "asked twice for the same end, it adds nothing the second time"


async def test_a_call_without_a_limit_gets_one(cloud: Cloud, extending: Extending, begin: int) -> None:
    cloud.calls[CID] = call(session(started_at=ns(begin)))
    assert await extending.extend(CID, None, begin + 600_500) == begin + 601_000, "nobody is cut off sooner"


async def test_an_end_that_is_another_by_now_is_left_alone(cloud: Cloud, extending: Extending, begin: int) -> None:
    for expected in (begin + HOUR_MS - 60_000, None):
        with pytest.raises(Moved) as moved:
            await extending.extend(CID, expected, begin + 2 * HOUR_MS)
        assert moved.value.ends_at == begin + HOUR_MS
    cloud.calls[CID] = call(session(started_at=ns(begin)))
    with pytest.raises(Moved) as moved:
        await extending.extend(CID, begin + HOUR_MS, begin + 2 * HOUR_MS)
    assert moved.value.ends_at is None
    assert methods(cloud) == ["GET"] * 3


async def test_several_at_once_take_turns_and_the_first_one_wins(
    cloud: Cloud, extending: Extending, begin: int
) -> None:
    seen, wish = begin + HOUR_MS, begin + HOUR_MS + 300_000
    wishes = [wish, wish + 300_000, wish, wish + 600_000]
    found = await asyncio.gather(*(extending.extend(CID, seen, one) for one in wishes), return_exceptions=True)
    assert [one.ends_at if isinstance(one, Moved) else one for one in found] == [wish] * 4
    assert [isinstance(one, Moved) for one in found] == [False, True, False, True]
    assert methods(cloud) == ["GET", "PATCH", "GET", "GET", "GET", "GET"]


async def test_two_clients_of_which_one_comes_later(cloud: Cloud, api: StreamApi, begin: int) -> None:
    """Two gateways, say. Both saw the same end; the later one finds another, and adds nothing to it."""
    seen = begin + HOUR_MS
    assert await Extending(api, SystemClock()).extend(CID, seen, seen + 300_000) == seen + 300_000
    with pytest.raises(Moved) as moved:
        await Extending(api, SystemClock()).extend(CID, seen, seen + 600_000)
    assert moved.value.ends_at == seen + 300_000
    assert methods(cloud).count("PATCH") == 1


async def test_two_clients_at_the_very_same_time(cloud: Cloud, extending: Extending, begin: int) -> None:
    """Stream knows no "only if": where both read before either wrote, one end counts, and that one is told."""
    seen, ours, theirs = begin + HOUR_MS, begin + HOUR_MS + 300_000, begin + HOUR_MS + 600_000
    before = JSONResponse({"call": cloud.calls[CID]})

    def written_by_the_other() -> Response:
        cloud.calls[CID] = call(session(started_at=ns(begin), ends_at=theirs), limit_s=4200)
        return before

    cloud.answers = [written_by_the_other]
    assert await extending.extend(CID, seen, ours) == ours, "ours was later, and is no sum of both"
    cloud.answers = [before, written_by_the_other]
    assert await extending.extend(CID, seen, ours) == theirs, "theirs was later, and we say so"
    assert methods(cloud) == ["GET", "PATCH", "GET"] * 2


@pytest.mark.parametrize("by_ms", [600_000, -600_000])
async def test_a_timer_that_follows_late_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, cloud: Cloud, extending: Extending, begin: int, by_ms: int
) -> None:
    monkeypatch.setattr("moderator.providers.stream.extending.PAUSE_S", 0.01)
    seen, wish, cloud.late = begin + HOUR_MS, begin + HOUR_MS + by_ms, 3  # the reading before the change is one
    assert await extending.extend(CID, seen, wish) == wish
    assert methods(cloud) == ["GET", "PATCH", "GET", "GET", "GET"]


@pytest.mark.parametrize("by_ms", [600_000, -600_000])
async def test_what_was_applied_and_answered_as_failed_is_not_applied_twice(
    monkeypatch: pytest.MonkeyPatch, cloud: Cloud, extending: Extending, begin: int, by_ms: int
) -> None:
    monkeypatch.setattr("moderator.providers.stream.extending.PAUSE_S", 0.01)
    seen, wish = begin + HOUR_MS, begin + HOUR_MS + by_ms
    limit_s = (wish - begin) // 1000

    def applied() -> Response:
        cloud.calls[CID]["settings"]["limits"]["max_duration_seconds"] = limit_s
        return Response(status_code=500)

    cloud.answers = [JSONResponse({"call": cloud.calls[CID]}), applied]
    with pytest.raises(Unavailable):
        await extending.extend(CID, seen, wish)
    with pytest.raises(Unavailable, match="its timer has not followed yet"):
        await extending.extend(CID, seen, wish)
    assert methods(cloud) == ["GET", "PATCH", *["GET"] * READINGS]
    cloud.calls[CID]["session"]["timer_ends_at"] = ns(wish)
    assert await extending.extend(CID, seen, wish) == wish
    assert methods(cloud).count("PATCH") == 1


@pytest.mark.parametrize(
    ("live", "ends_at", "waits"),
    [
        (Live(BEGIN, ENDS, 4200), ENDS + 600_000, True),
        (Live(BEGIN + 400, ENDS, 4200), ENDS + 600_000, True),
        (Live(BEGIN, ENDS, 5000), ENDS + 600_000, True),
        (Live(BEGIN, ENDS, 4199), ENDS + 600_000, False),
        (LIMITED, ENDS + 600_000, False),
        (LIMITED, ENDS, False),
        (Live(BEGIN, ENDS, 3000), ENDS - 600_000, True),
        (Live(BEGIN, ENDS, 3000), ENDS - 601_000, False),
        (LIMITED, ENDS - 600_000, False),
        (Live(BEGIN, None, 4200), ENDS + 600_000, False),
        (Live(BEGIN, ENDS, 0), ENDS - 600_000, False),
        (Live(None, ENDS, 4200), ENDS + 600_000, False),
    ],
)
def test_whether_the_timer_is_about_to_follow(live: Live, ends_at: int, waits: bool) -> None:
    assert is_on_its_way(live, ends_at) is waits


@pytest.mark.parametrize("off_ms", [-200_000, 37_000])
async def test_a_timer_that_follows_to_another_end_is_what_the_platform_says(
    cloud: Cloud, extending: Extending, begin: int, off_ms: int
) -> None:
    """A plan's own limit, say."""
    seen, wish = begin + HOUR_MS, begin + HOUR_MS + 600_000
    other = call(session(started_at=ns(begin), ends_at=wish + off_ms), limit_s=4200)
    cloud.answers = [JSONResponse({"call": cloud.calls[CID]}), JSONResponse({}), JSONResponse({"call": other})]
    assert await extending.extend(CID, seen, wish) == wish + off_ms


async def test_an_end_that_is_years_ahead_is_not_taken_for_one(cloud: Cloud, extending: Extending, begin: int) -> None:
    cloud.calls[CID]["session"]["timer_ends_at"] = ns(begin + 39_000 * 365 * 24 * HOUR_MS)
    with pytest.raises(Garbled, match="makes no sense"):
        await extending.extend(CID, begin + HOUR_MS, begin + 2 * HOUR_MS)


async def test_nobody_there(cloud: Cloud, extending: Extending, begin: int) -> None:
    for ended in (call(), call(session(ended_at=ns(begin)))):
        cloud.calls[CID] = ended
        with pytest.raises(Gone, match="Nobody is in this call"):
            await extending.extend(CID, None, begin + HOUR_MS)
    cloud.calls.clear()
    with pytest.raises(Gone):
        await extending.extend(CID, None, begin + HOUR_MS)
    assert "PATCH" not in methods(cloud)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"call":{}}', b'{"call":{"cid":"a:b","session":{"id":1}}}'])
async def test_answers_that_make_no_sense(cloud: Cloud, extending: Extending, body: bytes) -> None:
    cloud.answers = [Response(body)]
    with pytest.raises(Garbled, match="makes no sense"):
        await extending.extend(CID, None, ENDS)


async def test_a_limit_that_is_taken_but_not_shown(cloud: Cloud, extending: Extending, begin: int) -> None:
    unlimited = JSONResponse({"call": call(session(started_at=ns(begin)))})
    cloud.answers = [unlimited, JSONResponse({}), unlimited]
    with pytest.raises(Garbled, match="shows no end"):
        await extending.extend(CID, None, begin + HOUR_MS)


async def test_a_failure_leaves_the_turn_to_the_next(cloud: Cloud, extending: Extending, begin: int) -> None:
    cloud.answers = [Response(status_code=500)]
    with pytest.raises(Unavailable):
        await extending.extend(CID, begin + HOUR_MS, begin + HOUR_MS + 60_000)
    assert await extending.extend(CID, begin + HOUR_MS, begin + HOUR_MS + 60_000) == begin + HOUR_MS + 60_000


async def test_the_recorded_replies(cloud: Cloud, http: HttpClient) -> None:
    """An hour becomes an hour and a half."""
    before, after = fixture("rest/get_call.v2.json"), fixture("rest/update_call_5400.v2.json")
    cloud.answers = [JSONResponse(before), JSONResponse(after), JSONResponse(after)]
    api = StreamApi(options(base_url=cloud.url), http, FakeClock(NOW))
    assert await Extending(api, SystemClock()).extend(CID, ENDS, BEGIN + 5_400_000) == BEGIN + 5_400_000
    assert cloud.asked[1].body["settings_override"]["limits"] == {"max_duration_seconds": 5400}
