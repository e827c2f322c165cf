"""Our tokens beside those of the official libraries."""

from typing import Any

import jwt
from opentok import Client as OfficialOpenTok
from vonage_jwt import JwtClient

from moderator.providers.vonage.accounts import Application, Project
from tests.providers.vonage.made import (
    API_KEY,
    API_SECRET,
    APPLICATION,
    BEGIN,
    opentok_options,
    private_key,
    vonage_options,
)


def read(token: str | bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


def test_an_application_signs_as_the_official_library_does() -> None:
    scheme, _, ours = Application(vonage_options()).authorization(BEGIN)["authorization"].partition(" ")
    header, claims = read(ours)
    official_header, official = read(JwtClient(APPLICATION, private_key()).generate_application_jwt())
    assert (scheme, header) == ("Bearer", official_header)
    assert set(claims) == set(official)
    assert (claims["application_id"], claims["iat"], claims["exp"]) == (APPLICATION, BEGIN // 1000, BEGIN // 1000 + 180)


def test_a_project_signs_as_the_official_library_does() -> None:
    header, claims = read(Project(opentok_options()).authorization(BEGIN)["x-opentok-auth"])
    official_header, official = read(OfficialOpenTok(API_KEY, API_SECRET)._create_jwt_auth_header())
    assert header == official_header
    assert set(claims) == set(official)
    assert (claims["iss"], claims["ist"]) == (official["iss"], official["ist"]) == (API_KEY, "project")
    assert claims["exp"] - claims["iat"] == official["exp"] - official["iat"]


def test_no_two_tokens_are_the_same() -> None:
    account = Project(opentok_options())
    assert account.authorization(BEGIN) != account.authorization(BEGIN)
