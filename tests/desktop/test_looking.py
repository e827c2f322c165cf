"""Which room a moderator looks at, as a real gateway hears it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QWidget

from moderator.client.commands import GatewayClient
from moderator.client.tokens import FixedToken
from moderator.desktop.looking import AGAIN_S, STAYS_S, Looking
from moderator.domain.events import ViewingEnded, ViewingStarted
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.viewing import SAID_AGAIN_MS
from moderator.http import HttpClient
from moderator.tasks import TaskScope
from tests.client.scripted_gateway import ScriptedGateway, answer, problem, scripted
from tests.fakes.builders import KEY, SOURCE, joined
from tests.fakes.desktop import MAYA, FakeStore, a_store
from tests.fakes.gateway import bearer, joined_in
from tests.fakes.orders import Desk
from tests.fakes.window import until

OTHER = RoomKey(SOURCE, RoomId("room-2"))
MAY_LOOK = replace(MAYA, features=("viewing",))


class Watcher:
    """A window with a room selected in it, at a gateway with two rooms."""

    def __init__(self, desk: Desk, store: FakeStore, looking: Looking, window: QWidget) -> None:
        self.desk, self.store, self.looking, self.window = desk, store, looking, window

    @property
    def looked_at(self) -> list[str]:
        rooms = [self.desk.gateway.ledger.room(key) for key in (KEY, OTHER)]
        return [room.room for room in rooms if room and room.viewers]

    async def look(self, key: RoomKey | None, ms: int = 1_500) -> None:
        self.looking.select(key)
        await self.store.time.advance(ms)


@pytest.fixture
async def window(qapp: QApplication) -> AsyncIterator[QWidget]:
    window = QWidget()
    window.show()
    window.activateWindow()
    await until(window.isActiveWindow)
    yield window
    window.hide()
    window.deleteLater()


@pytest.fixture
async def watcher(window: QWidget, tmp_path: Path) -> AsyncIterator[Watcher]:
    store = a_store(me=MAY_LOOK)
    async with Desk(tmp_path) as desk, TaskScope() as tasks:
        await desk.tell(joined("c1", desk.now), joined_in("room-2", "c2", desk.now))
        await desk.until(lambda: desk.known("room-2"))
        token = FixedToken(bearer().removeprefix("Bearer "))
        client = GatewayClient(f"http://127.0.0.1:{desk.address[1]}", token, desk.connections)
        looking = Looking(window, store, client, store.time)
        tasks.start("looking", looking.run())
        yield Watcher(desk, store, looking, window)
        await tasks.cancel()


async def test_a_room_that_stays_selected_is_looked_at(watcher: Watcher) -> None:
    await watcher.look(KEY)
    await until(lambda: watcher.looked_at == ["room-1"])
    await watcher.look(OTHER)
    await until(lambda: watcher.looked_at == ["room-2"])
    await watcher.look(None)
    await until(lambda: watcher.looked_at == [])


async def test_rooms_on_the_way_are_not(watcher: Watcher) -> None:
    await watcher.look(KEY, 1_400)
    await watcher.look(OTHER)
    await until(lambda: watcher.looked_at == ["room-2"])
    assert [one.room for one in await watcher.desk.logged(ViewingStarted)] == ["room-2"]


async def test_who_goes_on_looking_says_so_again(window: QWidget) -> None:
    store = a_store(me=MAY_LOOK)
    async with scripted(*[answer(200, {"seq": 1})] * 2) as gateway, HttpClient() as http, TaskScope() as tasks:
        looking = Looking(window, store, GatewayClient(gateway.url, FixedToken("t"), http), store.time)
        tasks.start("looking", looking.run())
        looking.select(KEY)
        await store.time.advance(1_500)
        await until(lambda: len(gateway.requests) == 1)
        await store.time.advance(299_999)
        assert len(gateway.requests) == 1
        await store.time.advance(1)
        await until(lambda: len(gateway.requests) == 2)
    assert [(one.method, one.path) for one in gateway.requests] == [("PUT", "/v1/rooms/clinic/room-1/viewing")] * 2


async def test_a_window_that_is_hidden_shows_nobody_anything(watcher: Watcher) -> None:
    await watcher.look(KEY)
    await until(lambda: watcher.looked_at)
    watcher.window.hide()
    await until(lambda: not watcher.looked_at)


async def test_the_end_of_the_program_is_told(watcher: Watcher) -> None:
    await watcher.look(KEY)
    await until(lambda: watcher.looked_at)
    await watcher.looking.leave()
    assert [one.room for one in await watcher.desk.logged(ViewingEnded)] == ["room-1"]


@pytest.mark.parametrize(
    "me", [None, MAYA, replace(MAY_LOOK, scopes=("rooms:read",))], ids=["unknown", "an older gateway", "no scope"]
)
async def test_who_may_not_say_it_does_not_try(watcher: Watcher, me: object) -> None:
    watcher.store.me = me  # type: ignore[assignment]
    await watcher.look(KEY, 10_000)
    assert watcher.looked_at == []
    watcher.store.signed_in(MAY_LOOK)
    await watcher.store.time.advance(1_500)
    await until(lambda: watcher.looked_at == ["room-1"])


async def test_a_gateway_that_does_not_know_the_room_is_borne(watcher: Watcher) -> None:
    await watcher.look(RoomKey(SOURCE, RoomId("gone")))
    await watcher.look(KEY)
    await until(lambda: watcher.looked_at == ["room-1"])


async def test_who_leaves_while_it_is_being_told_is_not_shown_after_all(window: QWidget) -> None:
    """That somebody left must not overtake that they came."""
    store, asked, leaving = a_store(me=MAY_LOOK), asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def slowly(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await leaving.wait()
        done.append("PUT")
        await answer(200, {"seq": 1})(writer)

    async def at_once(writer: asyncio.StreamWriter) -> None:
        done.append("DELETE")
        await answer(200, {"seq": 2})(writer)

    async with scripted(slowly, at_once) as gateway, HttpClient() as http, TaskScope() as tasks:
        looking = Looking(window, store, GatewayClient(gateway.url, FixedToken("t"), http), store.time)
        tasks.start("looking", looking.run())
        looking.select(KEY)
        await store.time.advance(1_500)
        await asked.wait()
        left = tasks.start("leave", looking.leave())
        await store.time.settle()
        leaving.set()
        await left
        assert done == ["PUT", "DELETE"]
        assert [one.method for one in gateway.requests] == ["PUT", "DELETE"]


async def until_answered(gateway: ScriptedGateway, count: int) -> None:
    await until(lambda: len(gateway.requests) == count and not gateway.open)


async def test_what_the_gateway_did_not_take_is_said_again_soon(window: QWidget) -> None:
    store = a_store(me=MAY_LOOK)
    acts = problem(503, "unavailable", "Not now."), answer(200, {"seq": 1})
    async with scripted(*acts) as gateway, HttpClient() as http, TaskScope() as tasks:
        looking = Looking(window, store, GatewayClient(gateway.url, FixedToken("t"), http), store.time)
        tasks.start("looking", looking.run())
        looking.select(KEY)
        for count, pause_s in enumerate((STAYS_S, AGAIN_S, SAID_AGAIN_MS / 1000), 1):
            await store.time.advance(round(pause_s * 1000) - 1)
            assert len(gateway.requests) == count - 1
            await store.time.advance(1)
            await until_answered(gateway, count)
