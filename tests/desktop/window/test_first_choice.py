"""Nobody has selected a room yet: the next to end is at hand, and stays once somebody works."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.tables.rooms_model import BULK
from moderator.desktop.tables.rooms_table import RoomsTable
from moderator.desktop.theme.look import Look
from moderator.desktop.window.first_choice import FirstChoice
from tests.fakes.desktop import a_room, a_store
from tests.fakes.window import CALM, CROWDED, NEXT


class Shown:
    """A table with a field beside it; `settle_ms` is for how long the choice follows the order."""

    def __init__(self, qtbot: QtBot, look: Look, settle_ms: int = 60_000) -> None:
        self.qtbot = qtbot
        self.store = a_store()
        self.window = QWidget()
        self.table, self.field = RoomsTable(self.store, look, KeyBindings()), QLineEdit()
        column = QVBoxLayout(self.window)
        column.addWidget(self.table)
        column.addWidget(self.field)
        qtbot.addWidget(self.window)
        self.window.show()
        self.table.setFocus()
        FirstChoice(self.table.view, self.table.model, settle_ms)

    @property
    def selected(self) -> list[str]:
        return [key.room for key in self.table.view.selected_rooms()]

    def stays(self, name: str) -> bool:
        """A room that ends sooner comes, and this one stays selected."""
        self.store.change(a_room("sooner", left_s=5))
        self.qtbot.wait(20)
        assert self.table.model.key_at(0).room == "sooner" or self.table.model.held
        return self.selected == [name]


def test_the_room_that_ends_next_is_selected_however_rooms_come(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    without_end = a_room("next", left_s=None)
    shown.store.change(without_end)
    assert shown.selected == ["next"]
    shown.store.change(CALM, CROWDED)
    qtbot.waitUntil(lambda: shown.selected == ["crowded"])
    shown.store.change(NEXT)  # by now its end is known
    qtbot.waitUntil(lambda: shown.selected == ["next"])


def test_of_a_whole_picture_the_top_is_selected(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.store.show(CALM, CROWDED, NEXT)
    qtbot.waitUntil(lambda: shown.selected == ["next"])


def press_a_key(shown: Shown) -> None:
    QTest.keyClick(shown.table.view, Qt.Key.Key_C)


def select_another(shown: Shown) -> None:
    shown.table.view.select_room(CALM.key)


def go_elsewhere(shown: Shown) -> None:
    shown.field.setFocus()


@pytest.mark.parametrize(
    ("does", "selected"), [(press_a_key, "crowded"), (select_another, "calm"), (go_elsewhere, "crowded")]
)
def test_once_somebody_does_something_nobody_else_selects(
    qtbot: QtBot, look: Look, does: Callable[[Shown], None], selected: str
) -> None:
    shown = Shown(qtbot, look)
    shown.store.change(CALM, CROWDED)
    qtbot.waitUntil(lambda: shown.selected == ["crowded"])
    does(shown)
    assert shown.stays(selected)


def test_once_the_first_rooms_have_settled_the_choice_stays(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look, settle_ms=0)
    shown.store.change(CALM)
    qtbot.wait(20)
    assert shown.stays("calm")


def test_after_all_rooms_went_the_next_one_is_selected(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look, settle_ms=0)
    shown.store.change(CALM)
    qtbot.wait(20)
    shown.store.drop(CALM.key)
    assert shown.selected == []
    shown.store.change(NEXT)
    assert shown.selected == ["next"]


def test_no_other_takes_the_place_of_a_room_that_has_gone(qtbot: QtBot, look: Look) -> None:
    """Many change at once, so that the rows are laid out anew."""
    shown = Shown(qtbot, look, settle_ms=0)
    many = [a_room(f"r{number}", left_s=1000 + number) for number in range(BULK + 1)]
    shown.store.change(NEXT, *many)
    shown.table.view.select_room(NEXT.key)
    shown.store.drop(NEXT.key, *(one.key for one in many[1:]))
    assert shown.table.model.rowCount() == 1
    assert shown.selected == []


def test_another_filter_begins_at_its_top(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look, settle_ms=0)
    shown.store.change(NEXT, CROWDED)
    shown.table.view.select_room(NEXT.key)
    shown.table.set_filter("violations", "", None)
    assert shown.selected == ["crowded"]
