import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from moderator.client.link import Link
from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.alerts.hush import Hush
from moderator.desktop.alerts.interruptions import Interruptions
from moderator.desktop.alerts.notifications import Notifications, Notifier
from moderator.desktop.alerts.shown import ShownMemory
from moderator.desktop.alerts.system_notifier import SystemNotifier
from moderator.desktop.alerts.warning_watch import Notification
from moderator.desktop.orders.intents import Intent
from moderator.desktop.preferences import Preferences
from moderator.tasks import TaskScope
from tests.fakes.desktop import MAYA, FakeStore, a_room, a_warning
from tests.fakes.notification_server import NotificationServer, notification_server, private_bus

WARNED = a_room("cardio-14", left_s=47, warnings=[a_warning(60)])


@pytest.fixture
async def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[NotificationServer]:
    with private_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        async with notification_server(address) as server:
            yield server


@pytest.fixture
async def scope() -> AsyncIterator[TaskScope]:
    async with TaskScope() as scope:
        yield scope


def followed(
    store: FakeStore, folder: Path, scope: TaskScope, notifier: Notifier | None = None
) -> tuple[Notifications, ShownMemory]:
    memory, board = ShownMemory(folder), AlertBoard(store, store)
    hush = Hush(Preferences(folder / "window.ini"), store.now_ms, store.monotonic, store)
    interruptions = Interruptions(board, store, memory, hush, store)
    told = Notifications(board, store, interruptions, notifier or SystemNotifier(), store)
    told.start(scope)
    interruptions.start()
    return told, memory


async def test_a_warning_is_shown_until_it_is_no_longer_true(
    server: NotificationServer, store: FakeStore, tmp_path: Path, scope: TaskScope
) -> None:
    told, memory = followed(store, tmp_path, scope)
    store.show(WARNED)
    await server.until(lambda: [one.title for one in server.open] == ["cardio-14: 1 minute left"])
    store.change(replace(WARNED, warnings=(a_warning(60, by="ana"),)))
    await server.until(lambda: server.open == [])
    await told.close()
    memory.close()


async def test_a_restart_shows_nothing_again(
    server: NotificationServer, store: FakeStore, tmp_path: Path, scope: TaskScope
) -> None:
    store.show(WARNED)
    told, memory = followed(store, tmp_path, scope)
    await server.until(lambda: len(server.open) == 1)
    await told.close()
    memory.close()
    assert server.open == []
    again, memory = followed(store, tmp_path, scope)
    store.change(a_room("new", left_s=47, warnings=[a_warning(60)]))
    await server.until(lambda: len(server.open) == 1)
    assert [one.title for one in server.shown] == ["cardio-14: 1 minute left", "new: 1 minute left"]
    await again.close()
    memory.close()


async def test_a_button_is_a_wish(
    server: NotificationServer, store: FakeStore, tmp_path: Path, scope: TaskScope
) -> None:
    told, memory = followed(store, tmp_path, scope)
    wishes: list[Intent] = []
    told.wanted.connect(wishes.append)
    told.wanted.connect(lambda _: server.changed())
    store.show(WARNED)
    await server.until(lambda: len(server.open) == 1)
    await told.settled()
    server.press(server.open[0], "+5 min")
    await server.until(lambda: bool(wishes))
    assert wishes == [Intent(action="extend", room=WARNED.key)]
    await told.close()
    memory.close()


async def test_no_service_is_said_once_and_its_coming_too(
    store: FakeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: TaskScope
) -> None:
    said: list[str] = []
    with private_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        told, memory = followed(store, tmp_path, scope)
        told.status_changed.connect(said.append)
        store.show(WARNED)
        store.change(replace(WARNED, room="other"))
        await told.settled()
        assert said == ["No notification service"]
        async with notification_server(address) as server:
            store.change(replace(WARNED, room="third"))
            await server.until(lambda: len(server.open) == 1)
            await told.settled()
            assert said == ["No notification service", ""]
            await told.close()
    memory.close()


async def test_what_is_open_goes_also_after_the_task_has_ended(
    server: NotificationServer, store: FakeStore, tmp_path: Path
) -> None:
    async with TaskScope() as scope:
        told, memory = followed(store, tmp_path, scope)
        store.show(WARNED)
        await server.until(lambda: len(server.open) == 1)
        await told.settled()
        store.change(replace(WARNED, room="other"))  # ordered, and nobody left to carry it out
    await told.close()
    memory.close()
    assert (len(server.shown), server.open) == (1, [])


class Stuck:
    """A notifier whose service never answers."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.closed = False

    async def show(self, notification: Notification, pressed: Callable[[tuple[Intent, ...]], None]) -> None:
        self.asked.set()
        await asyncio.Event().wait()

    async def withdraw(self, id_: str) -> None:
        raise AssertionError("nothing was shown")

    async def close(self) -> None:
        self.closed = True


async def test_a_service_that_is_stuck_is_let_go_all_the_same(
    store: FakeStore, tmp_path: Path, scope: TaskScope
) -> None:
    stuck = Stuck()
    told, memory = followed(store, tmp_path, scope, stuck)
    store.show(WARNED)
    await stuck.asked.wait()
    await told.close()
    memory.close()
    assert stuck.closed


async def test_who_is_shut_out_is_shown_no_names_any_more(
    server: NotificationServer, store: FakeStore, tmp_path: Path, scope: TaskScope
) -> None:
    told, memory = followed(store, tmp_path, scope)
    for link in (Link("signed_out", "sign in"), Link("forbidden", "not with this token")):
        store.show(a_room(link.state, left_s=47, warnings=[a_warning(60)]))
        await server.until(lambda: len(server.open) == 1)
        store.link_changed(link)
        await server.until(lambda: server.open == [])
        store.link_changed(Link("live", "connected"))
    store.show(WARNED)
    await server.until(lambda: len(server.open) == 1)
    store.signed_in(replace(MAYA, id="leo"))
    await server.until(lambda: server.open == [])
    await told.close()
    memory.close()
