"""Checks of lists that come in pages, of platforms of which pages are stated."""

import asyncio

from moderator.providers.conformance.bench import Bench, offered
from moderator.providers.conformance.recorder import Answer, Request
from moderator.providers.conformance.stated import Stated
from moderator.providers.provider import Listing, Target


class Pages(Stated):
    """Part of `ProviderConformance`. Where lists come whole there is nothing to check."""

    def test_a_list_in_pages_is_read_to_its_end_or_not_complete(self) -> None:
        """Or else whoever is on the second page seems to have left."""
        if self.another is not None and "list" in offered(self):
            asyncio.run(self._try_pages(self.another))

    async def _try_pages(self, another: Target) -> None:
        def respond(request: Request) -> Answer:
            return self.page(request, self.target, another)

        rooms = list(dict.fromkeys([self.target.room, another.room]))
        async with Bench(self) as bench:
            bench.recorder.respond = respond
            self._must_be_whole("list_rooms", await bench.provider().list_rooms(rooms), another)
            if len(rooms) == 1:
                self._must_be_whole("list_room", await bench.provider().list_room(another.room), another)

    def _must_be_whole(self, name: str, listing: Listing, another: Target) -> None:
        listed = {(room.room, one.participant) for room in listing.rooms for one in room.participants}
        partly = {room.room for room in listing.rooms if not room.complete}
        pages = [(one.room, one.participant) for one in (self.target, another)]
        missing = [one for one in pages if one not in listed and one[0] not in partly]
        assert not (missing and listing.complete), f"{name} says it is complete, but of two pages misses {missing}"
