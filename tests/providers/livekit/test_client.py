import asyncio
import socket
from typing import Any

import pytest
from livekit.protocol.models import DataPacket, ParticipantInfo, TrackInfo, TrackSource, TrackType
from starlette.responses import JSONResponse, Response

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.errors import (
    Forbidden,
    Garbled,
    Gone,
    ProviderError,
    RateLimited,
    Rejected,
    Unavailable,
    Uncertain,
)
from moderator.providers.livekit.api import RoomService
from moderator.providers.livekit.client import Client
from moderator.providers.provider import Target
from tests.providers.livekit.made import BEGIN, fixture, options
from tests.providers.livekit.server import NOT_FOUND, LiveKit

ROOM = "r/../ü"
DOWN = JSONResponse({"code": "unavailable", "msg": "no response from servers"}, 503)


def ana(*streams: str, participant: str = "PA_ana", known: bool = True) -> Target:
    platform = {"identity": "ana"} if known else {}
    return Target(room=ROOM, participant=participant, user="u-7", platform=platform, streams=streams)


def publishing(server: LiveKit, *sources: int) -> Any:
    """Ana is there, with a track of each source: `TR_` and its number."""
    found = server.join(ROOM, "ana")
    for source in sources:
        sounds = source in {TrackSource.MICROPHONE, TrackSource.SCREEN_SHARE_AUDIO}
        kind = TrackType.AUDIO if sounds else TrackType.VIDEO
        found.tracks.append(TrackInfo(sid=f"TR_{source}", type=kind, source=TrackSource.Name(source)))
    return found


CAMERA, MICROPHONE, SCREEN, SOUND = 1, 2, 3, 4

# --- lists ---------------------------------------------------------------------------------------------------------


async def test_everybody_in_every_room(server: LiveKit, client: Client) -> None:
    publishing(server, MICROPHONE).tracks[0].muted = True
    server.join(ROOM, "bot", kind=ParticipantInfo.AGENT)
    server.join(ROOM, "hidden").permission.hidden = True
    server.join(ROOM, "joining", state=ParticipantInfo.JOINED)
    server.join("b", "bob", metadata="about bob")
    server.rooms["empty"] = {}
    listing = await client.list_rooms()
    assert (listing.complete, listing.lag_ms) == (True, 5_000)
    assert [room.room for room in listing.rooms] == [ROOM, "b", "empty"]
    ((first,), (bob,), nobody) = (room.participants for room in listing.rooms)
    assert (first.participant, first.user, first.joined_at) == ("PA_ana", "ana", BEGIN + 207)
    assert [(one.stream, one.kind, one.muted) for one in first.streams or ()] == [("TR_2", "microphone", True)]
    assert (bob.data, bob.streams, nobody) == ("about bob", (), ())
    assert server.methods() == ["ListRooms", *["ListParticipants"] * 3]


async def test_the_fixtures_are_understood(server: LiveKit, client: Client) -> None:
    server.answers = [JSONResponse(fixture(f"twirp_json/{name}.response.json")) for name in ("ListRooms",)]
    server.answers += [JSONResponse(fixture("twirp_json/ListParticipants.response.json"))] * 2
    first, second = (await client.list_rooms()).rooms
    assert [room.room for room in (first, second)] == ["appointment-7f3a", "appointment-91c0"]
    assert [one.name for one in first.participants] == ["Guest 41", "Guest 42"]
    server.answers = [JSONResponse(fixture("twirp_json/ListRooms_empty.response.json"))]
    assert (await client.list_rooms()).rooms == ()


async def test_a_room_that_has_just_closed_has_nobody_in_it(server: LiveKit, client: Client) -> None:
    server.rooms = {"a": {}}
    server.only = {"ListParticipants": JSONResponse(NOT_FOUND, 404)}
    listing = await client.list_rooms()
    assert ([(one.room, one.participants) for one in listing.rooms], listing.complete) == ([("a", ())], True)


async def test_one_room_is_one_request(server: LiveKit, client: Client) -> None:
    publishing(server, MICROPHONE)
    server.join(ROOM, "bot", kind=ParticipantInfo.AGENT)
    server.join("b", "bob")
    listing = await client.list_room(ROOM)
    assert [(one.room, [who.participant for who in one.participants]) for one in listing.rooms] == [(ROOM, ["PA_ana"])]
    assert (listing.complete, listing.lag_ms) == (True, 5_000)
    assert server.methods() == ["ListParticipants"]
    assert listing.rooms == tuple(one for one in (await client.list_rooms()).rooms if one.room == ROOM), (
        "as in the list"
    )


async def test_one_room_that_is_not_open_is_not_listed(server: LiveKit, client: Client) -> None:
    server.answers = [JSONResponse(NOT_FOUND, 404)]
    listing = await client.list_room(ROOM)
    assert (listing.rooms, listing.complete) == ((), True)
    server.answers = [DOWN]
    with pytest.raises(Unavailable):
        await client.list_room(ROOM)


async def test_a_room_that_cannot_be_read_makes_the_list_incomplete(server: LiveKit, client: Client) -> None:
    names = JSONResponse({"rooms": [{"name": room} for room in ("a", "b", "c")]})
    good = JSONResponse({"participants": []})
    server.answers = [names, good, DOWN, good]
    listing = await client.list_rooms()
    assert ([one.room for one in listing.rooms], listing.complete) == (["a", "c"], False)
    server.answers = [JSONResponse({"rooms": [{"name": room} for room in "abcd"]}), DOWN, good, DOWN, good]
    assert [one.room for one in (await client.list_rooms()).rooms] == ["b", "d"], "not two in a row"
    server.asked.clear()
    server.answers = [names, good, DOWN, DOWN]
    assert not (await client.list_rooms()).complete
    server.answers = [names, good, Response(status_code=429)]
    assert [one.room for one in (await client.list_rooms()).rooms] == ["a"]
    assert server.methods() == ["ListRooms", *["ListParticipants"] * 3, "ListRooms", *["ListParticipants"] * 2]


@pytest.mark.parametrize(
    ("answers", "error", "asked"),
    [
        ([DOWN], Unavailable, 1),
        ([JSONResponse({"rooms": [{"name": "a"}]}), DOWN], Unavailable, 2),
        ([JSONResponse({"rooms": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}), DOWN, DOWN], Unavailable, 3),
        ([JSONResponse({"rooms": [{"name": "a"}, {"name": "b"}]}), Response(status_code=429)], RateLimited, 2),
        ([JSONResponse({"rooms": [{"name": "a"}, {"name": "b"}]}), Response(status_code=401)], Forbidden, 2),
        ([JSONResponse({"rooms": 5})], Garbled, 1),
        ([JSONResponse({})], Garbled, 1),
        ([JSONResponse({"rooms": None, "status": "fine"})], Garbled, 1),
        ([JSONResponse({"rooms": [{"name": "a"}]}), JSONResponse({})], Garbled, 2),
        ([JSONResponse({"rooms": [{"name": "a"}]}), JSONResponse({"participants": [{"sid": 5}]})], Garbled, 2),
    ],
)
async def test_when_nothing_can_be_read(
    server: LiveKit, client: Client, answers: list[Any], error: type[ProviderError], asked: int
) -> None:
    server.answers = list(answers)
    with pytest.raises(error):
        await client.list_rooms()
    assert len(server.asked) == asked


@pytest.mark.parametrize("sid", ["", "*", "PA_1@"])
async def test_who_cannot_be_named_is_missing_in_the_list(server: LiveKit, client: Client, sid: str) -> None:
    publishing(server)
    server.join(ROOM, "odd").sid = sid
    server.join("b", "bob")
    server.join("b", "hidden").permission.hidden = True
    listing = await client.list_rooms()
    found = [(one.room, [who.participant for who in one.participants], one.complete) for one in listing.rooms]
    assert found == [(ROOM, ["PA_ana"], False), ("b", ["PA_bob"], True)]
    assert not (await client.list_room(ROOM)).rooms[0].complete


# --- removing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False])
async def test_a_removal(server: LiveKit, client: Client, known: bool) -> None:
    publishing(server)
    server.join(ROOM, "bob")
    await client.disconnect(ana(known=known), block=False)
    assert list(server.rooms[ROOM]) == ["bob"]
    asked = server.asked[-1].body
    assert (asked.room, asked.identity, asked.revoke_token_ts) == (ROOM, "ana", 1), "no token is revoked"
    assert server.methods() == [*([] if known else ["ListParticipants"]), "GetParticipant", "RemoveParticipant"]


async def test_a_removal_for_good_revokes_the_tokens_of_before(server: LiveKit, client: Client) -> None:
    publishing(server)
    before_s = SystemClock().now_ms() // 1000
    await client.disconnect(ana(), block=True)
    assert before_s <= server.asked[-1].body.revoke_token_ts <= SystemClock().now_ms() // 1000


@pytest.mark.parametrize("known", [True, False])
async def test_who_joined_again_is_not_removed_for_the_connection_before(
    server: LiveKit, client: Client, known: bool
) -> None:
    publishing(server)
    with pytest.raises(Gone):
        await client.disconnect(ana(participant="PA_before", known=known), block=True)
    assert list(server.rooms[ROOM]) == ["ana"]
    assert "RemoveParticipant" not in server.methods()


@pytest.mark.parametrize(
    ("members", "words"),
    [({"kind": ParticipantInfo.AGENT}, "an agent"), ({"kind": ParticipantInfo.EGRESS}, "a recorder")],
)
async def test_a_machine_is_left_alone(server: LiveKit, client: Client, members: dict[str, Any], words: str) -> None:
    """As a person it is known only where the webhook of its coming was lost, and no policy means it."""
    publishing(server)
    server.join(ROOM, "ana", **members)
    with pytest.raises(Rejected, match=f"That is {words}, and no person"):
        await client.disconnect(ana(), block=False)
    assert server.methods() == ["GetParticipant"]


async def test_an_answer_that_names_nobody_says_nothing(server: LiveKit, client: Client) -> None:
    server.answers = [JSONResponse({})]
    with pytest.raises(Garbled):
        await client.disconnect(ana(), block=False)


async def test_nobody_is_meant_by_no_id(server: LiveKit, client: Client) -> None:
    with pytest.raises(Rejected, match="An id is missing"):
        await client.disconnect(ana(participant=""), block=False)
    assert server.asked == []


@pytest.mark.parametrize("what", ["disconnect", "mute", "revoke", "restore", "stop_stream"])
async def test_who_is_gone_is_gone(server: LiveKit, client: Client, what: str) -> None:
    options = {"block": False} if what == "disconnect" else {}
    with pytest.raises(Gone):
        await getattr(client, what)(ana("TR_2"), **options)
    assert server.methods() == ["GetParticipant"]


# --- streams -------------------------------------------------------------------------------------------------------


async def test_what_sounds_is_muted(server: LiveKit, client: Client) -> None:
    found = publishing(server, CAMERA, MICROPHONE, SOUND)
    await client.mute(ana("TR_1", "TR_2", "TR_4", "TR_gone"))
    assert [(one.sid, one.muted) for one in found.tracks] == [("TR_1", False), ("TR_2", True), ("TR_4", True)]


@pytest.mark.parametrize("gone", [JSONResponse({"track": None}), JSONResponse(NOT_FOUND, 404)])
async def test_nothing_is_there_to_mute(server: LiveKit, client: Client, gone: Response) -> None:
    publishing(server, CAMERA)
    server.only = {"MutePublishedTrack": gone}
    for streams in (("TR_2", "TR_4"), ("TR_1",), ()):
        with pytest.raises(Gone, match="Nothing that could be muted"):
            await client.mute(ana(*streams))


def sources(found: Any) -> list[str]:
    return [TrackSource.Name(one) for one in found.permission.can_publish_sources]


async def test_the_right_to_be_heard_is_taken_and_given_back(server: LiveKit, client: Client) -> None:
    found = publishing(server, MICROPHONE)
    await client.revoke(ana())
    assert sources(found) == ["CAMERA", "SCREEN_SHARE"]
    await client.restore(ana())
    assert (sources(found), found.permission.can_publish) == ([], True), "everything, as before"


@pytest.mark.parametrize(
    ("source", "left"),
    [
        (SCREEN, ["UNKNOWN", "CAMERA", "MICROPHONE"]),
        (SOUND, ["UNKNOWN", "CAMERA", "MICROPHONE"]),
        (CAMERA, ["UNKNOWN", "MICROPHONE", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO"]),
        (MICROPHONE, ["UNKNOWN", "CAMERA", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO"]),
    ],
)
async def test_a_stream_is_stopped_by_refusing_its_source(
    server: LiveKit, client: Client, source: int, left: list[str]
) -> None:
    found = publishing(server, CAMERA, MICROPHONE, SCREEN, SOUND)
    found.permission.can_update_metadata = True
    await client.stop_stream(ana(f"TR_{source}"))
    assert sources(found) == left
    kept = found.permission
    assert (kept.can_subscribe, kept.can_publish, kept.can_publish_data, kept.can_update_metadata) == (True,) * 4
    with pytest.raises(Gone, match="not published any more"):
        await client.stop_stream(ana("TR_gone"))


async def test_what_somebody_may_do_is_not_changed_unseen(server: LiveKit, client: Client) -> None:
    server.answers = [JSONResponse({"sid": "PA_ana", "identity": "ana", "permission": None})]
    with pytest.raises(Rejected, match="does not say what this participant may do"):
        await client.revoke(ana())


@pytest.mark.parametrize("sources", ["MICROPHONE", {"a": 1}, [None], [True], [{}], 5])
async def test_what_somebody_may_do_is_not_changed_where_it_makes_no_sense(
    server: LiveKit, client: Client, sources: object
) -> None:
    permission = {"can_publish": True, "can_publish_sources": sources}
    server.answers = [JSONResponse({"sid": "PA_ana", "identity": "ana", "permission": permission})]
    with pytest.raises(Rejected, match="makes no sense"):
        await client.revoke(ana())
    assert server.methods() == ["GetParticipant"]


async def test_two_changes_at_once_are_both_made(server: LiveKit, client: Client) -> None:
    found = publishing(server, SCREEN)
    await asyncio.gather(client.revoke(ana()), client.stop_stream(ana("TR_3")))
    assert sources(found) == ["CAMERA"]


# --- the room ------------------------------------------------------------------------------------------------------


async def test_the_end_of_a_room(server: LiveKit, client: Client) -> None:
    publishing(server)
    await client.end(ROOM)
    assert server.rooms == {}
    with pytest.raises(Gone):
        await client.end(ROOM)


async def test_a_message_to_everybody(server: LiveKit, client: Client) -> None:
    await client.send(ROOM, "Five minutes left, ü")
    (asked,) = server.asked
    assert (asked.body.room, asked.body.topic, asked.body.kind) == (ROOM, "moderator", DataPacket.RELIABLE)
    assert asked.body.data.decode() == "Five minutes left, ü"
    with pytest.raises(Rejected, match="15000 bytes"):
        await client.send(ROOM, "ü" * 7_501)


async def test_a_message_to_one_participant(server: LiveKit, client: Client) -> None:
    server.join(ROOM, "ana")
    server.join(ROOM, "bob")
    await client.tell(Target(room=ROOM, participant="PA_ana", platform={"identity": "ana"}), "You")
    asked = server.asked[-1]
    assert (asked.body.data.decode(), list(asked.body.destination_identities)) == ("You", ["ana"])
    with pytest.raises(Gone):
        await client.tell(Target(room=ROOM, participant="PA_before", platform={"identity": "ana"}), "You")
    assert [one.method for one in server.asked].count("SendData") == 1


async def test_a_message_is_not_sent_again_where_it_may_have_arrived(
    server: LiveKit, client: Client, http: HttpClient
) -> None:
    server.answers = [DOWN, Response(status_code=429), JSONResponse(NOT_FOUND, 404)]
    with pytest.raises(Uncertain, match="not sent again") as raised:
        await client.send(ROOM, "hello")
    assert not raised.value.temporary
    with pytest.raises(RateLimited):
        await client.send(ROOM, "hello")
    with pytest.raises(Gone):
        await client.send(ROOM, "hello")
    nowhere = Client(RoomService(options(), http, SystemClock()), None, SystemClock())
    with pytest.raises(Uncertain):
        await nowhere.send(ROOM, "hello")


async def test_a_message_without_an_answer_is_uncertain(monkeypatch: pytest.MonkeyPatch, http: HttpClient) -> None:
    monkeypatch.setattr("moderator.providers.livekit.client.MESSAGE_TIMEOUT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        service = RoomService(options(base_url=f"ws://127.0.0.1:{silent.getsockname()[1]}"), http, SystemClock())
        with pytest.raises(Uncertain, match="did not answer in time"):
            await Client(service, None, SystemClock()).send(ROOM, "hello")
