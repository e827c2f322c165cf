"""The routes that only read: rooms, timelines, who am I, what time is it."""

from collections.abc import Callable
from typing import Final

import msgspec
from starlette.responses import Response

import moderator
from moderator.clock import Clock
from moderator.domain.events import Event
from moderator.domain.fold import fold
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.domain.state import State
from moderator.feed.codec import encode_event
from moderator.gateway.broadcast import is_current
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.platforms.statuses import statuses
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Call, json_response
from moderator.gateway.rules import ROOM, Rule

TIMELINE_PAGE: Final = 500
READ_AT_ONCE: Final = 256
FEATURES: Final = (
    *("extend", "disconnect", "block", "mute", "revoke", "end", "owner", "hold"),
    *("appointments", "lock", "duty", "viewing"),
)


class Reading:
    """Answers from what the log says."""

    def __init__(self, ledger: Ledger, sources: dict[str, LiveSource], clock: Clock) -> None:
        self._ledger = ledger
        self._sources = sources
        self._clock = clock

    def rules(self) -> tuple[Rule, ...]:
        """The routes that only read."""
        page = {"after": "the seq of the last event that is known", "instance": "of this live stretch only"}
        read = "rooms:read"
        return (
            Rule("GET", "/v1/me", None, self.me, "Whose token this is, and what it allows"),
            Rule("GET", "/v1/time", None, self.time, "The gateway's time"),
            Rule("GET", "/v1/rooms", read, self.rooms, "Rooms live or just ended"),
            Rule("GET", ROOM, read, self.room, "One room", answer=Room),
            Rule("GET", ROOM + "/events", read, self.timeline, "What happened in a room, a page at a time", query=page),
        )

    async def me(self, call: Call) -> Response:
        """`GET /v1/me`"""
        access = call.access
        return json_response(
            {
                "id": access.subject,
                "name": access.name,
                "scopes": sorted(access.scopes),
                "rooms": access.patterns,
                "expires_at": access.expires_at * 1000,
                "version": moderator.__version__,
                "features": FEATURES,
                "on_duty": access.subject in self._ledger.state.on_duty,
            }
        )

    async def time(self, call: Call) -> Response:
        """`GET /v1/time`"""
        return json_response({"now": self._clock.now_ms()})

    async def rooms(self, call: Call) -> Response:
        """`GET /v1/rooms`: rooms live or just ended, and whether automatic disconnects are paused."""
        now = self._clock.now_ms()
        rooms = [
            room
            for room in self._ledger.state.all_rooms()
            if is_current(room, now) and call.access.sees_room(room.source, room.room, room.name)
        ]
        seen = [one for one in self._sources.values() if call.access.sees_source(one.name)]
        sources = statuses(seen, self._ledger.log)
        state = self._ledger.state
        return json_response({"seq": state.seq, "now": now, "rooms": rooms, "sources": sources, "hold": state.hold})

    async def room(self, call: Call) -> Response:
        """`GET /v1/rooms/{source}/{room}`"""
        return json_response(call.room())

    async def timeline(self, call: Call) -> Response:
        """`GET .../events`: at most a page, oldest first; the next page comes after its last `seq`."""
        room = call.room()
        after = _number(call.request.query_params.get("after", "0"))
        instance = call.request.query_params.get("instance")
        key = call.key()
        events = await self._history(key, lambda event: _belongs(event, key, instance, after))
        page = _page(events)
        raw = [msgspec.Raw(encode_event(event)) for event in page]
        return json_response({"room": room.room, "events": raw, "more": len(events) > len(page)})

    async def _history(self, key: RoomKey, wanted: Callable[[Event], bool]) -> list[Event]:
        """What is wanted of one room as it was read at the time: its entries, folded once more from the beginning."""
        while True:
            found = await self._read_on(await self._ledger.beginning(key), key, wanted)
            if found is not None:
                return found

    async def _read_on(self, state: State, key: RoomKey, wanted: Callable[[Event], bool]) -> list[Event] | None:
        """To the end of the log; None when entries were trimmed before they could be read."""
        log, found = self._ledger.log, list[Event]()
        while True:
            batch = await log.read_room(key, state.seq, READ_AT_ONCE)
            if await log.trimmed() > state.seq:
                return None
            if not batch:
                return found
            for entry in batch:
                found += filter(wanted, fold(state, entry))


def _belongs(event: Event, key: RoomKey, instance: str | None, after: int) -> bool:
    return event.key == key and event.seq > after and (instance is None or event.instance in (None, instance))


def _page(events: list[Event]) -> list[Event]:
    """The first events, without a cut through an entry: its events share the `seq` that the next page comes after."""
    if len(events) <= TIMELINE_PAGE:
        return events
    last_seq = events[TIMELINE_PAGE - 1].seq
    return [event for event in events if event.seq <= last_seq]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Problem(422, "invalid_after", "after is the seq of an event, a whole number")
    return int(text)
