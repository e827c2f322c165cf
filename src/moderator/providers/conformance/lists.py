"""Checks of the lists that a provider reads, where it can."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.events import Event, ParticipantJoined
from moderator.providers.conformance.bench import Bench, offered, resting
from moderator.providers.conformance.histories import LONG_MS
from moderator.providers.conformance.recorder import Answer, Request
from moderator.providers.conformance.shapes import leaves
from moderator.providers.conformance.stated import Stated
from moderator.providers.provider import ACTIONS, ListedRoom, Listing, Provider, Target

REQUEST_MS: Final = 10_000
"""How long each request takes, by the clock of the suite."""
OTHER: Final = "another-room"


class _Person(Struct, frozen=True):
    """Somebody, as a list or a webhook tells of them."""

    room: str
    participant: str
    instance: str | None
    user: str

    @staticmethod
    def of(event: Event, join: ParticipantJoined) -> "_Person":
        return _Person(event.room or "", join.participant, event.instance, join.user)

    def may_be(self, joined: "_Person") -> bool:
        """A list may tell less than webhooks do, but nothing else."""
        same = self.room == joined.room and self.participant == joined.participant
        return same and self.instance in (None, joined.instance) and self.user in ("", joined.user)


class Lists(Stated):
    """Part of `ProviderConformance`. Where there are no lists there is nothing to check."""

    def test_a_list_tells_who_is_there_and_since_when_that_is_known(self) -> None:
        asyncio.run(self._if_listed(self._try_lists))

    def test_the_list_has_the_keys_and_ids_that_webhooks_have(self) -> None:
        """Or else everybody is there twice, and then half of them seem to have left."""
        asyncio.run(self._if_listed(self._try_keys))

    def test_one_room_is_listed_alone(self) -> None:
        asyncio.run(self._if_listed(self._try_one_room))

    async def _if_listed(self, tried: Callable[[Bench], Awaitable[None]]) -> None:
        if "list" not in offered(self):
            return
        async with Bench(self) as bench:
            bench.recorder.respond = lambda request: self._slowly(bench, request)
            await tried(bench)

    async def _try_lists(self, bench: Bench) -> None:
        provider = bench.provider()
        listing = await self._listing(bench, provider.list_rooms([self.target.room]))
        assert listing.complete, "where all is well the list is complete"
        assert any(room.participants for room in listing.rooms), "answer has to put somebody into the list"
        for room in listing.rooms:
            self._must_be_usable(room)
        again = await self._listing(bench, provider.list_rooms([self.target.room]))
        assert again.rooms == listing.rooms, "the same answers make the same list"
        await self._try_knowing_nothing(bench, provider, listing)

    async def _try_keys(self, bench: Bench) -> None:
        listed = _people(await bench.provider().list_rooms([self.target.room]))
        events = [event for one in self.samples() for event in resting(self).parse(one.delivery())]
        joined = [_Person.of(one, one.data) for one in events if isinstance(one.data, ParticipantJoined)]
        assert any(one.may_be(other) for one in listed for other in joined), (
            "nobody in the list is somebody of the samples: let answer list one of them. If it does, their participant,"
            f" room, instance or user is another in lists. Listed: {listed}; joined: {joined}"
        )

    async def _try_one_room(self, bench: Bench) -> None:
        provider = bench.provider()
        all_rooms = await provider.list_rooms([self.target.room])
        listing = await self._listing(bench, provider.list_room(self.target.room))
        assert listing.complete, "where all is well the list of one room is complete"
        here = [one for one in _people(all_rooms) if one.room == self.target.room]
        assert _people(listing) == here, f"list_room tells of {_people(listing)}, list_rooms of {here}"
        for room in listing.rooms:
            self._must_be_usable(room)
        other = self._another_room()
        bench.recorder.respond = lambda request: self.answer(request, other if _names(request, OTHER) else self.target)
        rooms = {room.room for room in (await self._listing(bench, provider.list_room(other.room))).rooms}
        assert rooms <= {other.room}, f"asked for {other.room}, list_room tells of {rooms}"

    def _another_room(self) -> Target:
        """The target, in a room of another name."""
        room = self.target.room
        return replace(self.target, room=room.replace(self.free_part(room), OTHER))

    async def _try_knowing_nothing(self, bench: Bench, provider: Provider, listing: Listing) -> None:
        bench.recorder.requests = []
        unknown = await self._listing(bench, provider.list_rooms([]))
        if provider.finds_rooms:
            assert unknown.rooms == listing.rooms, "finds_rooms, but only those that it is told of"
        else:
            assert not unknown.rooms, "rooms are listed, though finds_rooms is false"
            assert not bench.recorder.requests, "asked the platform about no room at all"

    async def _listing(self, bench: Bench, listed: Awaitable[Listing]) -> Listing:
        """What comes later than the list was begun may be missing in it: that is the time it has to tell."""
        begun_at = bench.clock.now_ms()
        listing = await listed
        assert listing.taken_at <= begun_at, "taken_at is the time before the first request"
        assert listing.taken_at > begun_at - 60_000, "taken_at is the time of the list, by the clock that was given"
        return listing

    def _slowly(self, bench: Bench, request: Request) -> Answer:
        bench.clock.pass_ms(REQUEST_MS)
        return self.answer(request, self.target)

    def _must_be_usable(self, room: ListedRoom) -> None:
        assert msgspec.json.encode(room), "a list is plain data"
        ids = [person.participant for person in room.participants]
        assert all([room.room, *ids]), "everything in a list has an id"
        assert len(set(ids)) == len(ids), f"somebody is listed twice: {ids}"
        for person in room.participants:
            streams = [one.stream for one in person.streams or ()]
            assert len(set(streams) - {""}) == len(streams), f"streams need ids of their own: {streams}"
        for time in (room.ends_at, *(person.joined_at for person in room.participants)):
            can_be = not isinstance(time, int) or abs(time - self.now_ms) < LONG_MS
            assert can_be, f"{time} cannot be at the time of the suite, {self.now_ms}: times are milliseconds"
        for action, why in (room.unavailable or {}).items():
            assert action in ACTIONS, f"unavailable names one of {ACTIONS}, not {action}"
            assert why.strip(), f"{action}: say why, as people will read it"


def _people(listing: Listing) -> list[_Person]:
    return [
        _Person(room.room, one.participant, room.instance, one.user)
        for room in listing.rooms
        for one in room.participants
    ]


def _names(request: Request, id_: str) -> bool:
    return any(id_ in str(value) for value in leaves(request).values())
