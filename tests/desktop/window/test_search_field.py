"""The search line: what its keys do, and the key that it shows."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.actions import action
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.preferences import Preferences
from moderator.desktop.theme.look import Look
from moderator.desktop.window.search_field import SearchField


@pytest.fixture
def keys(tmp_path: Path) -> KeyBindings:
    return KeyBindings(Preferences(tmp_path / "window.ini"))


@pytest.fixture
def field(qtbot: QtBot, look: Look, keys: KeyBindings) -> SearchField:
    made = SearchField(look, keys)
    qtbot.addWidget(made)
    made.resize(400, 32)
    made.show()
    return made


def cap(field: SearchField) -> QAbstractButton:
    return next(one for one in field.findChildren(QAbstractButton) if one.property("action") == "window/palette")


def test_it_shows_the_key_of_the_palette_as_long_as_it_is_empty(field: SearchField, keys: KeyBindings) -> None:
    assert (cap(field).text(), cap(field).isVisible()) == ("Ctrl K", True)
    keys.choose(action("palette"), ("F2",))
    assert cap(field).text() == "F2"
    field.setText("x")
    assert not cap(field).isVisible()


def test_a_click_on_the_key_opens_the_palette(qtbot: QtBot, field: SearchField) -> None:
    with qtbot.waitSignal(field.palette_wanted):
        QTest.mouseClick(cap(field), Qt.MouseButton.LeftButton)


def test_enter_looks_everywhere_down_goes_to_the_list_and_escape_empties_it(qtbot: QtBot, field: SearchField) -> None:
    QTest.keyClicks(field, "lee")
    with qtbot.waitSignal(field.palette_wanted):
        QTest.keyClick(field, Qt.Key.Key_Return)
    with qtbot.waitSignal(field.left):
        QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_what_was_typed_is_undone_here_and_everything_else_by_the_window(field: SearchField) -> None:
    undone: list[bool] = []
    window_undo = QShortcut(QKeySequence("Ctrl+Z"), field, lambda: undone.append(True))
    window_undo.setContext(Qt.ShortcutContext.ApplicationShortcut)
    field.setFocus()
    QTest.keyClicks(field, "lee")
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (field.text(), undone) == ("", [])
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]


def test_its_tooltip_names_the_keys_in_force(field: SearchField, keys: KeyBindings) -> None:
    assert field.toolTip().startswith("Ctrl+F or / puts the cursor here")
    keys.choose(action("find"), ())
    assert field.toolTip() == ""


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_key_covers_no_words(field: SearchField, direction: Qt.LayoutDirection) -> None:
    field.resize(220, 32)
    field.setLayoutDirection(direction)
    words = field.rect().marginsRemoved(field.textMargins())
    assert cap(field).isVisible()
    assert not words.intersects(cap(field).geometry())
    is_mirrored = direction == Qt.LayoutDirection.RightToLeft
    assert (cap(field).x() < words.x()) == is_mirrored
