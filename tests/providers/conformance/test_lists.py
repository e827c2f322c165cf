"""Lists that say more than was read are noticed."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from moderator.providers.livekit import LiveKitProvider
from moderator.providers.provider import ListedRoom, Listing
from tests.providers.conformance.broken import OwnRequests, complaint

CHECK = "test_a_list_tells_who_is_there_and_since_when_that_is_known"


class Changed(OwnRequests):
    """Says something else of the first room."""

    def changed(self, room: ListedRoom) -> ListedRoom:
        return room

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        listing = await super().list_rooms(known)
        return replace(listing, rooms=tuple(map(self.changed, listing.rooms)))


class Twice(Changed):
    def changed(self, room: ListedRoom) -> ListedRoom:
        return replace(room, participants=room.participants * 2)


class Unnamed(Changed):
    def changed(self, room: ListedRoom) -> ListedRoom:
        return replace(room, room="")


class Mixed(Changed):
    def changed(self, room: ListedRoom) -> ListedRoom:
        people = tuple(replace(one, streams=(one.streams or ())[:1] * 2) for one in room.participants)
        return replace(room, participants=people)


class Unreasoned(Changed):
    def changed(self, room: ListedRoom) -> ListedRoom:
        return replace(room, unavailable={"mute": " "})


class Misnamed(Changed):
    def changed(self, room: ListedRoom) -> ListedRoom:
        return replace(room, unavailable={"mute-users": "You may not."})


class Deserted(Changed):
    def changed(self, room: ListedRoom) -> ListedRoom:
        return replace(room, participants=())


class Late(OwnRequests):
    async def list_rooms(self, known: Sequence[str]) -> Listing:
        return replace(await super().list_rooms(known), taken_at=self.clock.now_ms())


class Never(OwnRequests):
    async def list_rooms(self, known: Sequence[str]) -> Listing:
        return replace(await super().list_rooms(known), taken_at=0)


class Modest(OwnRequests):
    async def list_rooms(self, known: Sequence[str]) -> Listing:
        return replace(await super().list_rooms(known), complete=False)


class Obedient(OwnRequests):
    """Says that it finds rooms, and looks into known ones only."""

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        listing = await super().list_rooms(known)
        return replace(listing, rooms=tuple(room for room in listing.rooms if room.room in known))


class Finding(LiveKitProvider):
    finds_rooms = False


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (Twice, "somebody is listed twice"),
        (Unnamed, "everything in a list has an id"),
        (Mixed, "streams need ids of their own"),
        (Unreasoned, "mute: say why"),
        (Misnamed, "unavailable names one of"),
        (Deserted, "answer has to put somebody into the list"),
        (Late, "taken_at is the time before the first request"),
        (Never, "taken_at is the time of the list"),
        (Modest, "where all is well the list is complete"),
        (Obedient, "finds_rooms, but only those that it is told of"),
        (Finding, "rooms are listed, though finds_rooms is false"),
    ],
)
def test_a_wrong_list_is_noticed(broken: type[Any], said: str) -> None:
    assert said in complaint(broken, CHECK)
