"""What the list of calls leaves out: people in large calls, and who publishes what.

Both are asked for call by call, so there is a limit for each list: the calls take turns, and what was not asked is not
told. Nothing here fails a list, and one call that is odd takes nothing from the others.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from moderator.clock import Clock
from moderator.providers.errors import Gone, NotSupported, ProviderError, Rejected
from moderator.providers.provider import ListedRoom, ListedStream
from moderator.providers.reporting import UNREADABLE
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.calls import Participant, people, told_apart
from moderator.providers.stream.endpoints import QUERY_PARTICIPANTS
from moderator.providers.stream.tracks import KINDS, stream_id

MAX_ROOMS: Final = 10
ENOUGH_S: Final = 8.0
"""Of the time that the gateway allows for a list."""
TIMEOUT_S: Final = 4.0
PAGE: Final = 100
REJECTIONS: Final = 3
"""After so many different calls in a row whose tracks could not be asked for, it is not for the calls."""
_OF_ONE_CALL: Final = (Gone, Rejected, *UNREADABLE)
"""What says nothing of the next call: this one has just ended, or is odd."""


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
        self._rejected = set[str]()
        """The calls whose tracks could not be asked for, since the last where they could."""
        self._steps = (self._with_everybody, self._with_tracks)

    async def look(self, rooms: Sequence[ListedRoom]) -> list[ListedRoom]:
        """The rooms, with what could be learned of some of them. Those that are incomplete go first."""
        until = self._clock.monotonic() + ENOUGH_S
        found = {room.room: room for room in rooms}
        for name in self._next([room for room in found.values() if room.participants]):
            if self._clock.monotonic() > until:
                break
            self._turn += 1
            try:
                for step in self._steps:
                    found[name] = await step(found[name])
            except _OF_ONE_CALL:
                continue
            except ProviderError:
                break  # most likely a pause that was asked for: the next list begins with the calls that are left
        return list(found.values())

    async def look_at(self, room: ListedRoom) -> ListedRoom:
        """This room, with what could be learned of it, whosever turn it is."""
        with suppress(ProviderError, *UNREADABLE):
            for step in self._steps:
                room = await step(room)
        return room

    def _next(self, rooms: Sequence[ListedRoom]) -> list[str]:
        begin = self._turn % len(rooms) if rooms else 0
        in_turn = sorted([*rooms[begin:], *rooms[:begin]], key=lambda room: room.complete)
        return [room.room for room in in_turn[:MAX_ROOMS]]

    async def _with_everybody(self, room: ListedRoom) -> ListedRoom:
        if room.complete:
            return room
        answer = await self._ask(room, {})
        found = {one.participant: one for one in (*room.participants, *people(answer.participants))}
        return replace(room, participants=tuple(found.values()), complete=0 < answer.total_participants <= len(found))

    async def _with_tracks(self, room: ListedRoom) -> ListedRoom:
        if not self._tells_tracks:
            return room
        try:
            streams = await self._streams(room)
        except (Rejected, NotSupported) as error:
            self._rejected.add(room.room)
            self._tells_tracks = isinstance(error, Rejected) and len(self._rejected) < REJECTIONS
            return room
        self._rejected.clear()
        if streams is None:
            return room
        told = (replace(one, streams=streams.get(one.participant, ())) for one in room.participants)
        return replace(room, participants=tuple(told))

    async def _streams(self, room: ListedRoom) -> dict[str, tuple[ListedStream, ...]] | None:
        """Who publishes what; None when it is not told of all."""
        streams: dict[str, tuple[ListedStream, ...]] = {}
        for track, kind in KINDS.items():
            answer = await self._ask(room, {"published_tracks": {"$eq": track}})
            if answer.total_participants > len(answer.participants):
                return None
            for one in told_apart(answer.participants):
                stream = ListedStream(stream_id(one.key, track), kind, muted=False)
                streams[one.key] = (*streams.get(one.key, ()), stream)
        return streams

    async def _ask(self, room: ListedRoom, conditions: object) -> _People:
        """Raises what `UNREADABLE` names for an answer that makes no sense."""
        answer = await self._api.ask(
            QUERY_PARTICIPANTS, room.room, {"filter_conditions": conditions}, {"limit": str(PAGE)}, TIMEOUT_S
        )
        return msgspec.json.decode(answer, type=_People)
