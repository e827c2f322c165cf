import asyncio

import httpx
import pytest
from starlette.responses import Response

from moderator.simulator.vonage.app import Obstacles
from moderator.simulator.vonage.traffic import RateLimit, Traffic
from tests.fakes.clock import FakeClock
from tests.simulator.vonage.running import RunningCloud, running


async def session(cloud: RunningCloud) -> str:
    found: str = (await cloud.order("join", user="u-1"))["session"]
    return found


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
    async with running(obstacles=Obstacles(limit=0.1, tells_when=tells_when)) as cloud:
        room = await session(cloud)
        assert (await cloud.rest("GET", room, "/connection")).status_code == 200
        refused = await cloud.rest("GET", room, "/connection")
        assert refused.status_code == 429
        assert refused.headers.get("retry-after") == expected


async def test_broken_is_a_page_for_people() -> None:
    async with running(obstacles=Obstacles(mode="broken")) as cloud:
        room = await session(cloud)
        reply = await cloud.rest("GET", room, "/connection")
        assert (reply.status_code, reply.headers["content-type"]) == (500, "text/html; charset=utf-8")
        await cloud.order("mode", mode="ok")
        assert (await cloud.rest("GET", room, "/connection")).status_code == 200


async def test_silent_accepts_never_answers_and_does_nothing() -> None:
    async with running() as cloud:
        joined = await cloud.order("join", user="u-1")
        await cloud.order("mode", mode="silent")
        with pytest.raises(httpx.ReadTimeout):
            await cloud.rest("DELETE", joined["session"], f"/connection/{joined['connection']}", timeout=0.5)
        (truth,) = (await cloud.truth("sessions"))["sessions"]
        assert len(truth["connections"]) == 1


async def test_slow_answers_in_the_end() -> None:
    clock = FakeClock()
    traffic = Traffic(Response("done"), clock, None, True, "slow")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(traffic), base_url="http://cloud") as client:
        asked = asyncio.create_task(client.get("/"))
        await clock.advance(3_999)
        assert not asked.done()
        await clock.advance(1)
        assert (await asked).text == "done"
