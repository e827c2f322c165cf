from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from moderator.desktop.dialogs.key_help import KeyHelp, KeyLine
from moderator.desktop.theme.look import Look

LINES = (KeyLine("Rooms", "Shift+E", "Extend by any amount"), KeyLine("Anywhere", "?", "These keys"))


def test_every_key_of_the_table_is_shown(qtbot: QtBot, look: Look) -> None:
    dialog = KeyHelp(LINES)
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert {"Rooms", "Shift", "E", "Extend by any amount", "Anywhere", "?", "These keys"} <= set(texts)


def test_escape_closes_it(qtbot: QtBot, look: Look) -> None:
    dialog = KeyHelp(LINES)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
