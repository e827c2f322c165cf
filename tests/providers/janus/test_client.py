import pytest

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.errors import Forbidden, Gone, Rejected
from moderator.providers.janus import JanusProvider
from moderator.providers.janus.admin_api import AdminApi
from moderator.providers.janus.client import Client
from moderator.providers.provider import ListedParticipant, ListedRoom, Target
from tests.end_to_end.janus_server import JanusServer
from tests.providers.janus.configured import options_for, provider_for
from tests.providers.janus.signalling import Participant
from tests.providers.janus.tiny_server import http as answering
from tests.providers.janus.tiny_server import tiny_server

pytestmark = pytest.mark.janus


def client_for(server: JanusServer, http: HttpClient, **changes: str) -> Client:
    options = options_for(server, **changes)
    return Client(options, AdminApi(options, http), SystemClock())


def _by_user(room: ListedRoom) -> list[ListedParticipant]:
    return sorted(room.participants, key=lambda one: one.user)


async def test_rooms_are_listed_with_everybody_in_them(
    janus: JanusServer, http: HttpClient, provider: JanusProvider
) -> None:
    before = SystemClock().now_ms()
    await janus.create_room("empty")
    await janus.create_room("plain")
    request = {"request": "create", "room": "named", "description": "Tuesday", "is_private": True}
    await janus.videoroom({**request, "admin_key": janus.admin_key})
    for room, user in (("plain", "anna"), ("named", "bob"), ("named", "42")):
        await Participant(janus, http).join(room, user)
    listing = await provider.list_rooms([])
    people = {
        user: ListedParticipant(participant=f"{user}@", user=user, name=f"Is {user}") for user in ("anna", "bob", "42")
    }
    assert before <= listing.taken_at <= SystemClock().now_ms()
    assert listing.complete
    rooms = {found.room: found for found in listing.rooms}
    assert rooms["plain"] == ListedRoom(room="plain", participants=(people["anna"],))
    assert rooms["named"].name == "Tuesday"
    assert _by_user(rooms["named"]) == [people["42"], people["bob"]]
    assert set(rooms) == {"plain", "named"}
    for room, found in rooms.items():
        (alone,) = (await provider.list_room(room)).rooms
        assert _by_user(alone) == _by_user(found)
    assert (await provider.list_room("nowhere")).rooms == ()


async def test_a_private_room_is_listed_without_the_key_by_who_knows_it(janus: JanusServer, http: HttpClient) -> None:
    await janus.videoroom({"request": "create", "room": "p", "is_private": True, "admin_key": janus.admin_key})
    await Participant(janus, http).join("p", "anna")
    provider = provider_for(janus, http, admin_key="")
    assert (await provider.list_rooms([])).rooms == ()
    listing = await provider.list_room("p")
    assert ([one.user for one in listing.rooms[0].participants], listing.complete) == (["anna"], True)


async def test_many_rooms_are_listed(janus: JanusServer, http: HttpClient, provider: JanusProvider) -> None:
    for number in range(10):
        await janus.create_room(f"room-{number}")
        await Participant(janus, http).join(f"room-{number}", "u")
    listing = await provider.list_rooms([])
    assert {found.room for found in listing.rooms} == {f"room-{number}" for number in range(10)}


async def test_without_the_key_absence_means_nothing(janus: JanusServer, http: HttpClient) -> None:
    assert not (await provider_for(janus, http, admin_key="").list_rooms([])).complete
    with pytest.raises(Forbidden, match="admin_key"):
        await provider_for(janus, http, admin_key="wrong").list_rooms([])
    with pytest.raises(Forbidden, match="admin_secret"):
        await provider_for(janus, http, admin_secret="wrong").list_rooms([])


@pytest.mark.parametrize(("code", "complete"), [(426, True), (499, False)])
async def test_a_room_that_vanishes_is_simply_not_there(
    janus: JanusServer, http: HttpClient, code: int, complete: bool
) -> None:
    """Answers as Janus gives them, but prepared: no real room vanishes at the right moment."""
    rooms = b'{"janus":"success","response":{"list":[{"room":"r","num_participants":1}]}}'
    refusal = b'{"janus":"success","response":{"error_code":%d}}' % code
    async with tiny_server(answering("200 OK", rooms), answering("200 OK", refusal)) as server:
        listing = await client_for(janus, http, admin_url=server.url).list_rooms()
    assert (listing.rooms, listing.complete) == ((), complete)


async def test_integer_ids_are_found_out_and_remembered(janus_with_integers: JanusServer, http: HttpClient) -> None:
    server = janus_with_integers
    client = client_for(server, http)
    await server.create_room(1234)
    anna, bob = [await Participant(server, http).join(1234, user) for user in (5, 6)]
    (room,) = (await client.list_room("1234")).rooms
    assert [one.participant for one in _by_user(room)] == ["5@", "6@"]
    await client.kick(Target(room="1234", participant="5"))
    await client.kick(Target(room="1234", participant="6"))
    assert [await one.event() for one in (anna, bob)]
    assert await server.list_participants(1234) == []
    assert (await client.list_rooms()).rooms == ()
    with pytest.raises(Rejected, match="string_ids"):
        await client.kick(Target(room="no-integer", participant="x"))
    with pytest.raises(Gone):
        await client.kick(Target(room="77", participant="5"))


async def test_digits_may_be_strings(janus: JanusServer, http: HttpClient) -> None:
    client = client_for(janus, http)
    await janus.create_room("1234")
    for user in ("5", "007"):
        await Participant(janus, http).join("1234", user)
        await client.kick(Target(room="1234", participant=user))
    assert await janus.list_participants("1234") == []


async def test_a_person_is_located_among_many_connections(janus: JanusServer, http: HttpClient) -> None:
    client = client_for(janus, http)
    await janus.create_room("a")
    await janus.create_room("b")
    people = {(room, user): await Participant(janus, http).join(room, user) for room in "ab" for user in "uvwxyz"}
    assert await client.locate("b", "w") == str(people["b", "w"].session)
    assert await client.locate("b", "nobody") is None


async def test_the_allow_list_is_read_and_changed(janus: JanusServer, http: HttpClient) -> None:
    client = client_for(janus, http)
    await janus.create_room("r", allowed=["a", "b"])
    assert set(await client.allowed_tokens("r")) == {"a", "b"}
    await client.disallow("r", "a")
    await client.allow("r", "c")
    assert set(await client.allowed_tokens("r")) == {"b", "c"}


async def test_what_is_not_there_is_gone(janus: JanusServer, http: HttpClient) -> None:
    client = client_for(janus, http)
    with pytest.raises(Gone, match="room"):
        await client.kick(Target(room="nowhere", participant="u"))
    await janus.create_room("r")
    with pytest.raises(Gone, match="person"):
        await client.kick(Target(room="r", participant="u"))
    with pytest.raises(Gone, match="connection"):
        await client.destroy_session("123")
    with pytest.raises(Gone):
        await client.destroy_room("nowhere")


async def test_a_wrong_room_secret_is_named_and_not_told(janus: JanusServer, http: HttpClient) -> None:
    await janus.create_room("r")
    for secret in ("", "wrong-secret"):
        with pytest.raises(Forbidden, match="room_secret") as raised:
            await client_for(janus, http, room_secret=secret).destroy_room("r")
        assert "wrong-secret" not in str(raised.value)


async def test_silencing_needs_a_stream(janus: JanusServer, http: HttpClient) -> None:
    client = client_for(janus, http)
    await janus.create_room("r")
    await Participant(janus, http).join("r", "u")
    with pytest.raises(Gone):
        await client.silence(Target(room="r", participant="u", streams=("0", "1")))
    await client.silence(Target(room="r", participant="u"))
