"""Sessions that are made, and the tokens that let people into them."""

from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from starlette.responses import JSONResponse, Response

from moderator.http import HttpClient
from moderator.providers.errors import Garbled, NotSupported, ProviderError, Rejected, Unavailable
from moderator.providers.identity import Identity
from moderator.providers.provider import Admission
from moderator.providers.vonage import OpenTokProvider, VonageProvider
from tests.fakes.clock import FakeClock
from tests.providers.vonage.cloud import Cloud
from tests.providers.vonage.made import (
    API_KEY,
    API_SECRET,
    APPLICATION,
    BEGIN,
    SESSION,
    connection,
    event,
    folded,
    opentok_options,
    private_key,
    room_of,
    vonage_options,
)

EXPIRES = BEGIN + 600_999
UNTIMED: Any = {"verify_exp": False, "verify_iat": False}


def vonage(http: HttpClient, url: str = "http://127.0.0.1:9", **options: Any) -> VonageProvider:
    return VonageProvider("clinic", vonage_options(base_url=url, **options), http, FakeClock(BEGIN))


def opentok(http: HttpClient, url: str = "http://127.0.0.1:9") -> OpenTokProvider:
    return OpenTokProvider("clinic", opentok_options(base_url=url), http, FakeClock(BEGIN))


def an_admission(**members: Any) -> Admission:
    return Admission(
        **{"room": SESSION, "user": "u-17", "name": "Ana Lee", "role": "moderator", "expires_at": EXPIRES, **members}
    )


async def test_a_session_is_made_by_an_application_and_by_a_project(cloud: Cloud, http: HttpClient) -> None:
    for provider in (vonage(http, cloud.url), opentok(http, cloud.url)):
        cloud.answers = [JSONResponse([{"session_id": SESSION, "project_id": "x", "create_dt": "now"}])]
        assert await provider.open_room("appt-17") == SESSION
        asked = cloud.asked[-1]
        assert (asked.method, asked.path) == ("POST", "/session/create")
        assert parse_qs(asked.body.decode()) == {"archiveMode": ["manual"], "p2p.preference": ["disabled"]}
        assert asked.headers["accept"] == "application/json", "OpenTok answers XML to whoever does not ask"
    assert "appt-17" not in str(cloud.asked)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (JSONResponse([]), Garbled),
        (JSONResponse([{"session_id": ""}]), Garbled),
        (JSONResponse({"session_id": SESSION}), Garbled),
        (Response("<sessions/>"), Garbled),
        (JSONResponse({}, 404), NotSupported),
        (Response("<html>", 404, media_type="text/html"), NotSupported),
        (Response(status_code=503), Unavailable),
    ],
)
async def test_what_is_no_session_is_none(
    cloud: Cloud, http: HttpClient, answer: Response, error: type[ProviderError]
) -> None:
    cloud.answers = [answer]
    with pytest.raises(error):
        await vonage(http, cloud.url).open_room("appt-17")


async def test_an_application_s_token_is_for_one_session_and_no_moderator(http: HttpClient) -> None:
    given = await vonage(http).credentials(an_admission(extra={"rtcstats.user": "user_1"}))
    assert (list(given), given["applicationId"], given["sessionId"]) == (
        ["applicationId", "sessionId", "token"],
        APPLICATION,
        SESSION,
    )
    key: Any = load_pem_private_key(private_key().encode(), None)
    claims = jwt.decode(given["token"], key.public_key(), ["RS256"], options=UNTIMED)
    assert len(claims.pop("jti")) > 20
    assert claims == {
        **{"application_id": APPLICATION, "sub": "video", "acl": {"paths": {"/session/**": {}}}},
        **{"session_id": SESSION, "scope": "session.connect", "role": "publisher"},
        **{"iat": BEGIN // 1000, "exp": EXPIRES // 1000},
        "connection_data": '{"rtcstats.user":"user_1","userId":"u-17","name":"Ana Lee","role":"moderator"}',
    }


async def test_a_project_s_token_is_for_one_session_and_no_moderator(http: HttpClient) -> None:
    given = await opentok(http).credentials(an_admission())
    assert (list(given), given["apiKey"]) == (["apiKey", "sessionId", "token"], API_KEY)
    claims = jwt.decode(given["token"], API_SECRET, ["HS256"], options=UNTIMED)
    assert (claims["iss"], claims["ist"], claims["session_id"]) == (API_KEY, "project", SESSION)
    assert (claims["scope"], claims["role"], claims["exp"]) == ("session.connect", "publisher", EXPIRES // 1000)
    assert claims["nonce"]


async def test_tokens_end_by_the_platform_s_clock(cloud: Cloud, http: HttpClient) -> None:
    provider = vonage(http)
    http.clock_offset_ms = 90_000
    claims = jwt.decode((await provider.credentials(an_admission()))["token"], options={"verify_signature": False})
    assert (claims["iat"], claims["exp"]) == ((BEGIN - 90_000) // 1000, (EXPIRES - 90_000) // 1000)


@pytest.mark.parametrize(
    "identity",
    [
        None,
        Identity(format="json", user="$.person.id", name="$.person.name", role="$.as"),
        Identity(format="query", user="uid", name="n", role="r"),
    ],
)
async def test_who_joined_is_who_the_token_was_made_for(http: HttpClient, identity: Identity | None) -> None:
    """The callback repeats what stands in the token."""
    given = await vonage(http, identity=identity).credentials(an_admission(name="Zoë & Co", extra={"x": "y"}))
    data = jwt.decode(given["token"], options={"verify_signature": False})["connection_data"]
    told = VonageProvider("clinic", vonage_options(identity=identity), http, FakeClock(BEGIN))
    assert told.capabilities["join"].by == "provider"
    joined = event("connectionCreated", BEGIN + 150, connection=connection("c1", BEGIN, data))
    if identity is None:
        (person,) = room_of(folded(joined)).participants
        assert (person.user, person.name, person.role) == ("u-17", "Zoë & Co", "moderator")
    else:
        assert "u-17" in data


async def test_nobody_in_particular_is_nobody(http: HttpClient) -> None:
    given = await vonage(http).credentials(an_admission(user="", name="", extra={"x": "y"}))
    assert jwt.decode(given["token"], options={"verify_signature": False})["connection_data"] == ""


@pytest.mark.parametrize("members", [{"name": "x" * 1_000}, {"room": ""}])
async def test_what_does_not_fit_is_refused(http: HttpClient, members: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        await vonage(http).credentials(an_admission(**members))
