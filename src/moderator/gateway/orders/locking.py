"""The routes that lock a room: nobody comes in any more but who is there, and who is let in."""

from typing import Final

from starlette.responses import Response

from moderator.domain.events import RoomLocked, RoomUnlocked
from moderator.domain.kinds import Data
from moderator.domain.rooms import Room
from moderator.gateway.orders.orders import Orders
from moderator.gateway.requests import Call, Nothing
from moderator.gateway.rules import ROOM, Rule

LOCK: Final = ROOM + "/lock"


class Locking:
    """Decides about locks. What a lock does to who comes is a policy's business."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders

    def rules(self) -> tuple[Rule, ...]:
        """The routes about locks."""
        scope = "participants:disconnect"
        return (
            Rule("PUT", LOCK, scope, self.lock, "Let nobody in any more but who is there, or is allowed", Nothing),
            Rule("DELETE", LOCK, scope, self.unlock, "Let people in again"),
        )

    async def lock(self, call: Call) -> Response:
        """`PUT .../lock`. Whoever is there now may leave and come back."""
        await call.body(Nothing)

        def make() -> tuple[Room, Data]:
            room = call.live_room()
            people = sorted({one.person for one in room.here()})
            return room, RoomLocked(people=tuple(people))

        return await self._orders.accept(call, make)

    async def unlock(self, call: Call) -> Response:
        """`DELETE .../lock`"""
        return await self._orders.accept(call, lambda: (call.live_room(), RoomUnlocked()))
