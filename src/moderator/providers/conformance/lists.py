"""Checks of the lists that a provider reads, where it can."""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from moderator.providers.conformance.bench import Bench, offered
from moderator.providers.conformance.recorder import Answer, Request
from moderator.providers.conformance.stated import Stated
from moderator.providers.provider import ACTIONS, ListedRoom, Listing, Provider

REQUEST_MS: Final = 10_000
"""How long each request takes, by the clock of the suite."""


class Lists(Stated):
    """Part of `ProviderConformance`. Where there are no lists there is nothing to check."""

    def test_a_list_tells_who_is_there_and_since_when_that_is_known(self) -> None:
        asyncio.run(self._try_lists())

    async def _try_lists(self) -> None:
        async with Bench(self) as bench:
            if "list" not in offered(self):
                return
            provider = bench.provider()
            bench.recorder.respond = lambda request: self._slowly(bench, request)
            listing = await self._listing(bench, provider, [self.target.room])
            assert listing.complete, "where all is well the list is complete"
            assert any(room.participants for room in listing.rooms), "answer has to put somebody into the list"
            for room in listing.rooms:
                _must_be_usable(room)
            again = await self._listing(bench, provider, [self.target.room])
            assert again.rooms == listing.rooms, "the same answers make the same list"
            await self._try_knowing_nothing(bench, provider, listing)

    async def _try_knowing_nothing(self, bench: Bench, provider: Provider, listing: Listing) -> None:
        bench.recorder.requests = []
        unknown = await self._listing(bench, provider, [])
        if provider.finds_rooms:
            assert unknown.rooms == listing.rooms, "finds_rooms, but only those that it is told of"
        else:
            assert not unknown.rooms, "rooms are listed, though finds_rooms is false"
            assert not bench.recorder.requests, "asked the platform about no room at all"

    async def _listing(self, bench: Bench, provider: Provider, known: Sequence[str]) -> Listing:
        """What comes later than the list was begun may be missing in it: that is the time it has to tell."""
        begun_at = bench.clock.now_ms()
        listing = await provider.list_rooms(known)
        assert listing.taken_at <= begun_at, "taken_at is the time before the first request"
        assert listing.taken_at > begun_at - 60_000, "taken_at is the time of the list, by the clock that was given"
        return listing

    def _slowly(self, bench: Bench, request: Request) -> Answer:
        bench.clock.pass_ms(REQUEST_MS)
        return self.answer(request, self.target)


def _must_be_usable(room: ListedRoom) -> None:
    assert msgspec.json.encode(room), "a list is plain data"
    ids = [person.participant for person in room.participants]
    assert all([room.room, *ids]), "everything in a list has an id"
    assert len(set(ids)) == len(ids), f"somebody is listed twice: {ids}"
    for person in room.participants:
        streams = [one.stream for one in person.streams or ()]
        assert len(set(streams) - {""}) == len(streams), f"streams need ids of their own: {streams}"
    for action, why in (room.unavailable or {}).items():
        assert action in ACTIONS, f"unavailable names one of {ACTIONS}, not {action}"
        assert why.strip(), f"{action}: say why, as people will read it"
