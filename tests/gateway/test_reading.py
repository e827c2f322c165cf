"""Rooms, timelines, who am I, what time is it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import moderator
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.gateway.reading import TIMELINE_PAGE
from tests.fakes.builders import DAY, ROOM, an_entry, joined, left, room_ended
from tests.fakes.gateway import GatewayInProcess, bearer, joined_in, room_path

HOUR = RoomType(name="visit", duration_ms=60 * MINUTE_MS)
STRANGE = ["a/end", "..", ".", "a b", "~x", "?q#f", "%2F", "a\nb", "é", "𝄞" * 1_000, "2_MX4x", "call:7", "x@y"]


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path, HOUR) as gateway:
        yield gateway


async def test_me(gateway: GatewayInProcess) -> None:
    token = bearer(["rooms:read", "policy:hold"], rooms=["clinic/*"], name="maya")
    me = (await gateway.order("GET", "/v1/me", Authorization=token)).json()
    assert (me["id"], me["scopes"], me["rooms"]) == ("maya", ["policy:hold", "rooms:read"], ["clinic/*"])
    assert me["version"] == moderator.__version__
    assert "extend" in me["features"]


async def test_time(gateway: GatewayInProcess) -> None:
    await gateway.advance(1_234)
    assert (await gateway.order("GET", "/v1/time")).json() == {"now": DAY + 1_234}


async def test_rooms(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY, user="u1"), joined_in("other", "c2", DAY))
    answer = (await gateway.order("GET", "/v1/rooms")).json()
    assert [room["room"] for room in answer["rooms"]] == ["other", ROOM]
    assert answer["seq"] == gateway.gateway.ledger.state.seq
    assert [source["source"] for source in answer["sources"]] == ["clinic"]
    assert answer["hold"] is None
    assert answer["rooms"][1]["deadline"]["ends_at"] == DAY + 60 * MINUTE_MS
    assert "'platform'" not in str(answer), "what only the provider has to know"


async def test_a_hold_is_told_beside_the_rooms(gateway: GatewayInProcess) -> None:
    await gateway.order("PUT", "/v1/enforcement/hold", {"reason": "a drill"})
    hold = (await gateway.order("GET", "/v1/rooms")).json()["hold"]
    assert (hold["since"], hold["reason"]) == (DAY, "a drill")


async def test_rooms_are_those_that_the_token_may_see(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY), joined_in("other", "c2", DAY))
    answer = (await gateway.order("GET", "/v1/rooms", Authorization=bearer(rooms=["clinic/oth*"]))).json()
    assert [room["room"] for room in answer["rooms"]] == ["other"]
    answer = (await gateway.order("GET", "/v1/rooms", Authorization=bearer(rooms=["school/*"]))).json()
    assert (answer["rooms"], answer["sources"]) == ([], [])


async def test_a_room_that_ended_is_listed_for_five_minutes(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY), room_ended(DAY + 1))
    assert len((await gateway.order("GET", "/v1/rooms")).json()["rooms"]) == 1
    await gateway.advance(5 * MINUTE_MS + 1)
    assert (await gateway.order("GET", "/v1/rooms")).json()["rooms"] == []
    assert (await gateway.order("GET", room_path())).json()["state"] == "ended"


@pytest.mark.parametrize("room", STRANGE, ids=lambda room: room[:6].encode("unicode_escape").decode())
async def test_any_id_of_a_room_can_be_asked_for(gateway: GatewayInProcess, room: str) -> None:
    await gateway.tell(joined_in(room, "c1", DAY))
    answer = await gateway.order("GET", room_path(room))
    assert answer.status_code == 200, answer.text
    assert answer.json()["room"] == room
    events = (await gateway.order("GET", f"{room_path(room)}/events")).json()["events"]
    assert {event["room"] for event in events} == {room}


@pytest.mark.parametrize(
    "path", ["/v1/rooms/clinic/~", "/v1/rooms/clinic/~%21", "/v1/rooms/clinic/a%20b", "/v1/rooms/clinic"]
)
async def test_what_is_no_id(gateway: GatewayInProcess, path: str) -> None:
    answer = await gateway.order("GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_timeline_comes_in_pages(gateway: GatewayInProcess) -> None:
    expected = []
    for number in range(0, TIMELINE_PAGE + 100, 2):
        events = [joined(f"c{number}", DAY + number), joined(f"c{number + 1}", DAY + number)]
        await gateway.log.append(an_entry(*events))
        expected += [event.id for event in events]
    await gateway.clock.settle()
    found: list[str] = []
    pages, after, more = 0, 0, True
    while more:
        page = await gateway.timeline(after=after)
        found += [event["id"] for event in page["events"] if event["kind"] == "participant_joined"]
        pages, after, more = pages + 1, page["events"][-1]["seq"], page["more"]
    assert found == expected
    assert pages == 2


async def test_an_entry_is_never_cut_in_two(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c0", DAY))
    events = [joined(f"c{number}", DAY + number) for number in range(1, TIMELINE_PAGE + 200)]
    await gateway.log.append(an_entry(*events))
    await gateway.clock.settle()
    first = await gateway.timeline()
    rest = await gateway.timeline(after=first["events"][-1]["seq"]) if first["more"] else {"events": []}
    kinds = [event["id"] for event in first["events"] + rest["events"] if event["kind"] == "participant_joined"]
    assert len(kinds) == TIMELINE_PAGE + 200


async def test_a_timeline_of_one_instance(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY), left("c1", DAY + 1), room_ended(DAY + 2))
    await gateway.advance(1_000)
    await gateway.tell(joined("c2", DAY + 1_000))
    instance = gateway.room.instance
    assert instance == str(DAY + 2)
    second = (await gateway.timeline(instance=instance))["events"]
    first = (await gateway.timeline(instance="0"))["events"]
    assert [event["kind"] for event in second] == ["participant_joined", "deadline_set"]
    assert len(first) + len(second) == len((await gateway.timeline())["events"])


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "\uff19", "9" * 30])
async def test_a_position_that_is_none(gateway: GatewayInProcess, after: str) -> None:
    await gateway.tell(joined("c1", DAY))
    answer = await gateway.http.get(f"{room_path()}/events", params={"after": after})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_after")


async def test_a_timeline_shows_refused_decisions_as_such(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY))
    path = f"{room_path()}/warnings/9-9/acknowledge"
    assert (await gateway.order("POST", path)).status_code == 404
    assert (await gateway.timeline())["events"][-1]["kind"] == "decision_refused"
