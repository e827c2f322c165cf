"""The routes by which a moderator says which room they look at, for the others to see."""

from typing import Final

from starlette.responses import Response

from moderator.domain.events import Event, ViewingEnded, ViewingStarted
from moderator.domain.rooms import Room
from moderator.domain.settings import MINUTE_MS
from moderator.domain.viewing import viewed_by
from moderator.gateway.access.limits import Buckets
from moderator.gateway.orders.orders import Orders
from moderator.gateway.problems import too_many
from moderator.gateway.requests import Call, Nothing, json_response
from moderator.gateway.rules import ROOM, Rule

VIEWING: Final = ROOM + "/viewing"
NEWS_AFTER_MS: Final = MINUTE_MS
"""Who says the same again sooner is answered, and nothing is written down."""
CHANGES_PER_S: Final = 1 / 3
CHANGES_AT_ONCE: Final = 30
"""Every change stays in the log, and nobody goes through more rooms than that for long."""


class Viewing:
    """Writes down who looks at what. It changes nothing but what people are shown."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._changes = Buckets(CHANGES_PER_S, CHANGES_AT_ONCE)

    def rules(self) -> tuple[Rule, ...]:
        """The routes about looking."""
        scope = "rooms:watch"
        return (
            Rule("PUT", VIEWING, scope, self.begin, "You look at this room now, in place of any other", Nothing),
            Rule("DELETE", VIEWING, scope, self.end, "You look at this room no more"),
        )

    async def begin(self, call: Call) -> Response:
        """`PUT .../viewing`"""
        await call.body(Nothing)
        room = call.room()
        return await self._write(call, [] if self._is_known(call, room) else self._moves(call, room))

    async def end(self, call: Call) -> Response:
        """`DELETE .../viewing`"""
        room = call.room()
        looks = any(one.id == call.access.subject for one in room.viewers)
        return await self._write(call, [self._event(call, "end", room, ViewingEnded())] if looks else [])

    # --- how -------------------------------------------------------------------------------------------------------

    def _moves(self, call: Call, room: Room) -> list[Event]:
        """In one entry, so that every reader hears of the room that was left. None for a repeat: what came after it
        stands."""
        ledger, begin = self._orders.ledger, self._event(call, "begin", room, ViewingStarted())
        if ledger.verdict(begin.id) is not None:
            return []
        keys = [key for key in viewed_by(ledger.state, call.access.subject) if key != room.key]
        left = [found for key in keys if (found := ledger.room(key)) is not None]
        ended = [self._event(call, f"end {one.source} {one.room}", one, ViewingEnded()) for one in left]
        return [*ended, begin]

    def _event(self, call: Call, slot: str, room: Room, data: ViewingStarted | ViewingEnded) -> Event:
        return self._orders.event(call, call.event_id(slot), room, data)

    def _is_known(self, call: Call, room: Room) -> bool:
        now = self._orders.clock.now_ms()
        return any(one.id == call.access.subject and now - one.at < NEWS_AFTER_MS for one in room.viewers)

    async def _write(self, call: Call, events: list[Event]) -> Response:
        if events:
            if wait_s := self._changes.take(call.access.subject, self._orders.clock.monotonic()):
                raise too_many(wait_s, "you look at another room too often")
            await self._orders.ledger.propose(events)
        return json_response({"seq": self._orders.ledger.state.seq})
