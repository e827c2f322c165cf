"""The routes about a room as a whole, and the hold: end, message, owner, acknowledge, pause."""

from starlette.responses import Response

from moderator.domain import events as e
from moderator.domain.kinds import Data, Reason
from moderator.domain.rooms import Room
from moderator.gateway.orders.orders import Orders, require
from moderator.gateway.problems import Problem
from moderator.gateway.requests import MAX_TEXT, Body, Call, Nothing
from moderator.gateway.rules import ROOM, Rule


class WithReason(Body, frozen=True, kw_only=True):
    reason: Reason = "other"


class Message(Body, frozen=True, kw_only=True):
    text: str


class Owner(Body, frozen=True, kw_only=True):
    moderator: str = ""
    name: str = ""


class Hold(Body, frozen=True, kw_only=True):
    reason: str = ""


class Ordering:
    """Decides about rooms."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders

    def rules(self) -> tuple[Rule, ...]:
        """The routes about a room as a whole, and the hold."""
        owner, seen, hold = ROOM + "/owner", ROOM + "/warnings/{warning}/acknowledge", "/v1/enforcement/hold"
        watch = "rooms:watch"
        return (
            Rule("POST", ROOM + "/end", "rooms:end", self.end, "End the room for everybody", WithReason, 202),
            Rule("POST", ROOM + "/message", "rooms:message", self.message, "Tell everybody in the room", Message, 202),
            Rule("PUT", owner, watch, self.claim, "Look after the room, or hand it over", Owner),
            Rule("DELETE", owner, watch, self.release, "Nobody looks after the room any more"),
            Rule("POST", seen, watch, self.acknowledge, "A warning was seen", Nothing),
            Rule("PUT", hold, "policy:hold", self.hold, "Pause every automatic disconnect", Hold),
            Rule("DELETE", hold, "policy:hold", self.resume, "Let policies disconnect again"),
        )

    async def end(self, call: Call) -> Response:
        """`POST .../end`"""
        body = await call.body(WithReason)
        return await self._orders.accept(call, lambda: _able(call, "end", e.RoomEndRequested(reason=body.reason)), 202)

    async def message(self, call: Call) -> Response:
        """`POST .../message`"""
        body = await call.body(Message)
        if not 0 < len(body.text) <= MAX_TEXT:
            raise Problem(422, "invalid_text", f"a message has 1 to {MAX_TEXT} characters")
        return await self._orders.accept(call, lambda: _able(call, "message", e.MessageRequested(text=body.text)), 202)

    async def claim(self, call: Call) -> Response:
        """`PUT .../owner`: claim, or hand over."""
        body = await call.body(Owner)
        mine = not body.moderator or body.moderator == call.access.subject
        data = e.RoomClaimed(
            moderator=call.access.subject if mine else body.moderator[:200],
            name=call.access.name if mine else body.name[:200],
        )
        return await self._orders.accept(call, lambda: (call.live_room(), data))

    async def release(self, call: Call) -> Response:
        """`DELETE .../owner`"""
        return await self._orders.accept(call, lambda: (call.live_room(), e.RoomReleased()))

    async def acknowledge(self, call: Call) -> Response:
        """`POST .../warnings/{id}/acknowledge`"""
        await call.body(Nothing)
        data = e.WarningAcknowledged(warning=call.path_id("warning"))
        return await self._orders.accept(call, lambda: (call.live_room(), data))

    async def hold(self, call: Call) -> Response:
        """`PUT /v1/enforcement/hold`: pause every automatic disconnect."""
        body = await call.body(Hold)
        return await self._orders.accept(call, lambda: (None, e.EnforcementHeld(reason=body.reason[:MAX_TEXT])))

    async def resume(self, call: Call) -> Response:
        """`DELETE /v1/enforcement/hold`"""
        return await self._orders.accept(call, lambda: (None, e.EnforcementResumed()))


def _able(call: Call, capability: str, data: Data) -> tuple[Room, Data]:
    room = call.live_room()
    require(room, capability)
    return room, data
