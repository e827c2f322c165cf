"""A gateway on a simulated Stream cloud, in real time, with one lesson to look after."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.routing import Mount

from moderator.clock import SystemClock
from moderator.domain.rooms import Room
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.gateway.configuration.config import SourceConfig
from moderator.providers.stream import StreamProvider
from moderator.providers.stream.options import StreamOptions
from tests.fakes.builders import SOURCE
from tests.fakes.gateway import WEBHOOK, RunningGateway, Street, participant_path, room_path
from tests.fakes.serving import served
from tests.simulator.stream.running import API_KEY, API_SECRET, RunningCloud, path, running

CID: Final = "lesson:7"
LESSON: Final = RoomType(name="lesson", duration_ms=MINUTE_MS, max_people=2, mode="enforce")
"""Its duration is not for Stream, which keeps the end itself."""


class School:
    """The gateway, the cloud, and what is to be seen of the lesson."""

    def __init__(self, gateway: RunningGateway, cloud: RunningCloud) -> None:
        self.gateway = gateway
        self.cloud = cloud

    async def joins(self, user: str, **order: Any) -> str:
        """The connection of somebody who joins the lesson."""
        answer = await self.cloud.order(
            "join", **{"user": user, "name": user.title(), "role": "student", "room_name": "lesson-7"} | order
        )
        connection: str = answer["connection"]
        return connection

    async def limit(self, seconds: int) -> None:
        """Whoever hosts the call changes its limit, without us."""
        body = {"settings_override": {"limits": {"max_duration_seconds": seconds}}}
        assert (await self.cloud.rest("PATCH", path(CID), body)).status_code == 200

    async def sees(self, what: str, condition: Callable[[Room], object], within_s: float = 30) -> Room:
        """The lesson, as soon as the condition holds."""
        try:
            async with asyncio.timeout(within_s):
                while (room := self.gateway.known(CID)) is None or not condition(room):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"never seen: {what}; the room is {self.gateway.known(CID)}") from None
        return room

    async def order(self, verb: str, body: object = None, *, of: str = "", method: str = "POST") -> tuple[int, Any]:
        """A moderator's command, about the lesson or somebody in it."""
        where = participant_path(of, CID) if of else room_path(CID)
        answer = await self.gateway.http.request(method, f"{where}/{verb}", json=body)
        return answer.status_code, answer.json()

    async def ends_at(self) -> int:
        """What Stream says, in milliseconds."""
        told: int = (await self.cloud.session(CID))["timer_ends_at"]
        return told // 1_000_000

    async def published(self, user: str) -> list[str]:
        """What this person is to be heard and seen by, in truth."""
        (room,) = (await self.cloud.truth("rooms"))["rooms"]
        mine = [one for one in room["connections"] if one["person"]["user"] == user]
        return [stream["kind"] for one in mine for stream in one["streams"] if not stream["muted"]]


@contextlib.asynccontextmanager
async def school(folder: Path, **cloud_options: Any) -> AsyncIterator[School]:
    street = Street()
    async with (
        served(Starlette(routes=[Mount("/", street)])) as at,
        running(webhook=at + WEBHOOK, **cloud_options) as cloud,
    ):
        options = StreamOptions(api_key=API_KEY, api_secret=API_SECRET, base_url=cloud.url)
        source = SourceConfig(SOURCE, StreamProvider, "stream", options, 500, 50)
        street.gateway = RunningGateway(folder, SystemClock(), LESSON, source=source)
        async with street.gateway as gateway:
            await gateway.start()
            yield School(gateway, cloud)
            await cloud.settled()  # nothing is on its way to a gateway that is gone
