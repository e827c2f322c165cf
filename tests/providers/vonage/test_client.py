import json
import socket

import pytest
from starlette.responses import JSONResponse, Response

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.errors import Garbled, Gone, NotSupported, RateLimited, Rejected, Uncertain
from moderator.providers.provider import ListedParticipant, ListedRoom, Target
from moderator.providers.vonage.accounts import Application
from moderator.providers.vonage.api import VideoApi
from moderator.providers.vonage.client import Client
from tests.providers.vonage.cloud import Cloud
from tests.providers.vonage.made import APPLICATION, BEGIN, fixture, vonage_options

AT = f"/v2/project/{APPLICATION}/session"
ANA, BOB = "7b3c0f52-8a51-4f0e-9d1b-6f1e2a3b4c5d", "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"


def client_at(url: str, http: HttpClient) -> Client:
    return Client(VideoApi(url, Application(vonage_options()), http, SystemClock()), SystemClock())


@pytest.fixture
def client(cloud: Cloud, http: HttpClient) -> Client:
    return client_at(cloud.url, http)


async def test_the_sessions_that_are_known_are_listed(cloud: Cloud, client: Client) -> None:
    cloud.sessions = {"a": {"c1": BEGIN, "c2": BEGIN + 5}, "b": {}, "unasked": {"c9": BEGIN}}
    listing = await client.list_rooms(["a", "b", "never-used"])
    people = (
        ListedParticipant(participant="c1", joined_at=BEGIN),
        ListedParticipant(participant="c2", joined_at=BEGIN + 5),
    )
    assert listing.rooms == (ListedRoom(room="a", participants=people), ListedRoom(room="b"))
    assert (listing.complete, listing.lag_ms) == (True, 30_000)
    assert cloud.paths("GET") == [f"{AT}/{name}/connection" for name in ("a", "b", "never-used")]


@pytest.mark.parametrize(
    ("shape", "people"),
    [
        ("A_applicationId", [(ANA, BEGIN + 143)]),
        ("B_projectId", [(ANA, BEGIN + 143), (BOB, BEGIN + 61_000)]),
        ("C_string_timestamps", [(ANA, BEGIN + 143)]),
        ("D_disconnected_state", [(ANA, BEGIN + 143)]),
    ],
)
async def test_answers_come_in_several_shapes(
    cloud: Cloud, client: Client, shape: str, people: list[tuple[str, int]]
) -> None:
    cloud.answers = [JSONResponse(fixture("rest/list_connections_responses.json")[shape]["body"])]
    listing = await client.list_rooms(["s"])
    (room,) = listing.rooms
    assert [(one.participant, one.joined_at) for one in room.participants] == people
    assert listing.complete


@pytest.mark.parametrize(
    ("body", "complete", "joined_at"),
    [
        ({"count": 7, "items": [{"connectionId": "c"}]}, False, None),
        ({"count": "1", "items": [{"connectionId": "c", "createdAt": "no"}]}, True, None),
        ({"count": "many", "items": [{"connectionId": "c", "createdAt": BEGIN // 1000}]}, False, BEGIN),
        ({"items": [{"connectionId": "c", "createdAt": None}]}, True, None),
    ],
)
async def test_lists_that_are_less_than_they_should_be(
    cloud: Cloud, client: Client, body: object, complete: bool, joined_at: int | None
) -> None:
    cloud.answers = [JSONResponse(body)]
    listing = await client.list_rooms(["s"])
    assert (listing.complete, listing.rooms[0].participants[0].joined_at) == (complete, joined_at)


NO_ID = b'{"items":[{"connectionId":""}]}'


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"count":1}', b'{"items":[{"id":1}]}', NO_ID, b'"' + b"\xff"]
)
async def test_answers_that_make_no_sense(cloud: Cloud, client: Client, body: bytes) -> None:
    cloud.answers = [Response(body, media_type="application/json")]
    with pytest.raises(Garbled, match="makes no sense"):
        await client.list_rooms(["s"])


async def test_where_there_is_no_list(cloud: Cloud, client: Client) -> None:
    cloud.has_lists = False
    with pytest.raises(NotSupported):
        await client.list_rooms(["s"])


async def test_a_404_says_that_nobody_is_there_only_where_lists_are_known_to_work(cloud: Cloud, client: Client) -> None:
    listing = await client.list_rooms(["never-used"])
    assert (listing.rooms, listing.complete) == ((), False)
    with pytest.raises(NotSupported, match="callbacks only"):
        await client.list_rooms(["never-used"])
    cloud.sessions = {"s": {}}
    assert (await client.list_rooms(["s"])).complete
    listing = await client.list_rooms(["never-used"])
    assert (listing.rooms, listing.complete) == ((), True)


async def test_a_disconnect(cloud: Cloud, client: Client) -> None:
    cloud.sessions = {"s": {"c1": BEGIN, "c2": BEGIN}}
    await client.disconnect("s", "c1")
    assert cloud.sessions == {"s": {"c2": BEGIN}}
    with pytest.raises(Gone):
        await client.disconnect("s", "c1")


async def test_muting_each_stream(cloud: Cloud, client: Client) -> None:
    cloud.answers = [Response(status_code=404)]
    await client.mute(Target(room="s", participant="c1", streams=("s1", "s2")))
    assert cloud.paths("POST") == [f"{AT}/s/stream/{name}/mute" for name in ("s1", "s2")]
    cloud.answers = [Response(status_code=404)] * 2
    with pytest.raises(Gone):
        await client.mute(Target(room="s", participant="c1", streams=("s1", "s2")))


async def test_a_message_to_everybody(cloud: Cloud, client: Client) -> None:
    await client.signal("s", "Five minutes left, ü")
    (asked,) = cloud.asked
    assert asked.path == f"{AT}/s/signal"
    assert json.loads(asked.body) == {"type": "moderator", "data": "Five minutes left, ü"}
    with pytest.raises(Rejected, match="8192 bytes"):
        await client.signal("s", "ü" * 4097)


async def test_a_message_to_one_connection(cloud: Cloud, client: Client) -> None:
    await client.signal("s", "You", "c1")
    (asked,) = cloud.asked
    assert asked.path == f"{AT}/s/connection/c1/signal"
    assert json.loads(asked.body) == {"type": "moderator", "data": "You"}


async def test_a_message_is_not_sent_again_where_it_may_have_arrived(
    cloud: Cloud, client: Client, http: HttpClient
) -> None:
    cloud.answers = [Response(status_code=500), Response(status_code=429), Response(status_code=404)]
    with pytest.raises(Uncertain, match="not sent again") as raised:
        await client.signal("s", "hello")
    assert not raised.value.temporary
    with pytest.raises(RateLimited):
        await client.signal("s", "hello")
    with pytest.raises(Gone):
        await client.signal("s", "hello")
    with pytest.raises(Uncertain):
        await client_at("http://127.0.0.1:1", http).signal("s", "hello")


async def test_a_message_without_an_answer_is_uncertain(monkeypatch: pytest.MonkeyPatch, http: HttpClient) -> None:
    monkeypatch.setattr("moderator.providers.vonage.client.SIGNAL_TIMEOUT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Uncertain, match="did not answer in time"):
        await client_at(f"http://127.0.0.1:{silent.getsockname()[1]}", http).signal("s", "hello")
