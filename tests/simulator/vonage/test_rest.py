"""The official clients of both environments judge the API; what they hide is looked at directly."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from opentok import Client, OpenTokException
from opentok.exceptions import AuthError, ForceDisconnectError, GetStreamError, RequestError
from vonage_http_client import Auth, HttpClient, HttpClientOptions
from vonage_http_client.errors import AuthenticationError, ForbiddenError, NotFoundError, RateLimitedError
from vonage_video import Video
from vonage_video.models import SessionOptions, SignalData

from tests.simulator.vonage.running import (
    API_KEY,
    API_SECRET,
    APPLICATION,
    RunningCloud,
    an_account,
    new_key,
    private_key,
    rest_headers,
    running,
)

NOBODY = str(uuid4())


@pytest.fixture
async def vonage(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunningCloud]:
    """By HTTPS, for the official client knows nothing else."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    async with running(tls=certificate) as cloud:
        yield cloud


@pytest.fixture
async def opentok() -> AsyncIterator[RunningCloud]:
    async with running("opentok") as cloud:
        yield cloud


def video(cloud: RunningCloud, application: str = APPLICATION, key: str = "") -> Video:
    auth = Auth(application_id=application, private_key=key or private_key())
    options = HttpClientOptions(video_host=cloud.url.removeprefix("https://"), timeout=5)
    return Video(HttpClient(auth, options))


def client(cloud: RunningCloud, secret: str = API_SECRET, key: str = API_KEY) -> Client:
    return Client(key, secret, api_url=cloud.url, timeout=5)


async def test_vonage_video_creates_a_session_and_acts_in_it(vonage: RunningCloud) -> None:
    sdk = video(vonage)
    session = (await asyncio.to_thread(sdk.create_session, SessionOptions())).session_id
    assert an_account().owns(session)
    joined = await vonage.order("join", room=session, user="u-1", name="Ana", streams=["camera", "microphone"])
    camera, microphone = joined["streams"]
    streams = await asyncio.to_thread(sdk.list_streams, session)
    assert [(one.id, one.video_type, one.name) for one in streams] == [
        (camera, "camera", "Ana"),
        (microphone, None, "Ana"),
    ]
    assert (await asyncio.to_thread(sdk.get_stream, session, camera)).layout_class_list == []
    await asyncio.to_thread(sdk.send_signal, session, SignalData(type="note", data="five minutes"))
    await asyncio.to_thread(sdk.send_signal, session, SignalData(type="note", data="you"), joined["connection"])
    (truth,) = (await vonage.truth("rooms"))["rooms"]
    assert [(one["data"], one["connection"]) for one in truth["signals"]] == [
        ("five minutes", None),
        ("you", joined["connection"]),
    ]


async def test_vonage_video_disconnects(vonage: RunningCloud) -> None:
    sdk = video(vonage)
    joined = await vonage.order("join", user="u-1")
    await asyncio.to_thread(sdk.disconnect_client, joined["room"], joined["connection"])
    gone = await vonage.sees("connectionDestroyed")
    assert (gone["connection"]["id"], gone["reason"]) == (joined["connection"], "forceDisconnected")
    assert (await vonage.sees("streamDestroyed"))["reason"] == "forceDisconnected"


async def test_vonage_video_mutes(vonage: RunningCloud) -> None:
    sdk = video(vonage)
    session = (await vonage.order("join", user="u-1", streams=["camera", "screen"]))["room"]
    one, other = [stream.id for stream in await asyncio.to_thread(sdk.list_streams, session)]

    async def muted() -> list[bool]:
        (truth,) = (await vonage.truth("rooms"))["rooms"]
        return [stream["muted"] for person in truth["connections"] for stream in person["streams"]]

    await asyncio.to_thread(sdk.mute_stream, session, one)
    assert await muted() == [True, False]
    await asyncio.to_thread(sdk.mute_all_streams, session, [other])
    assert await muted() == [True, False]
    await asyncio.to_thread(sdk.mute_all_streams, session)
    await vonage.order("join", room=session, user="u-2")
    assert await muted() == [True, True, True]
    await asyncio.to_thread(sdk.disable_mute_all_streams, session)
    await vonage.order("join", room=session, user="u-3")
    assert await muted() == [True, True, True, False]


@pytest.mark.usefixtures("caplog")  # the official client logs every error
async def test_vonage_video_recognizes_the_errors(vonage: RunningCloud) -> None:
    sdk = video(vonage)
    joined = await vonage.order("join", user="u-1", streams=[])
    session = joined["room"]
    with pytest.raises(NotFoundError):
        await asyncio.to_thread(sdk.disconnect_client, session, NOBODY)
    with pytest.raises(NotFoundError, match="has not had any streams"):
        await asyncio.to_thread(sdk.list_streams, session)
    with pytest.raises(NotFoundError):
        await asyncio.to_thread(sdk.mute_stream, session, NOBODY)
    with pytest.raises(ForbiddenError):
        await asyncio.to_thread(video(vonage, "another").create_session)
    with pytest.raises(AuthenticationError):
        await asyncio.to_thread(video(vonage, key=new_key()).list_streams, session)


@pytest.mark.usefixtures("caplog")  # the official client logs every error
@pytest.mark.parametrize("tells_when", [True, False])
async def test_vonage_video_waits_above_the_limit_if_it_is_told_how_long(
    tells_when: bool, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    async with running(tls=certificate, limit=1, tells_when=tells_when) as cloud:
        sdk = video(cloud)
        session = (await cloud.order("join", user="u-1"))["room"]
        await asyncio.to_thread(sdk.list_streams, session)
        if tells_when:
            assert len(await asyncio.to_thread(sdk.list_streams, session)) == 1
        else:
            with pytest.raises(RateLimitedError):
                await asyncio.to_thread(sdk.list_streams, session)


async def test_opentok_creates_a_session_and_acts_in_it(opentok: RunningCloud) -> None:
    sdk = client(opentok)
    session = (await asyncio.to_thread(sdk.create_session)).session_id
    assert an_account("opentok").owns(session)
    assert (await asyncio.to_thread(sdk.list_streams, session)).count == 0
    joined = await opentok.order("join", room=session, user="u-1", name="Ana")
    (stream,) = (await asyncio.to_thread(sdk.list_streams, session)).items
    assert (await asyncio.to_thread(sdk.get_stream, session, stream.id)).videoType == "camera"
    await asyncio.to_thread(sdk.send_signal, session, {"type": "note", "data": "hello"}, joined["connection"])
    assert (await asyncio.to_thread(sdk.mute_stream, session, stream.id)).status_code == 200
    await asyncio.to_thread(sdk.force_disconnect, session, joined["connection"])
    assert (await opentok.sees("connectionDestroyed"))["reason"] == "forceDisconnected"


async def test_opentok_recognizes_the_errors(opentok: RunningCloud) -> None:
    sdk = client(opentok)
    session = (await opentok.order("join", user="u-1"))["room"]
    with pytest.raises(ForceDisconnectError, match="is not connected"):
        await asyncio.to_thread(sdk.force_disconnect, session, NOBODY)
    with pytest.raises(ForceDisconnectError, match="is invalid"):
        await asyncio.to_thread(sdk.force_disconnect, session, "no uuid")
    with pytest.raises(GetStreamError, match="invalid stream ID"):
        await asyncio.to_thread(sdk.get_stream, session, NOBODY)
    with pytest.raises(RequestError):
        await asyncio.to_thread(sdk.send_signal, session, {"type": "x" * 129, "data": ""})
    with pytest.raises(AuthError):
        await asyncio.to_thread(client(opentok, "x" * 40).list_streams, session)
    with pytest.raises(AuthError):
        await asyncio.to_thread(client(opentok, key="12345").list_streams, session)
    with pytest.raises(OpenTokException, match="invalid credentials"):
        await asyncio.to_thread(client(opentok, "x" * 40).create_session)


async def test_opentok_answers_in_xml_unless_asked_for_json(opentok: RunningCloud) -> None:
    headers = rest_headers("opentok")
    reply = await opentok.client.post("/session/create", headers=headers)
    assert reply.headers["content-type"].startswith("text/xml")
    assert reply.text.count("<session_id>2_") == 1
    reply = await opentok.client.post("/session/create", headers=headers | {"Accept": "application/json"})
    assert reply.json()[0]["session_id"].startswith("2_")


@pytest.mark.parametrize(("environment", "named"), [("vonage", "applicationId"), ("opentok", "projectId")])
async def test_connections_are_listed_without_their_data(environment: Any, named: str) -> None:
    async with running(environment) as cloud:
        joined = await cloud.order("join", user="u-1", name="Ana")
        listed = (await cloud.rest("GET", joined["room"], "/connection")).json()
        item = {"connectionId": joined["connection"], "connectionState": "Connected", "createdAt": joined["joined_at"]}
        assert listed.keys() == {"count", named, "sessionId", "items"}
        assert (listed["count"], listed["sessionId"], listed["items"]) == (1, joined["room"], [item])
        await cloud.order("leave", connection=joined["connection"])
        assert (await cloud.rest("GET", joined["room"], "/connection")).json()["items"] == []


async def test_accepted_is_not_done() -> None:
    async with running() as cloud:
        joined = await cloud.order("join", user="u-1")
        path = f"/connection/{joined['connection']}"
        assert (await cloud.rest("DELETE", joined["room"], path)).status_code == 204
        assert (await cloud.rest("GET", joined["room"], "/connection")).json()["count"] == 1
        assert (await cloud.rest("DELETE", joined["room"], path)).status_code == 204
        await cloud.sees("connectionDestroyed")
        assert (await cloud.rest("DELETE", joined["room"], path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("DELETE", "/connection/not-a-uuid", None, 400),
        ("DELETE", f"/connection/{NOBODY}", None, 404),
        ("POST", f"/connection/{NOBODY}/signal", {"type": "a", "data": "b"}, 404),
        ("POST", "/connection/x/signal", {"type": "a", "data": "b"}, 400),
        ("POST", "/signal", {"type": "a" * 128, "data": "b" * 8192}, 204),
        ("POST", "/signal", {"type": "a" * 129, "data": "b"}, 413),
        ("POST", "/signal", {"type": "a", "data": "é" * 4097}, 413),
        ("POST", "/signal", {"type": 1}, 400),
        ("POST", "/signal", "text", 400),
        ("POST", "/mute", {"active": "yes"}, 400),
        ("POST", "/mute", {}, 400),
        ("POST", f"/stream/{NOBODY}/mute", None, 404),
        ("GET", f"/stream/{NOBODY}", None, 408),
        ("GET", "/elsewhere", None, 404),
        ("PATCH", "/mute", None, 405),
    ],
)
async def test_each_request_has_its_status(method: str, path: str, body: Any, status: int) -> None:
    async with running() as cloud:
        session = (await cloud.order("join", user="u-1"))["room"]
        assert (await cloud.rest(method, session, path, json=body)).status_code == status


async def test_sessions_must_be_of_the_project_and_known() -> None:
    async with running() as cloud:
        unknown = an_account().make_session_id("", 1, "another")
        assert (await cloud.rest("GET", unknown, "/connection")).status_code == 404
        assert (await cloud.rest("GET", "2_MX4x", "/connection")).status_code == 400
        reply = await cloud.client.get(f"/v2/project/another/session/{unknown}/connection", headers=rest_headers())
        assert reply.status_code == 403
        assert (await cloud.rest("GET", unknown, "/connection", headers={})).status_code == 401
        options = {"archiveMode": "sometimes"}
        assert (await cloud.client.post("/session/create", headers=rest_headers(), data=options)).status_code == 400


async def test_a_session_without_people_gets_no_signal() -> None:
    async with running() as cloud:
        session = (await cloud.client.post("/session/create", headers=rest_headers())).json()[0]["session_id"]
        body = {"type": "a", "data": "b"}
        assert (await cloud.rest("POST", session, "/signal", json=body)).status_code == 404
