"""Vonage with a whole gateway around it: webhooks go in signed, requests go to a cloud without a socket."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, Self

import httpx

from moderator.domain.rooms import Room
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.gateway.configuration.config import SourceConfig
from moderator.http_pools import Pools
from moderator.providers.vonage import VonageProvider
from tests.fakes.builders import SOURCE
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import WEBHOOK, GatewayInProcess
from tests.providers.vonage.cloud import Cloud
from tests.providers.vonage.made import BEGIN, SESSION, vonage_options

VISIT: Final = RoomType(
    name="visit", duration_ms=60 * MINUTE_MS, starts="second_person", max_people=2, mode="enforce", warn_ms=(MINUTE_MS,)
)

RARELY: Final = 10 * MINUTE_MS
"""Between lists, where an hour has to pass quickly."""


class Clinic:
    """A gateway, and the cloud that it talks to without a socket. Both live in the test's time."""

    def __init__(self, gateway: GatewayInProcess, cloud: Cloud) -> None:
        self.gateway = gateway
        self.cloud = cloud
        self._options = vonage_options()

    @property
    def room(self) -> Room:
        found = self.gateway.known(SESSION)
        assert found is not None
        return found

    def here(self) -> list[str]:
        return [one.user or one.id for one in self.room.here()]

    async def hears(self, *bodies: dict[str, Any]) -> None:
        """The platform tells of these; its list knows nothing of them."""
        for body in bodies:
            raw = json.dumps(body).encode()
            headers = VonageProvider.sign(self._options, {}, raw)
            answer = await self.gateway.http.post(WEBHOOK, content=raw, headers=dict(headers))
            assert answer.status_code == 200, answer.text
            await self.gateway.clock.settle()

    async def happens(self, *bodies: dict[str, Any]) -> None:
        """On the platform, which tells of it."""
        for body in bodies:
            people = self.cloud.sessions.setdefault(SESSION, {})
            match body["event"]:
                case "connectionCreated":
                    people[body["connection"]["id"]] = body["connection"]["createdAt"]
                case "connectionDestroyed":
                    people.pop(body["connection"]["id"], None)
            await self.hears(body)

    def removed(self) -> list[str]:
        """Whom the gateway had disconnected, in order."""
        return [path.rpartition("/")[2] for path in self.cloud.paths("DELETE")]


class InProcess(GatewayInProcess):
    """What it asks the platform goes to the cloud without a socket, whose time would not be the test's."""

    def __init__(self, folder: Path, cloud: Cloud, *types: RoomType, reconcile_ms: int, clock: FakeClock) -> None:
        source = SourceConfig(SOURCE, VonageProvider, "vonage", vonage_options(), reconcile_ms, 1000)
        super().__init__(folder, *types, clock=clock, source=source)
        self._cloud = cloud

    async def start(self) -> Self:
        http = self.gateway.sources[SOURCE].http
        await http.aclose()
        http._pools = Pools(lambda: httpx.AsyncClient(transport=httpx.ASGITransport(self._cloud.app())))
        return await super().start()


@asynccontextmanager
async def clinic(
    folder: Path,
    *types: RoomType,
    cloud: Cloud | None = None,
    reconcile_ms: int = 30_000,
    clock: FakeClock | None = None,
) -> AsyncIterator[Clinic]:
    """A running one; the same folder, cloud and clock again are the next start."""
    cloud, clock = cloud or Cloud(verify_times=False), clock or FakeClock(BEGIN + 1_000)
    async with InProcess(folder, cloud, *types, reconcile_ms=reconcile_ms, clock=clock) as gateway:
        yield Clinic(gateway, cloud)
