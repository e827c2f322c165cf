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


@pytest.mark.parametrize(
    ("answers", "asked"),
    [([refusal(4, 400)] * 3, 3), ([Response(status_code=405)], 1), ([Response(status_code=404)], 1)],
)
async def test_a_platform_that_does_not_know_the_question_is_not_asked_again(
    cloud: Cloud, closer: LookingCloser, answers: list[Any], asked: int
) -> None:
    cloud.answers = [*answers]
    assert told(await closer.look(rooms(cloud, 4))) == []
    assert told(await closer.look(rooms(cloud, 4))) == []
    assert len(cloud.asked) == asked


async def test_one_odd_call_takes_nothing_from_the_others(cloud: Cloud, closer: LookingCloser) -> None:
    many = rooms(cloud, 2)
    odd = cloud.odd = {"d:odd"}
    many.insert(0, listed(cloud, "d:odd"))
    for _ in range(5):
        assert told(await closer.look(many)) == ["d:0", "d:1"]
        assert told(await closer.look(many[:1])) == [], "the same call again is no other call"
    odd.clear()
    assert told(await closer.look(many)) == ["d:odd", "d:0", "d:1"], "and it is asked for still"


async def test_rejections_count_that_come_one_after_the_other(cloud: Cloud, closer: LookingCloser) -> None:
    cloud.odd = {"d:1", "d:2", "d:4"}
    many = [*rooms(cloud, 5)]
    assert told(await closer.look(many)) == ["d:0", "d:3"]
    cloud.odd = set()
    assert told(await closer.look(many)) == [one.room for one in many]


async def test_one_large_call_that_is_odd_takes_nothing_from_the_others(cloud: Cloud, closer: LookingCloser) -> None:
    """Though it goes first each time."""
    cloud.odd = {"d:odd"}
    many = [*rooms(cloud, 2), listed(cloud, "d:odd", complete=False)]
    assert told(await closer.look(many)) == ["d:0", "d:1"]
    cloud.odd = set()
    cloud.answers = [Response(b"<html>")]
    assert told(await closer.look(many)) == ["d:0", "d:1"]


async def test_one_room_is_looked_at_whosever_turn_it_is(
    monkeypatch: pytest.MonkeyPatch, cloud: Cloud, closer: LookingCloser
) -> None:
    monkeypatch.setattr("moderator.providers.stream.looking_closer.MAX_ROOMS", 1)
    many = rooms(cloud, 3)
    assert told([await closer.look_at(many[2])]) == ["d:2"]
    assert told(await closer.look(many)) == ["d:0"], "which takes no turn"


async def test_what_was_learned_before_a_failure_is_kept(cloud: Cloud, closer: LookingCloser) -> None:
    room = listed(cloud, "d:1", complete=False)
    everybody = {"participants": [participant("b", "bob")], "total_participants": 2}
    pause = Response(status_code=429, headers={"retry-after": "0"})
    for look in (closer.look_at(room), closer.look([room])):
        cloud.answers = [JSONResponse(everybody), pause]
        found = await look
        (one,) = found if isinstance(found, list) else [found]
        assert ([who.participant for who in one.participants], one.complete) == (["a", "b"], True)
        assert told([one]) == []


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


@pytest.mark.parametrize(
    "answer",
    [
        Response(b"<html>"),
        JSONResponse({"participants": [{"user": "ana"}], "total_participants": 1}),
        refusal(16, 404),
        refusal(4, 400),
    ],
)
async def test_what_is_of_one_call_ends_no_round(cloud: Cloud, closer: LookingCloser, answer: Response) -> None:
    cloud.answers = [answer]
    assert told(await closer.look(rooms(cloud, 3))) == ["d:1", "d:2"]


async def test_a_slow_platform_is_not_waited_for(cloud: Cloud, closer: LookingCloser, clock: FakeClock) -> None:
    many = rooms(cloud, 3)

    def slow() -> Response:
        clock._elapsed_ms += 9_000
        return JSONResponse({"participants": [], "total_participants": 0})

    cloud.answers = [slow]
    assert told(await closer.look(many)) == ["d:0"]
