"""What is asked call by call: how much of it, in which turn, and what its failures cost."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.provider import ListedParticipant, ListedRoom
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.looking_closer import LookingCloser
from tests.fakes.clock import FakeClock
from tests.providers.stream.cloud import Cloud, refusal
from tests.providers.stream.made import ANA, BOB, CID, call, fixture, options, participant, session


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(SystemClock().now_ms())


@pytest.fixture
def closer(cloud: Cloud, http: HttpClient, clock: FakeClock) -> LookingCloser:
    return LookingCloser(StreamApi(options(base_url=cloud.url), http, clock), clock)


def listed(cloud: Cloud, cid: str, complete: bool = True) -> ListedRoom:
    """A room with one person in it, in the cloud and out of its list."""
    cloud.calls[cid] = call(session(participant("a", "ana")), cid)
    return ListedRoom(room=cid, participants=(ListedParticipant(participant="a", user="ana"),), complete=complete)


def rooms(cloud: Cloud, count: int) -> list[ListedRoom]:
    return [listed(cloud, f"d:{number}") for number in range(count)]


def told(found: list[ListedRoom]) -> list[str]:
    """The rooms whose streams are known."""
    return [one.room for one in found if all(who.streams is not None for who in one.participants)]


async def test_people_of_a_large_call(cloud: Cloud, closer: LookingCloser) -> None:
    room = listed(cloud, "d:1", complete=False)
    cloud.calls["d:1"]["everybody"] = [participant("a", "ana"), participant("b", "bob")]
    (found,) = await closer.look([room])
    assert ([one.participant for one in found.participants], found.complete) == (["a", "b"], True)
    assert cloud.asked[0].query["limit"] == ["100"]
    assert cloud.asked[0].body == {"filter_conditions": {}}
    cloud.page_of_people = 1
    (found,) = await closer.look([room])
    assert ([one.participant for one in found.participants], found.complete) == (["a"], False)


async def test_the_recorded_reply(cloud: Cloud, closer: LookingCloser) -> None:
    cloud.answers = [JSONResponse(fixture("rest/query_call_participants.v2.json"), 201)]
    (found,) = await closer.look([ListedRoom(room=CID, participants=listed(cloud, CID).participants, complete=False)])
    assert [(one.participant, one.user) for one in found.participants] == [
        ("a", "ana"),
        (ANA, "dr-41"),
        (BOB, "guest-42"),
    ], "whoever either list had"
    assert found.complete


async def test_an_answer_without_anybody_completes_nothing(cloud: Cloud, closer: LookingCloser) -> None:
    cloud.answers = [JSONResponse({"participants": [], "total_participants": 0})]
    (found,) = await closer.look([listed(cloud, "d:1", complete=False)])
    assert not found.complete


async def test_rooms_take_turns(monkeypatch: pytest.MonkeyPatch, cloud: Cloud, closer: LookingCloser) -> None:
    monkeypatch.setattr("moderator.providers.stream.looking_closer.MAX_ROOMS", 2)
    many = rooms(cloud, 3)
    assert [told(await closer.look(many)) for _ in range(3)] == [["d:0", "d:1"], ["d:0", "d:2"], ["d:1", "d:2"]]
    assert len(cloud.asked) == 3 * 2 * 3


async def test_incomplete_rooms_go_first_and_empty_ones_not_at_all(
    monkeypatch: pytest.MonkeyPatch, cloud: Cloud, closer: LookingCloser
) -> None:
    monkeypatch.setattr("moderator.providers.stream.looking_closer.MAX_ROOMS", 1)
    await closer.look([ListedRoom(room="d:empty"), *rooms(cloud, 2), listed(cloud, "d:large", complete=False)])
    assert {one.path for one in cloud.asked} == {"/api/v2/video/call/d/large/participants"}


async def test_streams_that_are_not_all_told_are_not_told(cloud: Cloud, closer: LookingCloser) -> None:
    room = listed(cloud, "d:1")
    cloud.calls["d:1"]["everybody"] = [participant("a", "ana"), participant("b", "bob")]
    cloud.tracks, cloud.page_of_people = {"video": {"a", "b"}}, 1
    assert told(await closer.look([room])) == []


async def test_a_platform_that_does_not_know_the_question_is_not_asked_again(
    cloud: Cloud, closer: LookingCloser
) -> None:
    cloud.answers = [refusal(4, 400)]
    assert told(await closer.look(rooms(cloud, 3))) == []
    assert told(await closer.look(rooms(cloud, 3))) == []
    assert len(cloud.asked) == 1


async def test_a_call_that_has_just_ended_stops_nothing(cloud: Cloud, closer: LookingCloser) -> None:
    many = rooms(cloud, 3)
    del cloud.calls["d:1"]
    assert told(await closer.look(many)) == ["d:0", "d:2"]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: Response(status_code=500),
        lambda: Response(status_code=429, headers={"retry-after": "5"}),
        lambda: refusal(17, 403),
        lambda: Response(b"<html>"),
        lambda: JSONResponse({"participants": [participant("*", "ana")], "total_participants": 1}),
    ],
)
async def test_a_failure_ends_the_round_and_keeps_the_list(
    cloud: Cloud, closer: LookingCloser, answer: Callable[[], Any], clock: FakeClock
) -> None:
    many = rooms(cloud, 3)
    cloud.answers = [answer]
    assert await closer.look(many) == many
    assert len(cloud.asked) == 1
    await clock.advance(60_000)
    await closer.look(many)
    assert "/d/1/" in cloud.asked[1].path, "the next one's turn"


async def test_a_slow_platform_is_not_waited_for(cloud: Cloud, closer: LookingCloser, clock: FakeClock) -> None:
    many = rooms(cloud, 3)

    def slow() -> Response:
        clock._elapsed_ms += 9_000
        return JSONResponse({"participants": [], "total_participants": 0})

    cloud.answers = [slow]
    assert told(await closer.look(many)) == ["d:0"]
