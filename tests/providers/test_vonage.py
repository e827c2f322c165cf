"""Vonage with a whole gateway around it: what went wrong in older samples of such moderation must not happen here."""

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, Self

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.events import Event, ProviderEventUnknown
from moderator.domain.fold import fold
from moderator.domain.rooms import Room
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.domain.state import State
from moderator.gateway.config import SourceConfig
from moderator.providers.vonage import VonageProvider
from tests.fakes.builders import SOURCE, an_entry
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import WEBHOOK, GatewayInProcess, participant_path, room_path
from tests.providers.vonage.cloud import Cloud
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
    vonage_options,
)

VISIT: Final = RoomType(
    name="visit", duration_ms=60 * MINUTE_MS, starts="second_person", max_people=2, mode="enforce", warn_ms=(MINUTE_MS,)
)

RARELY: Final = 10 * MINUTE_MS


class Clinic:
    """A gateway, and the cloud that it talks to without a socket. Both live in the test's time."""

    def __init__(self, gateway: GatewayInProcess, cloud: Cloud) -> None:
        self.gateway = gateway
        self.cloud = cloud

    @property
    def room(self) -> Room:
        found = self.gateway.known(SESSION)
        assert found is not None
        return found

    def here(self) -> list[str]:
        return [one.user or one.id for one in self.room.here()]

    async def hears(self, *bodies: dict[str, Any]) -> None:
        """The platform tells of these; its list knows nothing of them."""
        for body in bodies:
            raw = json.dumps(body).encode()
            headers = VonageProvider.sign(vonage_options(), {}, raw)
            answer = await self.gateway.http.post(WEBHOOK, content=raw, headers=dict(headers))
            assert answer.status_code == 200, answer.text
            await self.gateway.clock.settle()

    async def happens(self, *bodies: dict[str, Any]) -> None:
        """On the platform, which tells of it."""
        for body in bodies:
            people = self.cloud.sessions.setdefault(SESSION, {})
            match body["event"]:
                case "connectionCreated":
                    people[body["connection"]["id"]] = body["connection"]["createdAt"]
                case "connectionDestroyed":
                    people.pop(body["connection"]["id"], None)
            await self.hears(body)

    def removed(self) -> list[str]:
        """Whom the gateway had disconnected, in order."""
        return [path.rpartition("/")[2] for path in self.cloud.paths("DELETE")]


class InProcess(GatewayInProcess):
    """What it asks the platform goes to the cloud without a socket, whose time would not be the test's."""

    def __init__(self, folder: Path, cloud: Cloud, *types: RoomType, reconcile_ms: int) -> None:
        source = SourceConfig(SOURCE, VonageProvider, "vonage", vonage_options(), reconcile_ms, 1000)
        super().__init__(folder, *types, clock=FakeClock(BEGIN + 1_000), source=source)
        self._cloud = cloud

    async def start(self) -> Self:
        http = self.gateway.sources[SOURCE].http
        await http._client.aclose()
        http._client = httpx.AsyncClient(transport=httpx.ASGITransport(self._cloud.app()))
        return await super().start()


@asynccontextmanager
async def clinic(
    folder: Path, *types: RoomType, cloud: Cloud | None = None, reconcile_ms: int = 30_000
) -> AsyncIterator[Clinic]:
    cloud = cloud or Cloud(verify_times=False)
    async with InProcess(folder, cloud, *types, reconcile_ms=reconcile_ms) as gateway:
        yield Clinic(gateway, cloud)


# --- the older samples -----------------------------------------------------------------------------------------------


async def test_duplicate_delivery_does_not_kick_the_legitimate_second_user(tmp_path: Path) -> None:
    async with clinic(tmp_path, VISIT) as at:
        ana, bob = created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob")
        await at.happens(ana, ana, ana, bob, bob)
        await at.gateway.advance(10_000)
        assert (at.here(), at.removed()) == (["ana", "bob"], [])


async def test_the_third_person_is_removed_and_nobody_else(tmp_path: Path) -> None:
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"), created("c3", BEGIN + 9, "eve"))
        assert at.removed() == ["c3"]
        await at.gateway.advance(10_000)
        assert at.here() == ["ana", "bob"], "its list showed it, although no webhook came"
        assert at.gateway.read("disconnect_confirmed")


async def test_a_second_connection_of_somebody_is_no_third_person(tmp_path: Path) -> None:
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"), created("c3", BEGIN + 9, "ana"))
        await at.gateway.advance(10_000)
        assert (at.room.people, at.removed()) == (2, [])


async def test_a_join_does_not_restart_the_clock(tmp_path: Path) -> None:
    async with clinic(tmp_path, VISIT, reconcile_ms=RARELY) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 500, "bob"))
        deadline = at.room.deadline
        assert deadline is not None
        assert deadline.ends_at == BEGIN + 500 + 60 * MINUTE_MS
        await at.gateway.advance(59 * MINUTE_MS)
        late = BEGIN + 59 * MINUTE_MS
        await at.happens(destroyed("c2", late, BEGIN + 500), created("c4", late + 5, "bob"))
        assert at.room.deadline is not None
        assert at.room.deadline.ends_at == deadline.ends_at
        await at.gateway.advance(2 * MINUTE_MS)
        assert sorted(at.removed()) == ["c1", "c4"], "each once, whatever was left running by earlier joins"


async def test_everybody_leaving_breaks_nothing(tmp_path: Path) -> None:
    async with clinic(tmp_path, VISIT, reconcile_ms=RARELY) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        await at.happens(
            destroyed("c1", BEGIN + 900), destroyed("c2", BEGIN + 950), event("sessionDestroyed", BEGIN + 999)
        )
        await at.gateway.advance(9 * MINUTE_MS)
        assert (at.room.state, at.room.people) == ("live", 0)
        await at.gateway.advance(2 * MINUTE_MS)
        assert at.room.state == "ended"
        await at.gateway.advance(60 * MINUTE_MS)
        assert at.removed() == []


async def test_destroyed_before_created_leaves_no_ghost(tmp_path: Path) -> None:
    async with clinic(tmp_path, VISIT) as at:
        await at.hears(destroyed("c1", BEGIN + 900), created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        assert at.here() == ["bob"]


async def test_an_event_for_an_unknown_session_after_a_restart_is_no_fault(tmp_path: Path) -> None:
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"))
    async with clinic(tmp_path, VISIT, cloud=at.cloud) as at:
        assert at.here() == ["ana"]
        other = {**event("streamDestroyed", BEGIN + 800), "stream": stream("streamDestroyed", "s", "c9")["stream"]}
        await at.hears({**other, "sessionId": "another"}, {**created("c7"), "sessionId": "2_others", "projectId": "5"})
        (notice,) = await at.gateway.logged(ProviderEventUnknown)
        assert isinstance(notice.data, ProviderEventUnknown)
        assert notice.data.problem == "an event of another project"


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
