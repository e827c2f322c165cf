"""Everything by which somebody is reached, as the window has it."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.alerts.alerts_panel import AlertsPanel
from moderator.desktop.alerts.heard import VOLUME
from moderator.desktop.alerts.reach import Reach
from moderator.desktop.alerts.shown import ShownMemory
from moderator.desktop.preferences import Preferences
from moderator.desktop.theme.look import Look
from moderator.domain.rooms import Person
from moderator.tasks import TaskScope
from tests.fakes.desktop import FakeStore, a_room, a_warning
from tests.fakes.notification_server import notification_server, private_bus
from tests.fakes.window import until

WARNED = a_room("cardio-14", left_s=47, warnings=[a_warning(60)], owner=Person("maya", "Maya"))


@contextlib.asynccontextmanager
async def begun(store: FakeStore, look: Look, folder: Path) -> AsyncIterator[tuple[Reach, AlertsPanel]]:
    panel = AlertsPanel(store, look, KeyBindings())
    panel.show()
    async with TaskScope() as scope:
        reach = Reach(panel, store, Preferences(folder / "window.ini"), ShownMemory(folder), scope, panel)
        panel.follow(reach.hush)
        await reach.start()
        try:
            yield reach, panel
        finally:
            await reach.close()
            panel.hide()


def read(panel: AlertsPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


async def test_a_warning_flashes_the_taskbar_and_what_is_missing_is_said(
    store: FakeStore, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This machine has neither a service for notifications nor an audio device."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    flashed: list[object] = []
    monkeypatch.setattr(QApplication, "alert", flashed.append)
    async with begun(store, look, tmp_path) as (reach, panel):
        said: list[str] = []
        reach.status_changed.connect(said.append)
        focused = QApplication.focusWidget()
        store.show(WARNED)
        await until(lambda: reach.notification_status)
        assert flashed == [panel.window()]
        assert said[-1].startswith("No notification service")
        assert QApplication.focusWidget() is focused


async def test_a_test_warning_goes_every_way(
    store: FakeStore, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with private_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        async with notification_server(address) as server, begun(store, look, tmp_path) as (reach, panel):
            store_of_volume = Preferences(tmp_path / "window.ini")
            assert store_of_volume.get(VOLUME) == 60
            reach.play_test()
            await server.until(lambda: [one.title for one in server.open] == ["Test: no room is meant"])
            await until(lambda: "playing" not in reach.rehearsal.findings and "asking" not in reach.rehearsal.findings)
            assert reach.rehearsal.findings in read(panel)
            assert "Notification: the system has taken it." in reach.rehearsal.findings
            store.time.elapse(60_001)
            store.hear()
            reach.tick()
            await server.until(lambda: server.open == [])


async def test_that_it_is_quiet_stands_below_the_alerts(store: FakeStore, look: Look, tmp_path: Path) -> None:
    async with begun(store, look, tmp_path) as (reach, panel):
        assert not any(text.startswith("Muted") for text in read(panel))
        reach.hush.toggle_mute()
        assert any(text.startswith("Muted until ") for text in read(panel))
