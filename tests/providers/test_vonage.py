"""Vonage with a whole gateway around it. What older samples got wrong is in `tests/reference_faults`."""

import itertools
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.events import Event, RoomEndFailed
from moderator.domain.fold import fold
from moderator.domain.settings import MINUTE_MS
from moderator.domain.state import State
from tests.fakes.builders import SOURCE, an_entry
from tests.fakes.gateway import WEBHOOK, participant_path, room_path
from tests.providers.vonage.clinic import VISIT, clinic
from tests.providers.vonage.made import (
    APPLICATION,
    BEGIN,
    SESSION,
    connection,
    created,
    destroyed,
    event,
    fixture,
    folded,
    parse,
    room_of,
    stream,
)

# --- this platform ---------------------------------------------------------------------------------------------------


async def test_an_unsigned_delivery_is_refused_and_noted(tmp_path: Path) -> None:
    async with clinic(tmp_path) as at:
        answer = await at.gateway.http.post(WEBHOOK, json=created("c1"))
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
        assert at.gateway.known(SESSION) is None


async def test_a_rotation_of_servers_goes_on_with_the_appointment(tmp_path: Path) -> None:
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        before = at.room
        await at.gateway.advance(30 * MINUTE_MS)
        now = BEGIN + 30 * MINUTE_MS
        at.cloud.sessions.clear()
        await at.hears(event("sessionDestroyed", now, reason="serverRotation"))
        assert at.room.people == 0
        await at.happens(created("c3", now + 400, "ana"), created("c4", now + 500, "bob"))
        await at.gateway.advance(60_000)
        assert (at.here(), at.room.instance, at.room.deadline) == (["ana", "bob"], before.instance, before.deadline)
        assert at.removed() == []


async def test_who_is_in_the_list_and_unknown_is_shown_until_a_webhook_names_them(tmp_path: Path) -> None:
    async with clinic(tmp_path) as at:
        await at.happens(created("c1", BEGIN, "ana"))
        at.cloud.sessions[SESSION]["c2"] = BEGIN + 500
        await at.gateway.advance(31_000)
        assert [(one.user, one.joined_at - BEGIN) for one in at.room.here()] == [("ana", 0), ("", 500)]
        await at.hears(created("c2", BEGIN + 500, "bob"))
        assert [(one.user, one.joined_at - BEGIN) for one in at.room.here()] == [("ana", 0), ("bob", 500)]


async def test_a_lost_leave_is_found_in_the_list(tmp_path: Path) -> None:
    async with clinic(tmp_path) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        del at.cloud.sessions[SESSION]["c1"]
        await at.gateway.advance(29_000)
        assert at.here() == ["ana", "bob"], "who just came may not be listed yet"
        await at.gateway.advance(35_000)
        assert at.here() == ["bob"]
        at.cloud.sessions.clear()
        await at.gateway.advance(65_000)
        assert at.room.people == 0, "a session that the platform does not know has nobody in it"


async def test_a_session_that_nobody_lists_costs_nobody_their_place(tmp_path: Path) -> None:
    async with clinic(tmp_path) as at:
        at.cloud.has_lists = False
        await at.hears(created("c1", BEGIN, "ana"))
        await at.gateway.advance(5 * MINUTE_MS)
        assert at.here() == ["ana"]
        status = at.gateway.gateway.sources[SOURCE].status()
        assert (status.state, status.detail) == ("live", "This platform has no such call.")
        await at.hears(destroyed("c1", BEGIN + 5 * MINUTE_MS))
        await at.gateway.advance(11 * MINUTE_MS)
        assert at.room.state == "ended"


async def test_orders(tmp_path: Path) -> None:
    async with clinic(tmp_path) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        await at.hears(stream("streamCreated", "s1", "c1"), stream("streamCreated", "s2", "c2", video=None))
        order = at.gateway.order
        answer = await order("POST", f"{participant_path('c1', SESSION)}/mute")
        assert answer.status_code == 202, "a camera carries sound too"
        answer = await order("POST", f"{room_path(SESSION)}/streams/s1/stop")
        assert (answer.status_code, "Vonage has no such call" in answer.text) == (409, True)
        await order("POST", f"{room_path(SESSION)}/message", {"text": "hello"})
        answer = await order(
            "POST", f"{participant_path('c2', SESSION)}/disconnect", {"reason": "conduct", "block": True}
        )
        assert (answer.status_code, answer.json()["rejoin"]) == (202, "blocked_by_gateway")
        await at.gateway.advance(5_000)
        asked = [path.removeprefix(f"/v2/project/{APPLICATION}/session/{SESSION}") for path in at.cloud.paths("POST")]
        assert asked == ["/stream/s1/mute", "/signal"]
        assert at.gateway.read("disconnect_confirmed")
        await at.happens(created("c3", BEGIN + 6_000, "bob"))
        assert at.removed() == ["c2", "c3"], "a kick is no ban: the gateway sees to that"
        await order("POST", f"{room_path(SESSION)}/end", {"reason": "other"})
        await at.gateway.advance(5_000)
        assert at.cloud.sessions[SESSION] == {}
        assert at.gateway.read("room_end_confirmed")


@pytest.mark.parametrize("status", [404, 405])
async def test_a_room_is_ended_without_lists(tmp_path: Path, status: int) -> None:
    async with clinic(tmp_path) as at:
        at.cloud.has_lists, at.cloud.without_lists = False, status
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        await at.gateway.advance(2 * MINUTE_MS)
        assert at.here() == ["ana", "bob"], "no list is no proof that they left"
        await at.gateway.order("POST", f"{room_path(SESSION)}/end", {"reason": "other"})
        assert (at.removed(), at.cloud.sessions[SESSION]) == (["c1", "c2"], {})
        await at.gateway.advance(1_000)
        assert not at.gateway.read("room_end_confirmed"), "accepted is not done"
        now = BEGIN + 2 * MINUTE_MS
        await at.hears(destroyed("c1", now), destroyed("c2", now))
        assert at.gateway.read("room_end_confirmed")
        await at.gateway.advance(11 * MINUTE_MS)
        assert at.room.state == "ended", "no list is waited for"


@pytest.mark.parametrize("status", [404, 405])
async def test_an_end_that_nothing_shows_is_no_success(tmp_path: Path, status: int) -> None:
    async with clinic(tmp_path) as at:
        at.cloud.has_lists, at.cloud.without_lists = False, status
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        await at.gateway.order("POST", f"{room_path(SESSION)}/end", {"reason": "other"})
        await at.gateway.advance(MINUTE_MS)
        (failed,) = await at.gateway.logged(RoomEndFailed)
        assert isinstance(failed.data, RoomEndFailed)
        assert failed.data.why.startswith("2 of 2 are still there: ")
        assert at.here() == ["ana", "bob"]


# --- any order -------------------------------------------------------------------------------------------------------

SEQUENCE: Final = fixture("webhooks/sequences/in_order.json")
IN_SESSION: Final = SEQUENCE[0]["sessionId"]


def picture(state: State) -> object:
    room = room_of(state, IN_SESSION)
    return room.participants, room.people, room.started_at, room.state, room.instance


def test_a_whole_session() -> None:
    room = room_of(folded(*SEQUENCE), IN_SESSION)
    found = [(one.user, one.role, one.state, one.joined_at - BEGIN) for one in room.participants]
    expected = [
        ("u-17", "student", "left", 143),
        ("u-2", "teacher", "here", 61_000),
        ("u-17", "student", "here", 124_800),
    ]
    assert (found, room.people) == (expected, 2)


def test_every_order_of_a_session_gives_the_same() -> None:
    events: list[list[Event]] = [parse(body) for body in SEQUENCE]
    expected = picture(folded(*SEQUENCE))
    now = BEGIN + 3_600_000
    for order in itertools.permutations(range(len(events))):
        state = State()
        for seq, number in enumerate(order, start=1):
            if events[number]:
                fold(state, an_entry(*events[number], seq=seq, recorded_at=now, key=seq))
        assert picture(state) == expected, order


@given(extra=st.lists(st.sampled_from(range(len(SEQUENCE)))), random=st.randoms(use_true_random=False))
def test_duplicates_in_any_order_give_the_same(extra: list[int], random: Any) -> None:
    bodies = [*SEQUENCE, *(SEQUENCE[number] for number in extra)]
    random.shuffle(bodies)
    assert picture(folded(*bodies)) == picture(folded(*SEQUENCE))


ROTATED: Final = [
    created("c1", BEGIN, "ana"),
    event("connectionCreated", BEGIN + 150, connection=connection("c2", BEGIN + 5, "")),
    stream("streamCreated", "s1", "c1", BEGIN + 90),
    destroyed("c1", BEGIN + 60_000),
    event("sessionDestroyed", BEGIN + 60_500, reason="serverRotation"),
    created("c3", BEGIN + 62_000, "ana"),
    stream("streamCreated", "s2", "c3", BEGIN + 63_000, since=BEGIN + 62_000),
]


@pytest.mark.parametrize("first", range(len(ROTATED)))
def test_every_order_of_a_rotation_gives_the_same(first: int) -> None:
    others = [body for number, body in enumerate(ROTATED) if number != first]
    room = room_of(folded(*ROTATED))
    assert [(one.id, one.state) for one in room.participants] == [("c1", "left"), ("c2", "left"), ("c3", "here")]
    for order in itertools.permutations(others):
        assert room_of(folded(ROTATED[first], *order)).participants == room.participants
