"""The demo: a simulated Vonage cloud and an embedded gateway, in a folder of their own, as one thing that runs."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from typing import Final

from moderator.clock import Clock
from moderator.launch.child import Child
from moderator.launch.demo_config import SOURCE, configuration, new_account
from moderator.launch.embedded import EmbeddedGateway
from moderator.launch.ports import HOST, free_port
from moderator.launch.status import ChildStatus, GatewayAccess
from moderator.tasks import TaskScope

SIMULATOR: Final = "moderator.simulator"


class Demo:
    """A day at a clinic. It is used like the embedded gateway that is part of it."""

    def __init__(self, folder: Path, clock: Clock, *, rooms: int, speed: float) -> None:
        """`folder` is the demo's alone; `speed` is how much quicker than ours the time of its rooms runs."""
        self._account = new_account(token_hex(32))
        self._rooms, self._speed = rooms, speed
        self._folder = folder
        self._config = folder / "moderator.toml"
        self._gateway = EmbeddedGateway(self._config, folder, clock, secrets=self._account.for_the_gateway())
        self._cloud: Child | None = None

    async def start(self) -> GatewayAccess:
        """Start both. Raises OSError with a sentence when they cannot run.

        The gateway has to know where the cloud is, and the cloud where the gateway is. The gateway comes first, so that
        the first webhook is not the first retry; so the cloud's port is chosen here.
        """
        port = free_port()
        text = configuration(self._account.application_id, f"http://{HOST}:{port}", self._speed)
        self._config.write_text(text, encoding="utf-8")
        access = await self._gateway.start()
        try:
            self._cloud = await self._start_cloud(f"{access.url}/webhooks/{SOURCE}", port)
        except BaseException:
            await self.stop()
            raise
        return access

    async def run(self, changed: Callable[[ChildStatus], None]) -> None:
        """Keep the gateway running until cancelled, and say how it is. Returns when one of the two is gone for good."""
        async with TaskScope() as tasks:
            ends = [
                tasks.start("embedded gateway", self._gateway.run(changed)),
                tasks.start("simulated cloud", self._watch_cloud(changed)),
            ]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """End both; returns when they have ended."""
        cloud, self._cloud = self._cloud, None
        if cloud is not None:
            await cloud.stop()
        await self._gateway.stop()

    async def _start_cloud(self, webhook: str, port: int) -> Child:
        words = ["vonage", "--webhook", webhook, "--port", str(port)]
        words += ["--rooms", str(self._rooms), "--speed", f"{self._speed:g}"]
        log = self._folder / "cloud.log"
        return await Child.start(SIMULATOR, words, self._account.for_the_cloud(), log)

    async def _watch_cloud(self, changed: Callable[[ChildStatus], None]) -> None:
        if self._cloud is not None:
            cloud = self._cloud
            await cloud.ended()
            changed(ChildStatus("failed", f"the simulated cloud ended: {cloud.why()}"))
