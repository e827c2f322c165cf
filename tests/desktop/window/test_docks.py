"""Panels that are moved, put away, locked and remembered, in a real window."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRect, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QToolButton

from moderator.desktop.preferences import Preferences
from moderator.desktop.theme.look import Look
from moderator.desktop.window.docks import LOCKED, STATE, Docks, is_reachable
from tests.fakes.desktop import a_store
from tests.fakes.window import CALM, CROWDED, NEXT, OpenWindow, has_focus, opened, until

FREE, BESIDE = QDockWidget.DockWidgetFeature.DockWidgetMovable, Qt.DockWidgetArea.LeftDockWidgetArea


@pytest.fixture
async def open_(look: Look, tmp_path: Path) -> AsyncIterator[OpenWindow]:
    async with opened(a_store(CALM, NEXT, CROWDED), look, tmp_path) as window:
        yield window


def dock(docks: Docks, name: str) -> QDockWidget:
    found = docks.findChild(QDockWidget, name)
    assert isinstance(found, QDockWidget)
    return found


async def test_a_locked_panel_looks_built_in_and_an_unlocked_one_has_a_handle(open_: OpenWindow) -> None:
    docks = open_.window.docks
    alerts, room = dock(docks, "alerts"), dock(docks, "room")
    for one in (alerts, room):
        assert (one.features() & FREE, one.titleBarWidget().height() > 4) == (one.features() & ~one.features(), False)
    docks.toggle_lock()
    await until(lambda: alerts.titleBarWidget().height() > 20)
    assert alerts.features() & FREE
    assert [label.text() for label in alerts.titleBarWidget().findChildren(QLabel)] == ["Alerts"]
    names = [button.accessibleName() for button in alerts.titleBarWidget().findChildren(QToolButton)]
    assert names == ["A window of its own, or back: Alerts", "Close the panel: Alerts"]


async def test_at_first_the_rooms_have_most_of_the_window(open_: OpenWindow) -> None:
    window = open_.window
    await until(lambda: (window.alerts.width(), window.pane.height()) == (372, 340))
    assert window.alerts.mapTo(window, window.alerts.rect().topLeft()).x() > window.lists.width() / 2


async def test_a_panel_with_the_keyboard_gives_it_back_when_it_is_put_away(open_: OpenWindow) -> None:
    window = open_.window
    window.pane.take_focus()
    assert has_focus(window.pane)
    window.docks.toggle("room")
    assert has_focus(window.table)
    assert not window.pane.isVisible()
    for _ in range(2):
        open_.hands.press(Qt.Key.Key_F6)
    assert has_focus(window.top_bar.search), "what is put away is passed over"
    window.table.setFocus()
    open_.hands.press(Qt.Key.Key_Return)
    assert window.pane.isVisible(), "whoever asks for the room's details gets them"
    assert has_focus(window.pane)


async def test_a_floating_panel_has_a_name_although_it_is_locked(open_: OpenWindow) -> None:
    docks = open_.window.docks
    docks.toggle_lock()
    alerts = dock(docks, "alerts")
    alerts.setFloating(True)
    docks.toggle_lock()
    assert alerts.titleBarWidget().isVisible()
    (close,) = [one for one in alerts.titleBarWidget().findChildren(QToolButton) if "Close" in one.accessibleName()]
    close.click()
    assert not docks.is_shown("alerts")


async def test_reset_brings_everything_back(open_: OpenWindow) -> None:
    docks = open_.window.docks
    docks.toggle_lock()
    docks.toggle("room")
    docks.addDockWidget(BESIDE, dock(docks, "alerts"))
    dock(docks, "alerts").setFloating(True)
    docks.reset()
    assert (docks.is_shown("room"), docks.is_shown("alerts"), docks.locked) == (True, True, True)
    assert docks.dockWidgetArea(dock(docks, "alerts")) == Qt.DockWidgetArea.RightDockWidgetArea
    assert not dock(docks, "alerts").isFloating()


async def test_the_arrangement_is_there_the_next_time(look: Look, tmp_path: Path) -> None:
    for start in range(2):
        async with opened(a_store(CALM), look, tmp_path) as open_:
            docks = open_.window.docks
            if start == 0:
                docks.toggle_lock()
                docks.toggle("room")
                docks.addDockWidget(BESIDE, dock(docks, "alerts"))
            assert (docks.is_shown("room"), docks.locked) == (False, False)
            assert docks.dockWidgetArea(dock(docks, "alerts")) == BESIDE
            open_.window.remember()


@pytest.mark.parametrize("state", [b"", b"nonsense", b"\x00\x00\x00\xff\x00\x00\x00\x09"])
async def test_a_state_that_cannot_be_read_is_as_at_first(look: Look, tmp_path: Path, state: bytes) -> None:
    preferences = Preferences(tmp_path / "window.ini")
    preferences.put(STATE, QByteArray(state))
    async with opened(a_store(CALM), look, tmp_path) as open_:
        docks = open_.window.docks
        assert (docks.is_shown("room"), docks.is_shown("alerts"), docks.locked) == (True, True, LOCKED.default)
        await until(lambda: open_.window.alerts.width() == 372)


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


async def test_panels_stand_on_the_other_side_where_text_runs_from_right_to_left(
    mirrored: None, look: Look, tmp_path: Path
) -> None:
    async with opened(a_store(CALM), look, tmp_path) as open_:
        assert open_.window.docks.dockWidgetArea(dock(open_.window.docks, "alerts")) == BESIDE


@pytest.mark.parametrize(
    ("panel", "reachable"),
    [
        (QRect(100, 100, 300, 400), True),
        (QRect(1400, 100, 300, 400), False),
        (QRect(-260, 100, 300, 400), False),
        (QRect(-200, 100, 300, 400), True),
        (QRect(100, 890, 300, 400), False),
        (QRect(1500, 50, 300, 400), False),
        (QRect(2000, 50, 300, 400), True),
    ],
)
def test_whether_a_floating_panel_can_be_taken_hold_of(panel: QRect, reachable: bool) -> None:
    assert is_reachable(panel, [QRect(0, 0, 1440, 900), QRect(1900, 0, 800, 600)]) == reachable


async def test_a_panel_whose_screen_is_gone_comes_back(open_: OpenWindow) -> None:
    docks = open_.window.docks
    alerts = dock(docks, "alerts")
    docks.toggle_lock()
    alerts.setFloating(True)
    alerts.setGeometry(9000, 9000, 300, 300)
    screen = QApplication.primaryScreen()
    QApplication.instance().screenRemoved.emit(screen)  # type: ignore[union-attr]  # there is one
    assert not alerts.isFloating()


async def test_a_panel_that_is_shown_elsewhere_is_not_opened_empty(open_: OpenWindow) -> None:
    docks, pane = open_.window.docks, open_.window.pane
    docks.toggle("room")
    docks.take_out("room")
    docks.open("room")
    assert not docks.is_shown("room")
    docks.toggle("room")
    assert not docks.is_shown("room")
    docks.put_back("room", pane)
    assert not docks.is_shown("room"), "as it was"
    docks.take_out("room")
    docks.reset()
    assert (docks.is_shown("room"), docks.is_shown("alerts")) == (False, True)
    docks.put_back("room", pane)
    assert docks.is_shown("room"), "as in the beginning"


async def test_reset_panels_leave_the_keyboard_where_it_was(open_: OpenWindow) -> None:
    """It went on to the button that holds all disconnects, which the space bar presses."""
    window = open_.window
    window.pane.take_focus()
    window.docks.toggle_lock()
    window.docks.reset()
    await asyncio.sleep(0)
    assert has_focus(window.pane)
