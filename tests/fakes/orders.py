"""A real gateway with moderators at it, who order what they like without a window."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from moderator.client.commands import GatewayClient
from moderator.client.tokens import FixedToken
from moderator.clock import SystemClock
from moderator.desktop.orders.orders import Orders
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Deadline, Room
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.http import HttpClient
from tests.fakes.gateway import GatewayServed, bearer

VISIT: Final = RoomType(name="visit", duration_ms=60 * MINUTE_MS, max_extension_ms=30 * MINUTE_MS, mode="enforce")


class Desk(GatewayServed):
    """A gateway with moderators at it, each with a picture that is always up to date."""

    async def __aenter__(self) -> "Desk":
        await super().__aenter__()
        self.connections = await self._stack.enter_async_context(HttpClient())
        self.now = SystemClock().now_ms()
        return self

    def orders(
        self, name: str = "maya", picture: Callable[[RoomKey], Room | None] | None = None, **token: Any
    ) -> Orders:
        words = bearer(name=name, **token).removeprefix("Bearer ")
        client = GatewayClient(f"http://127.0.0.1:{self.address[1]}", FixedToken(words), self.connections)
        return Orders(client, picture or self.gateway.ledger.room, self.clock.now_ms)

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.002)

    @property
    def deadline(self) -> Deadline:
        assert self.room.deadline is not None
        return self.room.deadline
