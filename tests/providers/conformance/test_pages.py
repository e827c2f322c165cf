"""Who is read no further than the first page is noticed."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from moderator.providers.conformance import ProviderConformance
from moderator.providers.provider import Listing
from moderator.providers.stream import StreamProvider
from moderator.providers.vonage import OpenTokProvider
from tests.providers.conformance.broken import complaint
from tests.providers.conformance.stream import StreamConformance
from tests.providers.conformance.vonage import OpenTokConformance

CHECK = "test_a_list_in_pages_is_read_to_its_end_or_not_complete"


class Hurried(StreamProvider):
    """Knows of one page only."""

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        listing = await super().list_rooms(known)
        return replace(listing, rooms=listing.rooms[:1])


class Boasting(OpenTokProvider):
    """Lists one page, and says that it is all."""

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        return replace(await super().list_rooms(known), complete=True)


class BoastingAlone(OpenTokProvider):
    async def list_room(self, room: str) -> Listing:
        return replace(await super().list_room(room), complete=True)


@pytest.mark.parametrize(
    ("broken", "of", "said"),
    [
        (
            Hurried,
            StreamConformance,
            "list_rooms says it is complete, but of two pages misses [('appointment:room-81c0'",
        ),
        (Boasting, OpenTokConformance, "list_rooms says it is complete, but of two pages misses"),
        (BoastingAlone, OpenTokConformance, "list_room says it is complete, but of two pages misses"),
    ],
)
def test_half_a_list_that_says_it_is_whole_is_noticed(
    broken: type[Any], of: type[ProviderConformance], said: str
) -> None:
    assert said in complaint(broken, CHECK, of=of)
