"""How LiveKit delivers: each room's events one by one, some seconds long, and then they are lost."""

import asyncio

import pytest

from tests.simulator.livekit.running import running

FAST = 500
"""The first retry comes after 2 ms; what is older than 60 ms is lost."""
QUICK = 50
"""After 20 ms; and nothing is lost for 600 ms, on a busy machine either."""


async def test_webhooks_are_signed_and_of_their_own_type() -> None:
    async with running() as cloud:
        await cloud.join("u-1")
        await cloud.sees("track_published")
        assert [event.event for event in cloud.received()] == ["room_started", "participant_joined", "track_published"]
        assert {one["content-type"] for one in cloud.receiver.headers} == {"application/webhook+json"}


@pytest.mark.parametrize(("status", "requests"), [(200, 3), (204, 3), (404, 3), (501, 3), (500, 4), (429, 4)])
async def test_some_refusals_are_final(status: int, requests: int) -> None:
    async with running(speed=QUICK) as cloud:
        cloud.receiver.statuses = [status]
        await cloud.join("u-1")
        await cloud.settled()
        assert len(cloud.receiver.bodies) == requests


async def test_the_events_of_a_room_wait_for_one_another() -> None:
    async with running(speed=QUICK) as cloud:
        cloud.receiver.statuses = [500] * 2
        await cloud.join("u-1")
        await cloud.settled()
        assert cloud.told() == [*["room_started"] * 3, "participant_joined", "track_published"]


async def test_what_waits_for_too_long_is_lost() -> None:
    async with running(speed=FAST) as cloud:
        cloud.receiver.statuses = [500] * 100
        for number in range(5):
            await cloud.join(f"u-{number}")
        counts = await cloud.settled()
        assert (counts["sent"], counts["acknowledged"], counts["dropped"]) == (11, 0, 11)
        assert len(set(cloud.receiver.bodies)) < 11  # some were never tried
        cloud.receiver.statuses = []
        await cloud.join("u-9", room="lesson-2")
        assert (await cloud.settled())["acknowledged"] == 3


async def test_rooms_do_not_wait_for_one_another() -> None:
    async with running() as cloud:
        cloud.receiver.statuses = [500]
        await cloud.join("u-1", streams=[])
        await cloud.receiver.until(cloud.told)
        await cloud.join("u-2", room="lesson-2", streams=[])
        await asyncio.wait_for(cloud.sees("participant_joined"), 0.9)
        assert cloud.events[-1]["room"]["name"] == "lesson-2"
