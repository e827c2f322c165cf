"""Rows stand still under the hand, a while longer, and behind a dialog."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.tables.rooms_model import RoomsModel
from moderator.desktop.tables.rooms_view import RoomsView
from moderator.desktop.theme.look import Look
from tests.fakes.desktop import a_room, a_store

A_WHILE_MS = 40


class Held:
    """A view of two rooms, shown."""

    def __init__(self, qtbot: QtBot, look: Look) -> None:
        self.store = a_store(a_room("a", left_s=100), a_room("b", left_s=200))
        self.model = RoomsModel(self.store)
        self.view = RoomsView(self.model, look, KeyBindings(), hold_ms=A_WHILE_MS)
        qtbot.addWidget(self.view)
        with qtbot.waitExposed(self.view):
            self.view.show()

    def turn_round(self) -> list[str]:
        """The second room ends first now; returns the rows."""
        self.store.change(a_room("b", left_s=50))
        return [self.model.room_at(row).name for row in range(2)]


@pytest.fixture
def held(qtbot: QtBot, look: Look) -> Held:
    return Held(qtbot, look)


def test_rows_move_while_nobody_works_here(held: Held) -> None:
    assert held.turn_round() == ["b", "a"]


def test_a_key_holds_them_for_a_while(held: Held, qtbot: QtBot) -> None:
    QTest.keyClick(held.view, Qt.Key.Key_Down)
    assert held.turn_round() == ["a", "b"]
    qtbot.waitUntil(lambda: held.model.key_at(0).room == "b")


def test_a_dialog_holds_them_as_long_as_it_is_open(held: Held, qtbot: QtBot) -> None:
    dialog = QDialog(held.view)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.open()
    qtbot.waitUntil(lambda: held.model.held)
    QTest.keyClick(held.view, Qt.Key.Key_Down)
    assert held.turn_round() == ["a", "b"]
    qtbot.wait(3 * A_WHILE_MS)
    assert held.model.held
    dialog.close()
    qtbot.waitUntil(lambda: held.model.key_at(0).room == "b")
