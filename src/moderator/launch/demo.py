"""The demo: simulated clouds and an embedded gateway, in a folder of their own, as one thing that runs."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from moderator.client.errors import GatewayError
from moderator.clock import Clock
from moderator.language import tr
from moderator.launch.child import Child
from moderator.launch.demo_appointments import SOURCE, Exam, announce, exams
from moderator.launch.demo_clouds import DemoCloud, new_clouds, rooms_of
from moderator.launch.demo_config import configuration
from moderator.launch.embedded import EmbeddedGateway
from moderator.launch.ports import HOST, free_ports
from moderator.launch.status import ChildStatus, GatewayAccess
from moderator.tasks import TaskScope

SIMULATOR: Final = "moderator.simulator"
ONE_BY_ONE_S: Final = 180
"""Between the first events of one cloud and those of the next: nobody is interrupted by all of them at once."""


class Demo:
    """A day at a clinic, a school and an exams office. It is used like the embedded gateway that is part of it."""

    def __init__(self, folder: Path, clock: Clock, *, rooms: int, speed: float) -> None:
        """`folder` is the demo's alone; `speed` is how much quicker than ours the time of its rooms runs."""
        self._clouds = new_clouds()
        self._rooms, self._speed = rooms_of(self._clouds, rooms), speed
        self._folder = folder
        self._clock = clock
        self._exams: tuple[Exam, ...] = ()
        self._config = folder / "moderator.toml"
        secrets = {name: value for cloud in self._clouds for name, value in cloud.for_the_gateway.items()}
        self._gateway = EmbeddedGateway(self._config, folder, clock, secrets=secrets)
        self._running: list[tuple[DemoCloud, Child]] = []

    async def start(self) -> GatewayAccess:
        """Start all of them. Raises OSError with a sentence when they cannot run.

        The gateway has to know where the clouds are, and they where the gateway is. The gateway comes first, so that
        the first webhook is not the first retry; so the clouds' ports are chosen here.
        """
        ports = free_ports(len(self._clouds))
        urls = [f"http://{HOST}:{port}" for port in ports]
        text = configuration(zip(self._clouds, urls, strict=True), self._speed)
        self._config.write_text(text, encoding="utf-8")
        access = await self._gateway.start()
        self._exams = exams(self._clock.now_ms(), self._speed)
        try:
            await self._announce(access)
            await self._start_clouds(access.url, ports)
        except BaseException:
            await self.stop()
            raise
        return access

    async def run(self, changed: Callable[[ChildStatus], None]) -> None:
        """Keep the gateway running until cancelled, and say how it is. Returns when one of them is gone for good."""
        async with TaskScope() as tasks:
            ends = [tasks.start("embedded gateway", self._gateway.run(changed))]
            for cloud, child in self._running:
                ends.append(tasks.start(f"simulated {cloud.name}", _watch(cloud, child, changed)))
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """End all of them; returns when they have ended."""
        running, self._running = self._running, []
        await asyncio.gather(*(child.stop() for _, child in running))
        await self._gateway.stop()

    async def _announce(self, access: GatewayAccess) -> None:
        try:
            await announce(access, self._exams)
        except GatewayError as error:
            raise OSError(str(error)) from error

    async def _start_clouds(self, gateway: str, ports: list[int]) -> None:
        """At once, since each takes a while; none is left behind when another fails."""
        order = range(len(self._clouds))
        starting = [self._start(*one, gateway) for one in zip(self._clouds, self._rooms, ports, order, strict=True)]
        for failure in await asyncio.gather(*starting, return_exceptions=True):
            if failure is not None:
                raise failure

    async def _start(self, cloud: DemoCloud, rooms: int, port: int, place: int, gateway: str) -> None:
        words = [cloud.platform, "--webhook", f"{gateway}/webhooks/{cloud.source}", "--port", str(port)]
        words += ["--rooms", str(rooms), "--speed", f"{self._speed:g}", "--gentle", str(place * ONE_BY_ONE_S)]
        words += ["--appointments", *cloud.appointments]
        if cloud.source == SOURCE:
            words += ["--planned", *(one.words for one in self._exams)]
        log = self._folder / f"{cloud.source}-cloud.log"
        child = await Child.start(SIMULATOR, words, cloud.known_to_the_cloud, log)
        self._running.append((cloud, child))


async def _watch(cloud: DemoCloud, child: Child, changed: Callable[[ChildStatus], None]) -> None:
    await child.ended()
    ended = tr("the simulated {platform} cloud ended: {why}").format(platform=cloud.name, why=child.why())
    changed(ChildStatus("failed", ended))
