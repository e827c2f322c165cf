import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.dialogs.key_help import KeyHelp, KeyLine, key_lines, parts_of
from moderator.desktop.theme.look import Look

LINES = (KeyLine("Rooms", ("Shift+E",), "Extend by any amount"), KeyLine("Anywhere", ("?", "F1"), "These keys"))


def test_every_key_of_the_table_is_shown(qtbot: QtBot, look: Look) -> None:
    dialog = KeyHelp(LINES)
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert {"Rooms", "Shift", "E", "Extend by any amount", "Anywhere", "?", "or", "F1", "These keys"} <= set(texts)


def test_escape_closes_it(qtbot: QtBot, look: Look) -> None:
    dialog = KeyHelp(LINES)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("key", "parts"),
    [("E", ["E"]), ("Shift+E", ["Shift", "E"]), ("Ctrl+,", ["Ctrl", ","]), ("Ctrl++", ["Ctrl", "+"]), ("+", ["+"])],
)
def test_each_key_of_a_combination_has_a_box(key: str, parts: list[str]) -> None:
    assert parts_of(key) == parts


def test_what_is_typed_narrows_the_keys_down(qtbot: QtBot, look: Look) -> None:
    dialog = KeyHelp(key_lines(KeyBindings()))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.search.setText("alert next")
    texts = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert texts == ["Keys", "In the alerts", "Down", "To the next alert"]
