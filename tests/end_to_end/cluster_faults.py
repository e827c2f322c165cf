"""What goes wrong in a storm, one after the other: with gateways, with servers of the log, with the network between."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

from moderator.clock import SystemClock
from tests.end_to_end.gateway_process import GatewayProcess
from tests.fakes.nats import NatsServer
from tests.fakes.nats_cluster import NatsCluster

STREAM: Final = "moderator_log"
LEADS_AGAIN_S: Final = 10
"""How long a cluster may take to choose another leader."""


class Faults:
    """Brings them about, and notes when each was going on, in milliseconds since the epoch."""

    def __init__(self, cluster: NatsCluster, gateways: Sequence[GatewayProcess]) -> None:
        self._cluster = cluster
        self._gateways = gateways
        self._clock = SystemClock()
        self.times: list[tuple[int, int]] = []

    async def all(self) -> None:
        """With some time between them, in which all is well."""
        await asyncio.sleep(6)
        await self.kill_gateway(self._gateways[0])
        await asyncio.sleep(4)
        await self.kill_server(await self._leader())
        await asyncio.sleep(4)
        await self.cut_off(await self._leader())
        await asyncio.sleep(4)
        await self.restart_all()

    async def kill_gateway(self, gateway: GatewayProcess) -> None:
        async with self._noted():
            await gateway.kill()
            await asyncio.sleep(3)
            await gateway.start()

    async def kill_server(self, server: NatsServer) -> None:
        async with self._noted():
            server.kill()
            await asyncio.sleep(LEADS_AGAIN_S)
            await self._start(server)

    async def cut_off(self, server: NatsServer) -> None:
        """Its gateways still reach it; it reaches none of the others."""
        async with self._noted():
            self._cluster.isolate(server)
            await asyncio.sleep(LEADS_AGAIN_S)
            self._cluster.mend()
            await asyncio.to_thread(self._cluster.wait_until_current, server)

    async def restart_all(self) -> None:
        """As an upgrade does: one after the other, each when the one before is well again."""
        for server in self._cluster.nodes:
            async with self._noted():
                await asyncio.to_thread(server.stop)
                await self._start(server)
        for gateway in self._gateways:
            async with self._noted():
                await gateway.stop()
                await gateway.start()

    async def _start(self, server: NatsServer) -> None:
        await asyncio.to_thread(server.start)
        await asyncio.to_thread(self._cluster.wait_until_current, server)

    async def _leader(self) -> NatsServer:
        return await asyncio.to_thread(self._cluster.leader, STREAM)

    @contextlib.asynccontextmanager
    async def _noted(self) -> AsyncIterator[None]:
        begun_at = self._clock.now_ms()
        yield
        self.times.append((begun_at, self._clock.now_ms()))
