"""What people join with, beside what the platforms' own libraries make: the same rights or fewer, read by them."""

import asyncio
import base64
from typing import Any, Final
from urllib.parse import parse_qsl

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from getstream import Stream
from opentok import MediaModes, Roles
from vonage_video.models import SessionOptions, TokenOptions

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.conformance import Recorder, Request, json_answer
from moderator.providers.provider import Admission
from moderator.providers.stream import StreamProvider
from moderator.providers.stream.options import StreamOptions
from moderator.providers.vonage import VonageProvider
from tests.official_sdks.comparing import Wire, recorded, unexplained
from tests.official_sdks.test_vonage import WIRES, official, ours
from tests.providers.vonage.made import API_KEY, API_SECRET, private_key, vonage_options
from tests.simulator.vonage.running import APPLICATION, running
from tests.simulator.vonage.running import private_key as simulated_key

SESSION: Final = "1_MX41ZDVmNmY2ZS0zYzBhfn4-fg"
TIMES: Final = {"iat", "exp", "jti", "nonce"}
KEY, SECRET = "fixturekey01", "fixture-secret-not-real-fixture-secret"
UNCHECKED: Any = {"verify_exp": False, "verify_iat": False}


def ana(room: str = SESSION) -> Admission:
    return Admission(room=room, user="u-17", name="Ana", expires_at=SystemClock().now_ms() + 600_000)


def lasting(claims: dict[str, Any]) -> dict[str, Any]:
    """What is not new in every token."""
    return {name: value for name, value in claims.items() if name not in TIMES}


# --- Vonage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("environment", WIRES)
async def test_a_session_is_made_as_the_official_client_makes_it(
    recorder: Recorder, http: HttpClient, environment: str
) -> None:
    """Compared without the forms, whose order differs: those are compared as what they say."""
    recorder.respond = lambda request: json_answer([{"session_id": SESSION, "project_id": "x", "create_dt": "now"}])
    sdk, wire = official(environment, recorder.url), Wire(WIRES[environment]().key, lambda request: "form")
    (sent,) = await recorded(recorder, ours(environment, recorder.url, http).open_room("appt-17"))
    if environment == "opentok":
        making = asyncio.to_thread(sdk.create_session, media_mode=MediaModes.routed)
    else:
        making = asyncio.to_thread(sdk.create_session, SessionOptions(media_mode="routed", archive_mode="manual"))
    (expected,) = await recorded(recorder, making)
    assert set(form_of(sent)) == {("archiveMode", "manual"), ("p2p.preference", "disabled")}
    assert set(form_of(sent)) <= set(form_of(expected))
    assert unexplained(wire, [expected], [sent], []) == []


def form_of(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.body.decode())


async def test_a_session_that_we_made_is_one_for_the_official_client(http: HttpClient) -> None:
    """In the simulated cloud: the one knows who is in the session that the other made."""
    async with running() as cloud:
        options = vonage_options(application_id=APPLICATION, private_key=simulated_key(), base_url=cloud.url)
        provider = VonageProvider("clinic", options, http, SystemClock())
        session = await provider.open_room("appt-17")
        await cloud.order("join", user="u-17", name="Ana", role="guest", room=session)
        (ana,) = (await provider.list_room(session)).rooms[0].participants
        sdk = official("vonage", cloud.url, simulated_key())
        await asyncio.to_thread(sdk.disconnect_client, session, ana.participant)
        gone = await cloud.sees("connectionDestroyed", named="event")
        assert (gone["sessionId"], gone["reason"]) == (session, "forceDisconnected")


async def test_an_application_s_token_is_that_of_the_official_client(http: HttpClient) -> None:
    """But for the name of one claim, in which Vonage's own clients differ too."""
    provider = ours("vonage", "http://127.0.0.1:9", http)
    sdk = official("vonage", "http://127.0.0.1:9")
    key: Any = load_pem_private_key(private_key().encode(), None)
    given = (await provider.credentials(ana()))["token"]
    data = jwt.decode(given, options={"verify_signature": False})["connection_data"]
    theirs = sdk.generate_client_token(TokenOptions(session_id=SESSION, role="publisher", connection_data=data))
    mine, expected = (jwt.decode(one, key.public_key(), ["RS256"], options=UNCHECKED) for one in (given, theirs))
    assert mine.pop("sub") == expected.pop("subject") == "video"
    assert lasting(mine) == lasting(expected)
    assert jwt.get_unverified_header(given) == jwt.get_unverified_header(theirs)


async def test_a_project_s_token_is_that_of_the_official_client(http: HttpClient) -> None:
    given = (await ours("opentok", "http://127.0.0.1:9", http).credentials(ana()))["token"]
    sdk = official("opentok", "http://127.0.0.1:9")
    data = jwt.decode(given, options={"verify_signature": False})["connection_data"]
    theirs = sdk.generate_token(project_session(), role=Roles.publisher, data=data)
    mine, expected = (jwt.decode(one, API_SECRET, ["HS256"], options=UNCHECKED) for one in (given, theirs))
    mine["session_id"] = expected["session_id"] = ""
    assert lasting(mine) == lasting(expected)


def project_session() -> str:
    """One that its client takes for one of the project's."""
    content = base64.urlsafe_b64encode(f"1~{API_KEY}~~1~x~~~".encode()).decode().rstrip("=")
    return f"2_{content}"


# --- Stream ----------------------------------------------------------------------------------------------------------


async def test_a_call_s_token_is_that_of_the_official_client(http: HttpClient) -> None:
    provider = StreamProvider("school", StreamOptions(api_key=KEY, api_secret=SECRET), http, SystemClock())
    given = await provider.credentials(ana("visit:appt-17"))
    sdk = Stream(KEY, SECRET)
    try:
        theirs = sdk.create_call_token("u-17", call_cids=["visit:appt-17"], role="user", expiration=600)
        mine, expected = (jwt.decode(one, SECRET, ["HS256"]) for one in (given["token"], theirs))
        assert mine.keys() == expected.keys()
        assert all(abs(mine[name] - expected[name]) <= 2 for name in ("iat", "exp")), (mine, expected)
        assert lasting(mine) == lasting(expected)
        assert mine["call_cids"] == ["visit:appt-17"]
    finally:
        sdk.close()
