"""Two hundred rooms that people come to, stay in and have to leave at a deadline, and moderators who watch and order:
what goes on while gateways and servers are killed (`cluster_faults`).
"""

import asyncio
import contextlib
import os
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final

from moderator.client.commands import GatewayClient
from moderator.client.errors import Conflict, GatewayError, NotFound
from moderator.client.feed_reader import FeedReader
from moderator.client.link import Link
from moderator.client.tokens import FixedToken
from moderator.clock import SystemClock
from moderator.domain.events import Event
from moderator.domain.ids import EventId
from moderator.feed.sse import SseFrame
from moderator.http import HttpClient
from moderator.tasks import TaskScope
from tests.end_to_end.cluster_platform import Platform
from tests.end_to_end.cluster_provider import install
from tests.end_to_end.gateway_process import GatewayProcess
from tests.fakes.builders import SOURCE
from tests.fakes.provider import SECRET
from tests.fakes.serving import served
from tests.fakes.tcp_link import TcpLink

KEY: Final = "a key for tests, that all gateways have"
ROOMS: Final = 200
BEGIN_WITHIN_S: Final = 8
LAST_S: Final = tuple(range(20, 90, 5))
"""How long rooms last: some end at any time."""
ENDS_WITHIN_S: Final = 60
EVERY_S: Final = 4
"""Something happens in each room."""
PEOPLE: Final = ("ann", "ben", "cai")
EXTENDED_BY_S: Final = 4
ROOM_TYPES: Final = "".join(
    f"""
[[room_types]]
name = "lesson of {seconds} s"
match = {{ room = "{seconds}-*" }}
duration = "{seconds}s"
warn = ["8s", "3s"]
mode = "enforce"
"""
    for seconds in LAST_S
)


class Watching:
    """A moderator's desktop, as far as it is a reader of the feed, and what it was told."""

    def __init__(self, url: str, token: str) -> None:
        self._http = HttpClient()
        self._reader = FeedReader(url, FixedToken(token), self._http, self, SystemClock())
        self.session = self._reader.session
        self.told: Counter[EventId] = Counter()
        self.connections = 0

    async def run(self) -> None:
        try:
            await self._reader.run()
        finally:
            await self._http.aclose()

    def link_changed(self, link: Link) -> None:
        self.connections += link.state == "live"

    def frame_applied(self, frame: SseFrame, events: Sequence[Event]) -> None:
        self.told.update(event.id for event in events)


class Storm:
    """A platform, gateways on one log, a way to whichever of them is there, and three moderators."""

    def __init__(self, platform: Platform, gateways: Sequence[GatewayProcess], url: str, tasks: TaskScope) -> None:
        self.platform = platform
        self.gateways = gateways
        self.watching = [Watching(url, gateways[0].token()) for _ in range(3)]
        self.extended: set[str] = set()
        self.perhaps_extended: set[str] = set()
        """The rooms that a moderator was told have more time."""
        self.ordered: set[tuple[str, str]] = set()
        """Whom a moderator was told will be removed: room and participant."""
        self._orders = HttpClient()
        self._client = GatewayClient(url, FixedToken(gateways[0].token()), self._orders)
        self._tasks = tasks
        self._rooms: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Rooms begin, one after the other."""
        for one in self.watching:
            self._tasks.start("watching", one.run())
        for number in range(ROOMS):
            self._rooms.append(self._tasks.start("room", self._room(number)))

    async def ended(self) -> None:
        """Wait until everybody has gone, and every webhook was taken."""
        async with asyncio.timeout(ENDS_WITHIN_S):
            await asyncio.gather(*self._rooms)
            await self.platform.all_told()

    async def aclose(self) -> None:
        await self._orders.aclose()

    async def _room(self, number: int) -> None:
        room, platform = f"{LAST_S[number % len(LAST_S)]}-{number}", self.platform
        await asyncio.sleep(number * BEGIN_WITHIN_S / ROOMS)
        for person in PEOPLE:
            platform.join(room, f"{person}:1")
            platform.publish(room, f"{person}:1")
            await asyncio.sleep(0.3)
        if number % 10 == 0:
            self._tasks.start("extending", self._extend(room))
        if number % 7 == 0:
            self._tasks.start("removing", self._remove(room, "ben:1"))
        updates = 0
        while here := platform.here(room):
            updates += 1
            platform.update(room, here[updates % len(here)], updates)
            await asyncio.sleep(EVERY_S)
            if updates == 3 and number % 5 == 0 and "cai:1" in here:
                platform.leave(room, "cai:1")
                platform.join(room, "cai:2")

    async def _extend(self, room: str) -> None:
        while True:
            await asyncio.sleep(1)
            try:
                await self._client.extend(SOURCE, room, EXTENDED_BY_S, 1)
            except Conflict:  # an answer that was lost, of an order that was not; or it was too late
                self.perhaps_extended.add(room)
                return
            except GatewayError:
                continue
            self.extended.add(room)
            return

    async def _remove(self, room: str, participant: str) -> None:
        while True:
            await asyncio.sleep(1)
            try:
                done = await self._client.disconnect(SOURCE, room, participant, "conduct")
            except NotFound:
                continue
            except GatewayError:
                continue
            if done.outcome == "requested":
                self.ordered.add((room, participant))
            break


@contextlib.asynccontextmanager
async def storm(folder: Path, log: Sequence[str], **environment: str) -> AsyncIterator[Storm]:
    """For each gateway the lines about its log; `environment` is theirs."""
    installed = install(folder / "installed")
    path = os.pathsep.join([str(Path.cwd()), str(installed), *filter(None, [os.environ.get("PYTHONPATH")])])
    gateways: list[GatewayProcess] = []
    for number in range(len(log)):
        own = folder / f"gateway-{number}"
        own.mkdir()
        gateways.append(GatewayProcess(own, KEY, PYTHONPATH=path, **environment))
    ports = [int(gateway.url.rpartition(":")[2]) for gateway in gateways]
    balancer = TcpLink(*ports)
    try:
        async with TaskScope() as tasks:
            platform = Platform([gateway.url for gateway in gateways], tasks)
            async with served(platform.app) as platform_url:
                source = f"""
provider = "cluster"
webhook_secret = "{SECRET}"
base_url = "{platform_url}"
reconcile = "5s"
"""
                for gateway, lines in zip(gateways, log, strict=True):
                    gateway.configure_source(source, ROOM_TYPES, f"hold_above = 100000\n{lines}", SOURCE)
                await asyncio.gather(*(gateway.start() for gateway in gateways))
                running = Storm(platform, gateways, f"http://127.0.0.1:{balancer.port}", tasks)
                yield running
                await running.aclose()
    finally:
        for gateway in gateways:
            await gateway.kill()
        balancer.close()
