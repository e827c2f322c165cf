"""Lists that say more than was read are noticed."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from moderator.domain.events import Event, ParticipantJoined
from moderator.domain.kinds import Data
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.provider import Delivery, ListedRoom, Listing
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


class InSeconds(Changed):
    def changed(self, room: ListedRoom) -> ListedRoom:
        people = tuple(replace(one, joined_at=(one.joined_at or 0) // 1000) for one in room.participants)
        return replace(room, participants=people)


class EndInSeconds(Changed):
    def changed(self, room: ListedRoom) -> ListedRoom:
        return replace(room, ends_at=self.clock.now_ms() // 1000)


class OtherKeys(Changed):
    """Lists know people by another key than webhooks do."""

    def changed(self, room: ListedRoom) -> ListedRoom:
        people = tuple(replace(one, participant=one.platform["identity"]) for one in room.participants)
        return replace(room, participants=people)


class OtherRooms(Changed):
    def changed(self, room: ListedRoom) -> ListedRoom:
        return replace(room, room=f"live/{room.room}")


class OtherInstances(Changed):
    def changed(self, room: ListedRoom) -> ListedRoom:
        return replace(room, instance="RM_1")


class OtherUsers(Changed):
    def changed(self, room: ListedRoom) -> ListedRoom:
        return replace(room, participants=tuple(replace(one, user=one.participant) for one in room.participants))


class Telling(LiveKitProvider):
    """Webhooks know people by another key than lists do."""

    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, data=known_by_user(one.data)) for one in super().parse(delivery)]


def known_by_user(data: Data) -> Data:
    return replace(data, participant=data.user) if isinstance(data, ParticipantJoined) else data


class Everything(OwnRequests):
    """Lists all rooms when asked for one."""

    async def list_room(self, room: str) -> Listing:
        return await self.list_rooms([room])


class Lonely(OwnRequests):
    async def list_room(self, room: str) -> Listing:
        return Listing(taken_at=self.clock.now_ms(), rooms=(ListedRoom(room=room),))


class OtherKeysAlone(OwnRequests):
    async def list_room(self, room: str) -> Listing:
        listing = await super().list_room(room)
        people = tuple(replace(one, participant=one.user) for one in listing.rooms[0].participants)
        return replace(listing, rooms=(replace(listing.rooms[0], participants=people),))


class LateAlone(OwnRequests):
    async def list_room(self, room: str) -> Listing:
        return replace(await super().list_room(room), taken_at=self.clock.now_ms())


class ModestAlone(OwnRequests):
    async def list_room(self, room: str) -> Listing:
        return replace(await super().list_room(room), complete=False)


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
        (InSeconds, "times are milliseconds"),
        (EndInSeconds, "times are milliseconds"),
        (Late, "taken_at is the time before the first request"),
        (Never, "taken_at is the time of the list"),
        (Modest, "where all is well the list is complete"),
        (Obedient, "finds_rooms, but only those that it is told of"),
        (Finding, "rooms are listed, though finds_rooms is false"),
    ],
)
def test_a_wrong_list_is_noticed(broken: type[Any], said: str) -> None:
    assert said in complaint(broken, CHECK)


@pytest.mark.parametrize("broken", [OtherKeys, OtherRooms, OtherInstances, OtherUsers, Telling])
def test_a_list_of_others_than_webhooks_tell_of_is_noticed(broken: type[Any]) -> None:
    assert "is another in lists" in complaint(broken, "test_the_list_has_the_keys_and_ids_that_webhooks_have")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (Everything, "asked for another-room, list_room tells of {'appointment-7f3a'}"),
        (Lonely, "list_room tells of [], list_rooms of"),
        (OtherKeysAlone, "list_room tells of [_Person(room='appointment-7f3a', participant='guest-41'"),
        (LateAlone, "taken_at is the time before the first request"),
        (ModestAlone, "the list of one room is complete"),
    ],
)
def test_a_wrong_list_of_one_room_is_noticed(broken: type[Any], said: str) -> None:
    assert said in complaint(broken, "test_one_room_is_listed_alone")
