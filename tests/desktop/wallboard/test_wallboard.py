"""The wallboard's window: nothing on it acts, and two keys leave it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from moderator.desktop.overview.overview import Overview
from moderator.desktop.theme.look import Look
from moderator.desktop.wallboard.wallboard import Wallboard
from tests.fakes.desktop import FakeStore, a_room, a_store

ROOMS = [a_room("Mrs Miller 7", left_s=100), a_room("calm", left_s=3000)]


@pytest.fixture
def store() -> FakeStore:
    return a_store(*ROOMS)


@pytest.fixture
def board(store: FakeStore, look: Look, qtbot: QtBot) -> Iterator[Wallboard]:
    window = QWidget()
    qtbot.addWidget(window)
    made = Wallboard(store, Overview(store, look, window), look, window)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.resize(1920, 1080)
    made.show()
    yield made
    made.close()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F11])
def test_two_keys_leave_it(board: Wallboard, qtbot: QtBot, key: Qt.Key) -> None:
    with qtbot.waitSignal(board.left, timeout=2000):
        QTest.keyClick(board, key)
    assert not board.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_E, Qt.Key.Key_D, Qt.Key.Key_A, Qt.Key.Key_Return, Qt.Key.Key_Delete])
def test_no_other_key_does_anything_but_tell_of_those(board: Wallboard, key: Qt.Key) -> None:
    QTest.keyClick(board, key)
    QTest.mouseClick(board, Qt.MouseButton.LeftButton, pos=QPoint(200, 500))
    assert board.isVisible()
    assert board.state_line() == "Esc or F11 leaves"


def test_it_says_when_it_was_updated_once_the_help_is_gone(board: Wallboard, store: FakeStore) -> None:
    board.hide_help()
    assert board.state_line().startswith("Connecting · updated ") or board.state_line().startswith("Live · updated ")


def test_what_is_worst_is_its_name_for_screen_readers(board: Wallboard, store: FakeStore) -> None:
    board.grab()
    assert board.accessibleName() == "1 room ends within 5 minutes"
    store.time.elapse(22_000)
    board.grab()
    assert board.accessibleName() == "Old picture: nothing heard for 22 s"


def test_an_old_picture_looks_different_all_around(board: Wallboard, store: FakeStore, look: Look) -> None:
    fresh = board.grab().toImage().pixelColor(2, 500).name()
    store.time.elapse(22_000)
    old = board.grab().toImage().pixelColor(2, 500).name()
    assert fresh.upper() == look.theme.window
    assert old.upper() == look.theme.stale


def test_other_rooms_are_shown_within_a_second(board: Wallboard, store: FakeStore, qtbot: QtBot) -> None:
    store.show(a_room("other", left_s=-9))
    board.grab()
    assert board.accessibleName() == "Time is up in 1 room"
