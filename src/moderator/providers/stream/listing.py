"""Who is in which call: from the list of ongoing calls, or of one call alone."""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from moderator.clock import Clock
from moderator.providers.errors import Garbled, Gone
from moderator.providers.provider import ListedRoom, Listing
from moderator.providers.reporting import UNREADABLE, NotUnderstoodError
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.calls import Call, Session, instance_id, is_address, people
from moderator.providers.stream.endpoints import GET_CALL, QUERY_CALLS
from moderator.providers.stream.grants import unavailable
from moderator.providers.stream.looking_closer import LookingCloser
from moderator.providers.stream.times import moment_ms

LAG_MS: Final = 30_000
"""How soon the list shows somebody is not documented."""
PAGE: Final = 100
MAX_PAGES: Final = 100
MAX_BYTES: Final = 64 * 1024 * 1024
"""Of all pages together."""
ONGOING: Final = {
    "filter_conditions": {"ongoing": True},
    "sort": [{"field": "created_at", "direction": -1}],
    "limit": PAGE,
}
"""By a field that every call has: many have no `starts_at`, which Stream's examples sort by."""


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
                rooms += _rooms(raw, taken_at)
            except UNREADABLE:
                unread = _unread(raw)
                rooms, complete = rooms + unread, complete and bool(unread)
        rooms = await self._closer.look(rooms)
        return Listing(taken_at=taken_at, rooms=tuple(rooms), complete=complete, lag_ms=LAG_MS)

    async def list_room(self, room: str) -> Listing:
        """This call alone, looked at closer in any case; no room where it has no session now."""
        taken_at = self._clock.now_ms()
        try:
            found = list(_rooms(await self._api.ask(GET_CALL, room), taken_at))
        except Gone:
            found = []
        except UNREADABLE as error:
            raise Garbled("Stream's answer makes no sense. Is base_url right?") from error
        looked_at = [await self._closer.look_at(one) for one in found]
        return Listing(taken_at=taken_at, rooms=tuple(looked_at), lag_ms=LAG_MS)

    async def _ongoing(self) -> tuple[list[Raw], bool]:
        """The calls of all pages, and whether those are all pages."""
        found: list[Raw] = []
        cursor, seen, size = "", set[str](), 0
        while len(seen) < MAX_PAGES and size < MAX_BYTES:
            page, page_size = await self._page(cursor)
            size += page_size
            found += page.calls
            if not page.next or not page.calls:
                return found, True
            if page.next in seen:
                return found, False
            cursor = page.next
            seen.add(cursor)
        return found, False

    async def _page(self, cursor: str) -> tuple[_Page, int]:
        """With its size in bytes."""
        answer = await self._api.ask(QUERY_CALLS, body={**ONGOING, "next": cursor} if cursor else ONGOING)
        try:
            return msgspec.json.decode(answer, type=_Page), len(answer)
        except UNREADABLE as error:
            raise Garbled("Stream's list makes no sense. Is base_url right?") from error


def _rooms(raw: Raw | bytes, taken_at: int) -> Iterator[ListedRoom]:
    """One, or none for a call that has no session now. Raises what `UNREADABLE` names."""
    listed = msgspec.json.decode(raw, type=_Listed)
    call, session = listed.call, listed.call.session
    if not is_address(call.cid) or (session and not session.id):
        raise NotUnderstoodError("a call or a session without a name")
    if session is None or moment_ms(session.ended_at) is not None:
        return
    participants = people(session.participants or ())
    yield ListedRoom(
        room=call.cid,
        name=call.name,
        instance=instance_id(session.id),
        participants=participants,
        complete=session.count <= len(participants),
        ends_at=_end_of(session, taken_at),
        unavailable=unavailable(listed.own_capabilities),
    )


def _end_of(session: Session, taken_at: int) -> int | UnsetType | None:
    """Not told where it cannot be."""
    try:
        return session.timer_ms(taken_at)
    except NotUnderstoodError:
        return UNSET


def _unread(raw: Raw) -> list[ListedRoom]:
    """A call that makes no sense, without anybody: nothing follows from it. None when not even its name can be read."""
    try:
        cid = msgspec.json.decode(raw, type=_Named).call.cid
    except UNREADABLE:
        return []
    return [ListedRoom(room=cid, complete=False)] if is_address(cid) else []
