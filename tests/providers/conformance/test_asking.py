"""Ids that change the request, and secrets that get out, are noticed."""

import logging

import pytest

from moderator.providers.addresses import path_part
from moderator.providers.errors import Forbidden
from moderator.providers.provider import Finding, Listing, Target
from tests.providers.conformance.broken import OwnRequests, complaint, passes

QUOTED = "test_ids_are_quoted"
SECRETS = "test_secrets_stay_where_they_belong"


class Sound(OwnRequests):
    async def end_room(self, target: Target) -> None:
        await self.ask(f"end/{path_part(target.room)}")


class UnquotedPath(OwnRequests):
    async def end_room(self, target: Target) -> None:
        await self.ask(f"end/{target.room}")


class UnquotedQuery(OwnRequests):
    async def end_room(self, target: Target) -> None:
        await self.ask(f"end?room={target.room}")


class UnquotedJson(OwnRequests):
    async def end_room(self, target: Target) -> None:
        await self.ask("end", f'{{"room": "{target.room}"}}'.encode())


class InJsonOfJson(OwnRequests):
    async def end_room(self, target: Target) -> None:
        inner = f'{{\\"room\\": \\"{target.room}\\"}}'
        await self.ask("end", f'{{"request": "{inner}"}}'.encode())


class Climbing(OwnRequests):
    async def end_room(self, target: Target) -> None:
        await self.ask(f"rooms/{path_part(target.room).replace('%2E', '.')}")


class Skipping(OwnRequests):
    async def end_room(self, target: Target) -> None:
        for part in target.room.split("/"):
            await self.ask(f"end/{path_part(part)}")


class UnquotedRoom(OwnRequests):
    async def list_room(self, room: str) -> Listing:
        await self.ask(f"rooms/{room}")
        return Listing(taken_at=self.clock.now_ms(), rooms=())


class InAddress(OwnRequests):
    async def end_room(self, target: Target) -> None:
        await self.ask(f"end?key={self.own.api_secret}")


class InError(OwnRequests):
    async def end_room(self, target: Target) -> None:
        await self.ask("end")
        raise Forbidden(f"{self.own.api_secret} is wrong")


class InCause(OwnRequests):
    async def end_room(self, target: Target) -> None:
        await self.ask("end")
        try:
            raise ValueError(self.own.api_secret)
        except ValueError as error:
            raise Forbidden("Something is wrong") from error


class OfThePlatform(OwnRequests):
    async def end_room(self, target: Target) -> None:
        reply = await self.ask("end", headers={"authorization": f"Bearer {'t' * 40}"})
        if reply.status != 200:
            raise Forbidden(f"The platform says: {reply.body.decode()}")


class InLog(OwnRequests):
    async def end_room(self, target: Target) -> None:
        await self.ask("end")
        logging.getLogger("acme").debug("asked with %s", self.own.api_secret)


class InFinding(OwnRequests):
    async def check(self, webhook_url: str) -> list[Finding]:
        return [Finding(True, f"{self.own.api_secret} works")]


def test_what_is_right_passes() -> None:
    passes(Sound, QUOTED, "end")
    passes(Sound, SECRETS, "end")


@pytest.mark.parametrize("broken", [UnquotedPath, UnquotedQuery, UnquotedJson, InJsonOfJson, Climbing, Skipping])
def test_an_id_that_is_not_quoted_is_noticed(broken: type[OwnRequests]) -> None:
    said = complaint(broken, QUOTED, "end")
    assert any(words in said for words in ("changes what is asked", "climbs the path", "other requests", "HttpError"))


def test_a_room_that_is_listed_without_quotes_is_noticed() -> None:
    assert "changes what is asked" in complaint(UnquotedRoom, QUOTED, "list_room")


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        (InAddress, "the address"),
        (InError, "the error"),
        (InCause, "the error"),
        (OfThePlatform, "the error"),
        (InLog, "the log"),
    ],
)
def test_a_secret_that_gets_out_is_noticed(broken: type[OwnRequests], where: str) -> None:
    assert f"a secret stands in {where}" in complaint(broken, SECRETS, "end")


def test_a_secret_in_a_finding_is_noticed() -> None:
    assert "a secret stands in the result" in complaint(InFinding, SECRETS, "check")


def test_ids_that_cannot_be_told_apart_are_no_test() -> None:
    target = Target(room="a-room", participant="room", user="user")
    said = complaint(OwnRequests, "test_the_target_has_ids_that_can_be_told_apart", target=target)
    assert "one id is in another" in said
