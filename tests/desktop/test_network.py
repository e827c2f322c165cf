"""A window's connection to a real gateway, on Qt's loop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from moderator.client.errors import GatewayError
from moderator.client.me import Me
from moderator.client.tokens import FixedToken
from moderator.clock import SystemClock
from moderator.desktop import network as network_module
from moderator.desktop.live_store import LiveStore, OwnTime
from moderator.desktop.network import Network
from moderator.domain.events import ParticipantJoined
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.settings import RoomType
from moderator.gateway import reading
from moderator.tasks import TaskScope
from tests.fakes.builders import KEY, ROOM, SOURCE, joined, left
from tests.fakes.gateway import GatewayServed, bearer, joined_in

VISIT = RoomType(name="visit", duration_ms=3_600_000, mode="enforce")


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.002)


@contextlib.asynccontextmanager
async def opened(gateway: GatewayServed, words: str = "", **token: Any) -> AsyncIterator[tuple[Network, LiveStore]]:
    """A window's store and its network, started."""
    clock = SystemClock()
    store = LiveStore(OwnTime(clock), clock)
    words = words or bearer(**token).removeprefix("Bearer ")
    network = await Network.open(f"http://127.0.0.1:{gateway.address[1]}", FixedToken(words), store, clock)
    async with TaskScope() as tasks:
        network.start(tasks)
        yield network, store
    await network.aclose()


@pytest.fixture
async def gateway(qapp: QApplication, tmp_path: Path) -> AsyncIterator[GatewayServed]:
    """With one person in one room."""
    async with GatewayServed(tmp_path, VISIT) as gateway:
        await gateway.tell(joined("p", gateway.clock.now_ms(), name="Bill"))
        await gateway.until_read()
        yield gateway


async def test_picture_name_and_time_arrive(gateway: GatewayServed) -> None:
    async with opened(gateway, name="Maya") as (_, store):
        await until(lambda: store.ready and store.me and store.clock_error_ms is not None)
        assert store.link.state == "live"
        assert [one.name for one in store.rooms()[0].here()] == ["Bill"]
        assert store.me is not None
        assert (store.me.name, "rooms:extend" in store.me.scopes) == ("Maya", True)
        assert list(store.sources) == [SOURCE]
        assert store.freshness == "fresh"
        error_ms = store.clock_error_ms
        assert error_ms is not None
        # The gateway is in this process, so its clock is ours; a few milliseconds pass between the two looks.
        assert abs(store.now_ms() - gateway.clock.now_ms()) <= error_ms + 100


async def test_what_happens_is_told(gateway: GatewayServed) -> None:
    async with opened(gateway) as (_, store):
        await until(lambda: store.ready)
        second = RoomKey(SOURCE, RoomId("room-2"))
        told: list[RoomKey] = []
        kinds: list[str] = []
        store.replaced.connect(lambda: kinds.append("replaced"))
        store.rooms_updated.connect(told.extend)
        store.events_arrived.connect(lambda events: kinds.extend(one.kind for one in events))
        await until(lambda: "replaced" in kinds)
        await gateway.tell(joined_in("room-2", "q", gateway.clock.now_ms()))
        await until(lambda: {"deadline_set", "participant_joined"} <= set(kinds))
        assert second in told
        assert sorted(room.room for room in store.rooms()) == [ROOM, "room-2"]


async def test_a_timeline_of_many_pages_is_whole(gateway: GatewayServed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TIMELINE_PAGE", 5)
    now = gateway.clock.now_ms()
    for number in range(12):
        await gateway.send(joined(f"p{number}", now + number))
    await gateway.until_read()
    async with opened(gateway) as (network, _):
        events = await network.timeline(KEY, "0")
        joins = [one.data.participant for one in events if isinstance(one.data, ParticipantJoined)]
        assert joins == ["p", *(f"p{number}" for number in range(12))]
        assert len({one.id for one in events}) == len(events) > 12
        assert [one.seq for one in events] == sorted(one.seq for one in events)
        monkeypatch.setattr(network_module, "LONGEST_HISTORY", 3)
        assert await network.timeline(KEY, "0") == events[-3:]
        assert await network.timeline(KEY, "another") == []
        with pytest.raises(GatewayError, match="no such"):
            await network.timeline(RoomKey(SOURCE, RoomId("nowhere")), "0")


async def test_a_token_that_is_refused_is_said_and_asks_nothing_more(gateway: GatewayServed) -> None:
    async with opened(gateway, "no-token-of-ours") as (_, store):
        await until(lambda: store.link.state == "signed_out")
        assert (store.ready, store.me) == (False, None)


async def test_a_gateway_that_comes_back_is_found_again(gateway: GatewayServed) -> None:
    async with opened(gateway) as (network, store):
        await until(lambda: store.ready)
        network_states: list[str] = []
        store.link_updated.connect(lambda link: network_states.append(link.state))
        broadcast = gateway.gateway.broadcast
        broadcast.close()  # ends every feed, as a restart does
        await until(lambda: "reconnecting" in network_states)
        broadcast.closed = False
        network.retry()
        await until(lambda: network_states[-1] == "live")
        await gateway.tell(left("p", gateway.clock.now_ms()))
        await until(lambda: not store.rooms()[0].here())


async def test_a_gateway_that_was_updated_is_asked_anew_what_it_can(
    gateway: GatewayServed, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = reading.FEATURES
    monkeypatch.setattr(reading, "FEATURES", ("extend",))
    async with opened(gateway) as (network, store):
        await until(lambda: store.me and store.link.state == "live")
        told: list[Me] = []
        store.me_updated.connect(told.append)
        for features in (("extend",), newer):
            monkeypatch.setattr(reading, "FEATURES", features)
            gateway.gateway.broadcast.close()
            await until(lambda: store.link.state == "reconnecting")
            gateway.gateway.broadcast.closed = False
            network.retry()
            await until(lambda: store.link.state == "live")
        await until(lambda: told)
        assert [me.features for me in told] == [tuple(newer)]
