"""Who is in which call, from the list of ongoing calls."""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Raw, Struct

from moderator.clock import Clock
from moderator.providers.errors import Garbled
from moderator.providers.provider import ListedRoom, Listing
from moderator.providers.reporting import NotUnderstoodError
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.calls import Call, instance_id, people
from moderator.providers.stream.endpoints import QUERY_CALLS
from moderator.providers.stream.grants import unavailable
from moderator.providers.stream.looking_closer import LookingCloser
from moderator.providers.stream.times import moment_ms

LAG_MS: Final = 30_000
"""How soon the list shows somebody is not documented."""
PAGE: Final = 100
MAX_PAGES: Final = 100
ONGOING: Final = {
    "filter_conditions": {"ongoing": True},
    "sort": [{"field": "created_at", "direction": -1}],
    "limit": PAGE,
}
"""By a field that every call has: many have no `starts_at`, which Stream's examples sort by."""

_UNREADABLE: Final = (msgspec.MsgspecError, NotUnderstoodError, ValueError, RecursionError)


class _Page(Struct):
    calls: tuple[Raw, ...]
    next: str | None = None


class _Listed(Struct):
    call: Call
    own_capabilities: tuple[str, ...] | None = None


class _Cid(Struct):
    cid: str


class _Named(Struct):
    """What is there of a call that makes no sense otherwise."""

    call: _Cid


class Lists:
    """Of one app. Raises the errors of `StreamApi`, and Garbled."""

    def __init__(self, api: StreamApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._closer = LookingCloser(api, clock)

    async def list_rooms(self) -> Listing:
        """Every ongoing call."""
        taken_at = self._clock.now_ms()
        found, complete = await self._ongoing()
        rooms: list[ListedRoom] = []
        for raw in found:
            try:
                rooms += _rooms(raw)
            except _UNREADABLE:
                unread = _unread(raw)
                rooms, complete = rooms + unread, complete and bool(unread)
        rooms = await self._closer.look(rooms)
        return Listing(taken_at=taken_at, rooms=tuple(rooms), complete=complete, lag_ms=LAG_MS)

    async def _ongoing(self) -> tuple[list[Raw], bool]:
        """The calls of all pages, and whether those are all pages."""
        found: list[Raw] = []
        cursor, seen = "", set[str]()
        while len(seen) < MAX_PAGES:
            page = await self._page(cursor)
            found += page.calls
            if not page.next or not page.calls:
                return found, True
            if page.next in seen:
                return found, False
            cursor = page.next
            seen.add(cursor)
        return found, False

    async def _page(self, cursor: str) -> _Page:
        answer = await self._api.ask(QUERY_CALLS, body={**ONGOING, "next": cursor} if cursor else ONGOING)
        try:
            return msgspec.json.decode(answer, type=_Page)
        except _UNREADABLE as error:
            raise Garbled("Stream's list makes no sense. Is base_url right?") from error


def _rooms(raw: Raw) -> Iterator[ListedRoom]:
    """One, or none for a call that nobody has joined yet. Raises what `_UNREADABLE` names."""
    listed = msgspec.json.decode(raw, type=_Listed)
    call, session = listed.call, listed.call.session
    if session is None or moment_ms(session.ended_at) is not None:
        return
    yield ListedRoom(
        room=call.cid,
        name=call.name,
        instance=instance_id(session.id),
        participants=people(session.participants or ()),
        complete=session.count <= len(session.participants or ()),
        ends_at=moment_ms(session.timer_ends_at),
        unavailable=unavailable(listed.own_capabilities),
    )


def _unread(raw: Raw) -> list[ListedRoom]:
    """A call that makes no sense, without anybody: nothing follows from it. None when not even its name can be read."""
    try:
        return [ListedRoom(room=msgspec.json.decode(raw, type=_Named).call.cid, complete=False)]
    except _UNREADABLE:
        return []
