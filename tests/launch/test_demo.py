"""The demo's programs, which find each other."""

import asyncio
from pathlib import Path

import pytest

from moderator.client.commands import GatewayClient, RoomList
from moderator.client.tokens import FixedToken
from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.launch.demo import Demo
from moderator.launch.status import ChildStatus, GatewayAccess
from moderator.tasks import TaskScope
from tests.launch.processes import is_gone

PLATFORMS = {"clinic": "vonage", "school": "stream", "exams": "livekit"}


async def rooms_of(access: GatewayAccess, at_least: int) -> RoomList:
    """The rooms, once the cloud has told of so many."""
    async with asyncio.timeout(20), HttpClient() as http:
        client = GatewayClient(access.url, FixedToken(access.token), http)
        while len((found := await client.rooms()).rooms) < at_least:
            await asyncio.sleep(0.1)
        return found


async def test_it_shows_rooms_with_people_and_ends_without_a_trace(tmp_path: Path) -> None:
    demo = Demo(tmp_path, SystemClock(), rooms=3, speed=10)
    access = await demo.start()
    try:
        found = await rooms_of(access, 3)
        assert {room.source: room.provider for room in found.rooms} == PLATFORMS
        assert all(one.name for room in found.rooms for one in room.participants)
        assert demo._gateway.pid is not None
        programs = [demo._gateway.pid, *(child.pid for _, child in demo._running)]
        assert len(programs) == 4
    finally:
        await demo.stop()
    assert [await is_gone(pid) for pid in programs] == [True] * 4


async def test_a_cloud_that_ends_is_said(tmp_path: Path) -> None:
    demo = Demo(tmp_path, SystemClock(), rooms=1, speed=10)
    told: list[ChildStatus] = []
    ended = asyncio.Event()

    def heard(status: ChildStatus) -> None:
        told.append(status)
        if status.state == "failed":
            ended.set()

    await demo.start()
    async with TaskScope() as tasks:
        tasks.start("demo", demo.run(heard))
        await next(child for cloud, child in demo._running if cloud.source == "exams").stop()
        async with asyncio.timeout(20):
            await ended.wait()
    await demo.stop()
    assert [one.state for one in told] == ["running", "failed"]
    assert told[-1].sentence.startswith("the simulated LiveKit cloud ended: it ended with status")


async def test_without_its_cloud_it_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderator.launch.demo.SIMULATOR", "moderator.nothing")
    demo = Demo(tmp_path, SystemClock(), rooms=3, speed=10)
    with pytest.raises(OSError, match=r"clinic-cloud\.log says more"):
        await demo.start()
    assert (demo._gateway.pid, demo._running) == (None, [])
