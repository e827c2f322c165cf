from typing import Any

import pytest
from msgspec import UNSET
from starlette.responses import JSONResponse, Response

from moderator.clock import SystemClock
from moderator.providers.errors import Garbled, RateLimited
from moderator.providers.provider import ListedParticipant, ListedStream
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.listing import Lists
from tests.providers.stream.cloud import Cloud
from tests.providers.stream.made import ANA, BEGIN, BOB, CID, HOUR_MS, SESSION, call, fixture, ns, participant, session


@pytest.fixture
def lists(api: StreamApi) -> Lists:
    return Lists(api, SystemClock())


def a_call(cid: str, *people: dict[str, Any], **more: Any) -> dict[str, Any]:
    return call(session(*people, **more), cid)


async def test_the_recorded_list(cloud: Cloud, lists: Lists) -> None:
    page = fixture("rest/query_calls_ongoing.v2.json")
    cloud.answers = [JSONResponse(page, 201), JSONResponse({**page, "calls": [], "next": None}, 201)]
    cloud.calls[CID] = fixture("rest/get_call.v2.json")["call"]
    listing = await lists.list_rooms()
    (room,) = listing.rooms
    assert (room.room, room.instance, room.ends_at, room.name) == (CID, SESSION, BEGIN + HOUR_MS, "")
    assert (room.complete, room.unavailable, listing.complete, listing.lag_ms) == (True, {}, True, 30_000)
    assert [one.participant for one in room.participants] == [ANA, BOB]
    assert cloud.asked[0].body == {
        "filter_conditions": {"ongoing": True},
        "sort": [{"field": "created_at", "direction": -1}],
        "limit": 100,
    }
    assert cloud.asked[1].body["next"] == page["next"]


async def test_pages_are_followed_to_the_end(cloud: Cloud, lists: Lists) -> None:
    cloud.page = 2
    cloud.calls = {f"a:{number}": a_call(f"a:{number}") for number in range(5)}
    listing = await lists.list_rooms()
    assert [one.room for one in listing.rooms] == list(cloud.calls)
    assert listing.complete
    assert len(cloud.asked) == 3


async def test_pages_that_go_round_in_a_circle_prove_nothing(cloud: Cloud, lists: Lists) -> None:
    page = {"calls": [{"call": a_call("a:1")}], "next": "again"}
    cloud.answers = [JSONResponse(page, 201)] * 3
    listing = await lists.list_rooms()
    assert not listing.complete
    assert len(cloud.asked) == 2


async def test_there_is_an_end_to_pages(monkeypatch: pytest.MonkeyPatch, cloud: Cloud, lists: Lists) -> None:
    monkeypatch.setattr("moderator.providers.stream.listing.MAX_PAGES", 2)
    cloud.page = 1
    cloud.calls = {f"a:{number}": a_call(f"a:{number}") for number in range(5)}
    listing = await lists.list_rooms()
    assert (len(listing.rooms), listing.complete) == (2, False)


async def test_calls_that_nobody_is_in_are_no_rooms(cloud: Cloud, lists: Lists) -> None:
    cloud.calls = {"a:1": call(None, "a:1"), "a:2": a_call("a:2", ended_at=ns(BEGIN)), "a:3": a_call("a:3")}
    listing = await lists.list_rooms()
    assert [(one.room, one.ends_at) for one in listing.rooms] == [("a:3", None)]


async def test_what_the_account_may_not_do_is_told_for_each_call(cloud: Cloud, lists: Lists) -> None:
    cloud.calls, cloud.own = {"a:1": a_call("a:1")}, ["read-call"]
    (room,) = (await lists.list_rooms()).rooms
    assert set(room.unavailable or {}) >= {"extend", "disconnect", "mute", "end"}
    cloud.own = []
    (room,) = (await lists.list_rooms()).rooms
    assert room.unavailable is None


async def test_a_call_that_makes_no_sense_says_nothing_and_the_others_do(cloud: Cloud, lists: Lists) -> None:
    strange = a_call("a:1", participant("a", "ana"), started_at=ns(BEGIN), ended_at="soon")
    cloud.calls = {"a:1": strange, "a:2": a_call("a:2", participant("b", "bob"))}
    listing = await lists.list_rooms()
    assert [(one.room, one.complete, len(one.participants)) for one in listing.rooms] == [
        ("a:1", False, 0),
        ("a:2", True, 1),
    ]
    assert listing.complete


@pytest.mark.parametrize("cid", [5, "", "a", "a:", ":1"])
async def test_a_call_without_an_address_is_no_room(cloud: Cloud, lists: Lists, cid: Any) -> None:
    for nameless in ({"cid": cid}, a_call(cid)):
        cloud.answers = [JSONResponse({"calls": [{"call": nameless}, {"call": a_call("a:2")}]}, 201)]
        listing = await lists.list_rooms()
        assert ([one.room for one in listing.rooms], listing.complete) == (["a:2"], False)


async def test_a_session_without_an_id_is_none(cloud: Cloud, lists: Lists) -> None:
    cloud.calls = {CID: a_call(CID, participant(ANA, "ana"), id_="")}
    (room,) = (await lists.list_rooms()).rooms
    assert (room.room, room.instance, room.complete, room.participants) == (CID, None, False, ())
    with pytest.raises(Garbled):
        await lists.list_room(CID)


async def test_a_device_that_is_odd_hides_nobody(cloud: Cloud, lists: Lists) -> None:
    """Clients choose their ids: what means something else here, one that is taken, none at all."""
    odd = participant("*", "eve"), participant(ANA, "mallory"), participant("", "zoe")
    cloud.calls = {CID: a_call(CID, participant(ANA, "ana"), *odd, participants_count_by_role=None)}
    cloud.tracks = {"audio": {ANA, "*", ""}}
    (room,) = (await lists.list_rooms()).rooms
    assert [(one.participant, one.user, len(one.streams or ())) for one in room.participants] == [
        (ANA, "ana", 1),
        ("%2A", "eve", 1),
    ]
    assert not room.complete, "not all who are there are listed"


async def test_an_end_that_is_years_ahead_is_not_told(cloud: Cloud, lists: Lists) -> None:
    cloud.calls = {CID: a_call(CID, ends_at=39_381 * 365 * 24 * HOUR_MS)}
    (room,) = (await lists.list_rooms()).rooms
    assert (room.room, room.ends_at) == (CID, UNSET)


async def test_there_is_an_end_to_large_pages(monkeypatch: pytest.MonkeyPatch, cloud: Cloud, lists: Lists) -> None:
    monkeypatch.setattr("moderator.providers.stream.listing.MAX_BYTES", 5_000)
    cloud.answers = [
        JSONResponse({"calls": [{"call": a_call(f"a:{n}")}], "next": str(n), "pad": "x" * 3_000}) for n in range(5)
    ]
    listing = await lists.list_rooms()
    assert ([one.room for one in listing.rooms], listing.complete) == (["a:0", "a:1"], False)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"calls":1}', b'"\xff'])
async def test_answers_that_make_no_sense(cloud: Cloud, lists: Lists, body: bytes) -> None:
    cloud.answers = [Response(body, 201)]
    with pytest.raises(Garbled, match="makes no sense"):
        await lists.list_rooms()


async def test_a_refused_list_is_an_error(cloud: Cloud, lists: Lists) -> None:
    cloud.answers = [Response(status_code=429, headers={"retry-after": "5"})]
    with pytest.raises(RateLimited):
        await lists.list_rooms()


async def test_one_call_is_asked_about_alone(cloud: Cloud, lists: Lists) -> None:
    cloud.calls = {CID: a_call(CID, participant(ANA, "ana")), "a:1": a_call("a:1", participant(BOB, "bob"))}
    cloud.tracks, cloud.own = {"audio": {ANA}}, ["read-call"]
    listing = await lists.list_room(CID)
    assert [one.method for one in cloud.asked] == ["GET", "POST", "POST", "POST"], "the call, and three kinds of tracks"
    assert all(one.path.startswith("/api/v2/video/call/appointment/room-7f3a") for one in cloud.asked)
    assert (listing.complete, listing.lag_ms) == (True, 30_000)
    assert listing.rooms == tuple(one for one in (await lists.list_rooms()).rooms if one.room == CID), "as in the list"
    assert listing.rooms[0].participants[0].streams


async def test_everybody_in_one_large_call(cloud: Cloud, lists: Lists) -> None:
    """Though nobody of them stands in the call itself."""
    cloud.calls = {CID: a_call(CID, anonymous_participant_count=2)}
    cloud.calls[CID]["everybody"] = [participant(ANA, "ana"), participant(BOB, "bob")]
    (room,) = (await lists.list_room(CID)).rooms
    assert ([one.participant for one in room.participants], room.complete) == ([ANA, BOB], True)
    assert len(cloud.asked) == 5


@pytest.mark.parametrize("there", [{}, {CID: call()}, {CID: a_call(CID, ended_at=ns(BEGIN))}])
async def test_one_call_that_nobody_is_in_is_no_room(cloud: Cloud, lists: Lists, there: dict[str, Any]) -> None:
    cloud.calls = there
    listing = await lists.list_room(CID)
    assert (listing.rooms, listing.complete) == ((), True)
    assert len(cloud.asked) == 1


async def test_one_call_that_cannot_be_read(cloud: Cloud, lists: Lists) -> None:
    cloud.answers = [Response(b"<html>")]
    with pytest.raises(Garbled, match="makes no sense"):
        await lists.list_room(CID)
    cloud.answers = [Response(status_code=429, headers={"retry-after": "5"})]
    with pytest.raises(RateLimited):
        await lists.list_room(CID)


async def test_who_publishes_what_comes_with_the_list(cloud: Cloud, lists: Lists) -> None:
    cloud.calls = {CID: a_call(CID, participant(ANA, "ana", name="Ana"), participant(BOB, "bob"))}
    cloud.tracks = {"audio": {ANA}, "screenshare": {ANA}}
    (room,) = (await lists.list_rooms()).rooms
    assert room.participants == (
        ListedParticipant(
            participant=ANA,
            user="ana",
            name="Ana",
            role="user",
            joined_at=BEGIN,
            streams=(
                ListedStream(f"{ANA}/audio", "microphone", muted=False),
                ListedStream(f"{ANA}/screenshare", "screen", muted=False),
            ),
        ),
        ListedParticipant(participant=BOB, user="bob", role="user", joined_at=BEGIN, streams=()),
    )
