"""What the list of calls leaves out: people in large calls, and who publishes what.

Both are asked for call by call, so there is a limit for each list: the calls take turns, and what was not asked is not
told. Nothing here fails a list.
"""

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from moderator.clock import Clock
from moderator.providers.errors import Gone, NotSupported, ProviderError, Rejected
from moderator.providers.provider import ListedRoom, ListedStream
from moderator.providers.reporting import NotUnderstoodError
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.calls import Participant, people
from moderator.providers.stream.endpoints import QUERY_PARTICIPANTS
from moderator.providers.stream.tracks import KINDS, stream_id

MAX_ROOMS: Final = 10
ENOUGH_S: Final = 8.0
"""Of the time that the gateway allows for a list."""
TIMEOUT_S: Final = 4.0
PAGE: Final = 100
_UNREADABLE: Final = (msgspec.MsgspecError, NotUnderstoodError, ValueError, RecursionError)


class _People(Struct):
    participants: tuple[Participant, ...]
    total_participants: int


class LookingCloser:
    """Of one app."""

    def __init__(self, api: StreamApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._turn = 0
        """How many calls were asked about, in all: where the next round begins."""
        self._tells_tracks = True

    async def look(self, rooms: Sequence[ListedRoom]) -> list[ListedRoom]:
        """The rooms, with what could be learned of some of them. Those that are incomplete go first."""
        until = self._clock.monotonic() + ENOUGH_S
        found = {room.room: room for room in rooms}
        for room in self._next([room for room in found.values() if room.participants]):
            if self._clock.monotonic() > until:
                break
            self._turn += 1
            try:
                found[room.room] = await self._with_tracks(await self._with_everybody(room))
            except Gone:
                continue  # it has just ended
            except (ProviderError, *_UNREADABLE):
                break  # most likely a pause that was asked for: the next list begins with the calls that are left
        return list(found.values())

    def _next(self, rooms: Sequence[ListedRoom]) -> list[ListedRoom]:
        begin = self._turn % len(rooms) if rooms else 0
        return sorted([*rooms[begin:], *rooms[:begin]], key=lambda room: room.complete)[:MAX_ROOMS]

    async def _with_everybody(self, room: ListedRoom) -> ListedRoom:
        if room.complete:
            return room
        answer = await self._ask(room, {})
        found = {one.participant: one for one in (*room.participants, *people(answer.participants))}
        return replace(room, participants=tuple(found.values()), complete=0 < answer.total_participants <= len(found))

    async def _with_tracks(self, room: ListedRoom) -> ListedRoom:
        """Who publishes what; not told when it is not told of all."""
        streams: dict[str, tuple[ListedStream, ...]] = {}
        for track, kind in KINDS.items() if self._tells_tracks else ():
            try:
                answer = await self._ask(room, {"published_tracks": {"$eq": track}})
            except (Rejected, NotSupported):
                self._tells_tracks = False
                return room
            if answer.total_participants > len(answer.participants):
                return room
            for one in answer.participants:
                stream = ListedStream(stream_id(one.key, track), kind, muted=False)
                streams[one.key] = (*streams.get(one.key, ()), stream)
        if not self._tells_tracks:
            return room
        told = (replace(one, streams=streams.get(one.participant, ())) for one in room.participants)
        return replace(room, participants=tuple(told))

    async def _ask(self, room: ListedRoom, conditions: object) -> _People:
        """Raises what `_UNREADABLE` names for an answer that makes no sense."""
        answer = await self._api.ask(
            QUERY_PARTICIPANTS, room.room, {"filter_conditions": conditions}, {"limit": str(PAGE)}, TIMEOUT_S
        )
        return msgspec.json.decode(answer, type=_People)
