import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from moderator.desktop.tables.emptiness import Emptiness, SourceProgress
from moderator.desktop.tables.empty_table import EmptyTable
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK

LOADING = Emptiness(
    "loader-circle",
    "Loading",
    "It comes.",
    loading=True,
    sources=(SourceProgress("A", "heard"), SourceProgress("B", "waiting"), SourceProgress("C", "failing", "no")),
)


def a_table(qtbot: QtBot, look: Look) -> EmptyTable:
    made = EmptyTable(look)
    qtbot.addWidget(made)
    made.resize(900, 320)
    made.show()
    return made


def words(table: EmptyTable) -> list[str]:
    return [label.text() for label in table.findChildren(QLabel) if label.isVisible() and label.text()]


def test_each_platform_says_how_far_it_is(qtbot: QtBot, look: Look) -> None:
    table = a_table(qtbot, look)
    table.show_state(LOADING)
    said = ["A: answered", "B: waiting for its rooms", "C: does not answer"]
    qtbot.waitUntil(lambda: words(table) == ["Loading", "It comes.", *said])
    look.set_theme(DARK)
    qtbot.waitUntil(lambda: words(table) == ["Loading", "It comes.", *said])
    table.say("inbox", "Nothing", "")
    assert words(table) == ["Nothing"]


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_rows_in_outline_stand_behind_while_rooms_are_to_come(
    qtbot: QtBot, look: Look, direction: Qt.LayoutDirection
) -> None:
    table = a_table(qtbot, look)
    table.setLayoutDirection(direction)
    table.say("inbox", "Nothing", "")
    QApplication.processEvents()
    x = 24 if direction == Qt.LayoutDirection.LeftToRight else table.width() - 24
    plain = table.grab().toImage().pixelColor(x, 16)
    table.show_state(LOADING)
    QApplication.processEvents()
    assert table.grab().toImage().pixelColor(x, 16) != plain


def test_a_test_warning_is_played(qtbot: QtBot, look: Look) -> None:
    table = a_table(qtbot, look)
    table.show_state(Emptiness("inbox", "No live rooms", "", "test_warning"))
    (button,) = [one for one in table.findChildren(QPushButton) if one.isVisible()]
    assert button.text() == "Play a test warning"
    with qtbot.waitSignal(table.test_wanted):
        button.click()
