import asyncio

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from moderator.simulator.traffic import Traffic
from tests.fakes.clock import FakeClock
from tests.simulator.vonage.running import RunningCloud, running


async def session(cloud: RunningCloud) -> str:
    found: str = (await cloud.order("join", user="u-1"))["room"]
    return found


async def test_broken_is_a_page_for_people() -> None:
    async with running() as cloud:
        room = await session(cloud)
        await cloud.order("mode", mode="broken")
        reply = await cloud.rest("GET", room, "/connection")
        assert (reply.status_code, reply.headers["content-type"]) == (500, "text/html; charset=utf-8")
        await cloud.order("mode", mode="ok")
        assert (await cloud.rest("GET", room, "/connection")).status_code == 200


async def test_silent_accepts_never_answers_and_does_nothing() -> None:
    async with running() as cloud:
        joined = await cloud.order("join", user="u-1")
        await cloud.order("mode", mode="silent")
        with pytest.raises(httpx.ReadTimeout):
            await cloud.rest("DELETE", joined["room"], f"/connection/{joined['connection']}", timeout=0.5)
        (truth,) = (await cloud.truth("rooms"))["rooms"]
        assert len(truth["connections"]) == 1


async def test_slow_answers_in_the_end() -> None:
    clock = FakeClock()
    traffic = Traffic(Response("done"), clock, "slow")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(traffic), base_url="http://cloud") as client:
        asked = asyncio.create_task(client.get("/"))
        await clock.advance(3_999)
        assert not asked.done()
        await clock.advance(1)
        assert (await asked).text == "done"


async def test_who_asks_half_a_question_is_not_answered() -> None:
    asked: list[str] = []

    async def api(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await Request(scope, receive).body()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        asked.append("answered")

    scope = {"type": "http", "method": "POST", "path": "/half", "headers": []}
    await Traffic(api, FakeClock(), "ok")(scope, receive, send)
    assert asked == ["/half"]
