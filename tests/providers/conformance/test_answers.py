"""Answers that are taken for something else are noticed."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from moderator.http import HttpError
from moderator.providers.errors import Forbidden, Garbled, Gone, RateLimited, Temporary, Unavailable
from moderator.providers.livekit.api import LIST
from moderator.providers.provider import Finding, ListedRoom, Listing, Target
from tests.providers.conformance.broken import OwnRequests, complaint, passes

UNDERSTOOD = "test_every_answer_is_understood"


class Deaf(OwnRequests):
    async def mute(self, target: Target) -> None:
        await self.ask("mute")


class Stranger(OwnRequests):
    async def mute(self, target: Target) -> None:
        reply = await self.ask("mute")
        if reply.status >= 300:
            raise RuntimeError("refused")


class Patient(OwnRequests):
    """Every refusal is worth another try."""

    async def mute(self, target: Target) -> None:
        try:
            reply = await self.ask("mute")
        except HttpError as error:
            raise Unavailable(str(error)) from error
        if reply.status >= 300:
            raise Unavailable("Later.")


class Hasty(OwnRequests):
    """Does not say how long to wait."""

    async def mute(self, target: Target) -> None:
        try:
            await super().mute(target)
        except RateLimited as error:
            raise RateLimited("Later.") from error


class Silent(OwnRequests):
    async def mute(self, target: Target) -> None:
        try:
            await super().mute(target)
        except Temporary as error:
            raise type(error)("") from error


class Following(OwnRequests):
    async def mute(self, target: Target) -> None:
        reply = await self.ask("mute")
        if location := reply.headers.get("location"):
            await self.ask(location.lstrip("/"))
        await super().mute(target)


class Strict(OwnRequests):
    async def disconnect(self, target: Target, *, block: bool) -> None:
        await self._client.disconnect(target, block=block)


class Empty(OwnRequests):
    """What cannot be read is an empty list."""

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        try:
            return await super().list_rooms(known)
        except Temporary:
            return Listing(taken_at=self.clock.now_ms(), rooms=())


class Startled(OwnRequests):
    """A room that is gone is an error."""

    async def list_room(self, room: str) -> Listing:
        taken_at = self.clock.now_ms()
        await self._client._participants(room)
        return Listing(taken_at=taken_at, rooms=(ListedRoom(room=room),))


class Haunted(OwnRequests):
    """A room that is gone is an empty one."""

    async def list_room(self, room: str) -> Listing:
        listing = await super().list_room(room)
        return listing if listing.rooms else replace(listing, rooms=(ListedRoom(room=room),))


class EmptyAlone(OwnRequests):
    """A room that cannot be read is gone."""

    async def list_room(self, room: str) -> Listing:
        try:
            return await super().list_room(room)
        except Temporary:
            return Listing(taken_at=self.clock.now_ms(), rooms=())


class Trusting(OwnRequests):
    """Whatever is JSON is a list, and holds nobody where nobody is told of."""

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        taken_at = self.clock.now_ms()
        answer = await self._client._service.ask("ListRooms", LIST, {})
        if "rooms" in answer:
            return await super().list_rooms(known)
        return Listing(taken_at=taken_at, rooms=())


class Parted(OwnRequests):
    """What is no list is a room that is gone."""

    async def list_room(self, room: str) -> Listing:
        try:
            return await super().list_room(room)
        except Garbled as error:
            raise Gone("There is no such room.") from error


class Raising(OwnRequests):
    async def check(self, webhook_url: str) -> list[Finding]:
        await self._client.room_names()
        return [Finding(True, f"All is well: {webhook_url}")]


class Content(OwnRequests):
    async def check(self, webhook_url: str) -> list[Finding]:
        await self._client.room_names() if not webhook_url else None
        return [Finding(True, "All is well")]


class Helpless(OwnRequests):
    async def check(self, webhook_url: str) -> list[Finding]:
        return [Finding(False, f"Something is wrong: {webhook_url}")]


@pytest.mark.parametrize(
    ("broken", "command", "said"),
    [
        (Deaf, "mute", "the platform refuses the credentials from request 1 on: it was taken for a success"),
        (Deaf, "mute", "no connection from request 1 on: Temporary is due, not Unreachable"),
        (Stranger, "mute", "Forbidden is due, not RuntimeError"),
        (Patient, "mute", "Forbidden is due, not Unavailable"),
        (Hasty, "mute", "a pause of 7 s was asked for, not None"),
        (Silent, "mute", "the error says nothing"),
        (Following, "mute", "a page with status 302 from request 1 on: it was followed"),
        (Strict, "disconnect", "who is gone already is no error"),
        (Empty, "list", "are missing in a list that says it is complete"),
        (Startled, "list_room", "a room that is gone is left out of the list, but this came: Gone"),
        (Haunted, "list_room", "a room that is gone is listed"),
        (EmptyAlone, "list_room", "are missing in a list that says it is complete"),
        (Trusting, "list", "200 with an empty object from request 1 on: {('appointment-7f3a', 'PA_fixture41')} are"),
        (Trusting, "list", "200 with an object of somebody else from request 1 on: {('appointment-7f3a'"),
        (Parted, "list_room", "200 with an empty object from request 1 on: Temporary is due, not Gone"),
        (Raising, "check", "check tells what is wrong in findings, and raises nothing, not Forbidden"),
        (Content, "check", "check found nothing wrong"),
        (Helpless, "check", "a finding is without its remedy"),
    ],
)
def test_a_wrong_reaction_is_noticed(broken: type[OwnRequests], command: str, said: str) -> None:
    assert said in complaint(broken, UNDERSTOOD, command)


def test_an_empty_object_is_an_empty_list_where_the_platform_says_so() -> None:
    said = complaint(Trusting, UNDERSTOOD, "list", leaves_out_empty_lists=True)
    assert "an empty object" not in said
    assert "an object of somebody else" in said


def test_the_rest_of_them_is_right() -> None:
    passes(Strict, UNDERSTOOD, "mute")


class Slow(OwnRequests):
    """Takes no answer for a refusal."""

    async def mute(self, target: Target) -> None:
        try:
            await super().mute(target)
        except Unavailable as error:
            raise Forbidden("Nobody answered.") from error


class Greedy(OwnRequests):
    async def disconnect(self, target: Target, *, block: bool) -> None:
        async with self.http.stream(f"{self.own.http_url}/all", headers={}, idle_timeout_s=5) as (_, chunks):
            read = 0
            async for chunk in chunks:
                read += len(chunk)
                if read > 100_000_000:
                    raise Unavailable("That is enough.")


def test_silence_that_is_taken_for_a_refusal_is_noticed() -> None:
    assert "Temporary is due, not Forbidden" in complaint(Slow, "test_no_answer_in_time_is_temporary", "mute")


def test_an_answer_that_is_read_without_end_is_noticed() -> None:
    assert "bytes were read" in complaint(Greedy, "test_an_answer_without_end_is_given_up")


def test_a_check_without_the_address_is_noticed() -> None:
    assert "where to register our address" in complaint(Content, "test_check_says_where_webhooks_go")
