"""The only room takes the place of the table, and gives it back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from moderator.desktop.orders.intents import Intent
from moderator.desktop.theme.look import Look
from moderator.desktop.window.one_room import OneRoom
from tests.fakes.desktop import a_room, a_store
from tests.fakes.window import OpenWindow, opened, until

ONLY = a_room("only", left_s=252)


@pytest.fixture
async def open_(look: Look, tmp_path: Path) -> AsyncIterator[OpenWindow]:
    async with opened(a_store(ONLY), look, tmp_path) as found:
        yield found


@pytest.fixture
def mode(open_: OpenWindow) -> OneRoom:
    """As the window's, but quicker."""
    window = open_.window
    window.one_room.leave()
    window.one_room.deleteLater()
    window.one_room = OneRoom(window.lists, window.pane, window.docks, settle_ms=20, hold_ms=80)
    window.one_room.look()
    return window.one_room


def shows(mode: OneRoom) -> bool:
    """Asked anew each time."""
    return mode.shown


async def test_the_only_room_comes_after_a_moment_and_goes_when_there_are_two(open_: OpenWindow, mode: OneRoom) -> None:
    window = open_.window
    assert not shows(mode)
    await until(lambda: mode.shown)
    assert window.pane.isVisible()
    assert not window.table.isVisible()
    assert not window.docks.is_shown("room")
    open_.store.change(a_room("second"))
    await until(lambda: not mode.shown)
    assert window.table.isVisible()
    assert window.docks.is_shown("room")
    assert window.pane.isVisible()


async def test_nothing_moves_from_under_the_hand(open_: OpenWindow, mode: OneRoom) -> None:
    await until(lambda: mode.shown)
    QTest.mouseMove(open_.window.pane, QPoint(40, 40))
    QTest.mouseClick(open_.window.pane, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    open_.store.change(a_room("second"))
    assert shows(mode)
    await until(lambda: not mode.shown)


async def test_the_rooms_keys_count_in_the_pane(open_: OpenWindow, mode: OneRoom) -> None:
    await until(lambda: mode.shown)
    open_.window.pane.take_focus()
    open_.hands.press(Qt.Key.Key_E)
    asked = await open_.asked(1)
    assert asked == [(Intent(action="extend", room=ONLY.key),)]


async def test_a_choice_holds_until_the_number_of_rooms_says_otherwise(open_: OpenWindow, mode: OneRoom) -> None:
    await until(lambda: mode.shown)
    mode.toggle()
    assert not shows(mode)
    open_.store.change(ONLY)
    mode.look()
    assert not shows(mode)
    open_.store.change(a_room("second"))
    mode.toggle()
    assert shows(mode)
    open_.store.drop(a_room("second").key)
    await until(lambda: not mode._settling.isActive())
    assert shows(mode)


async def test_a_chip_leads_to_the_lists(open_: OpenWindow, mode: OneRoom) -> None:
    await until(lambda: mode.shown)
    open_.window.lists.show_upcoming()
    assert not shows(mode)
    assert open_.window.upcoming.isVisible()


async def test_what_is_remembered_of_the_docks_is_how_they_are_among_many(open_: OpenWindow, mode: OneRoom) -> None:
    await until(lambda: mode.shown)
    open_.window.remember()
    assert open_.window.docks.is_shown("room")
