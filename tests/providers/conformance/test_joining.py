"""Credentials that are too much, too long or for anybody are noticed."""

from collections.abc import Mapping

import jwt
import pytest
from msgspec.structs import replace

from moderator.domain.settings import Capability
from moderator.http import HttpError
from moderator.providers.errors import NotSupported, Rejected, Unavailable
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.provider import Admission, Provider
from tests.providers.conformance.broken import OwnRequests, complaint, passes

FOR_ONE = "test_credentials_are_for_one_person_in_one_room"
IN_TIME = "test_credentials_end_when_they_are_to"
OPENED = "test_rooms_are_opened_whatever_they_are_called"
SAID = "test_what_keeps_a_room_from_being_opened_is_said"
NOT_OFFERED = "test_nobody_is_let_in_where_that_is_not_offered"
CANNOT = {**LiveKitProvider.capabilities, "join": Capability(None, "people have accounts of their own here")}


class ForAnybody(LiveKitProvider):
    async def credentials(self, admission: Admission) -> dict[str, str]:
        return await super().credentials(replace(admission, user="everybody"))


class ForAnywhere(LiveKitProvider):
    async def credentials(self, admission: Admission) -> dict[str, str]:
        given = await super().credentials(replace(admission, room="lobby"))
        return {**given, "room": admission.room}


class Unnamed(LiveKitProvider):
    async def credentials(self, admission: Admission) -> dict[str, str]:
        given = await super().credentials(admission)
        return {"address" if key == "url" else key: value for key, value in given.items()}


class Elsewhere(LiveKitProvider):
    async def credentials(self, admission: Admission) -> dict[str, str]:
        return {**await super().credentials(admission), "room": "lobby"}


class Generous(LiveKitProvider):
    """Lets clients make tokens of their own."""

    async def credentials(self, admission: Admission) -> dict[str, str]:
        return {**await super().credentials(admission), "key": self._options.api_secret}


class Lasting(LiveKitProvider):
    async def credentials(self, admission: Admission) -> dict[str, str]:
        return await super().credentials(replace(admission, expires_at=admission.expires_at + 3_600_000))


class Endless(LiveKitProvider):
    async def credentials(self, admission: Admission) -> dict[str, str]:
        given = await super().credentials(admission)
        claims = jwt.decode(given["token"], options={"verify_signature": False})
        del claims["exp"]
        return {**given, "token": jwt.encode(claims, self._options.api_secret)}


class Hasty(LiveKitProvider):
    credentials_last_ms = 1_000


class Nameless(LiveKitProvider):
    async def open_room(self, name: str) -> str:
        return ""


class Picky(LiveKitProvider):
    async def open_room(self, name: str) -> str:
        if not name.isidentifier():
            raise Rejected("That is no name.")
        return name


class Careless(OwnRequests):
    """Opens a room whatever the platform says to it."""

    async def open_room(self, name: str) -> str:
        await self.ask("open")
        return name


class Blunt(OwnRequests):
    async def open_room(self, name: str) -> str:
        if (await self.ask("open")).status != 200:
            raise HttpError("no")
        return name


class Quoting(OwnRequests):
    async def open_room(self, name: str) -> str:
        if (await self.ask("open")).status != 200:
            raise Unavailable(f"Not with {self.own.api_secret}.")
        return name


class Final(OwnRequests):
    """Takes trouble of the platform's for its last word."""

    async def open_room(self, name: str) -> str:
        if (await self.ask("open")).status != 200:
            raise Rejected("No.")
        return name


class Pretending(LiveKitProvider):
    capabilities: Mapping[str, Capability] = CANNOT


class Half(OwnRequests):
    capabilities: Mapping[str, Capability] = CANNOT

    async def open_room(self, name: str) -> str:
        await self.ask("open")
        raise NotSupported("That was all.")

    async def credentials(self, admission: Admission) -> dict[str, str]:
        raise NotSupported("No.")


@pytest.mark.parametrize(
    ("provider", "check", "said"),
    [
        (ForAnybody, FOR_ONE, "the same token for"),
        (ForAnywhere, FOR_ONE, "the same token for"),
        (Unnamed, FOR_ONE, "is missing in"),
        (Elsewhere, FOR_ONE, "does not name the room"),
        (Generous, FOR_ONE, "a secret stands in the answer"),
        (Lasting, IN_TIME, "the token ends at"),
        (Endless, IN_TIME, "the token ends at None"),
        (Hasty, IN_TIME, "credentials_last_ms"),
        (Nameless, OPENED, "gave no id"),
        (Careless, SAID, "forbidden: None"),
        (Blunt, SAID, "forbidden: HttpError"),
        (Quoting, SAID, "a secret stands in the error"),
        (Final, SAID, "limited: that is worth another try"),
        (Pretending, NOT_OFFERED, "raise NotSupported"),
        (Half, NOT_OFFERED, "something was sent all the same"),
    ],
)
def test_it_is_noticed(provider: type[Provider], check: str, said: str) -> None:
    assert said in complaint(provider, check)


def test_a_name_that_is_refused_is_noticed() -> None:
    with pytest.raises(Rejected):
        passes(Picky, OPENED)


@pytest.mark.parametrize("check", [FOR_ONE, IN_TIME, OPENED, SAID, NOT_OFFERED])
def test_what_is_right_passes(check: str) -> None:
    passes(LiveKitProvider, check)
