import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from moderator.desktop.dialogs.indicators import SIDE_PX, ThemedCheckBox, ThemedRadioButton
from moderator.desktop.theme.look import Look

LEFT, RIGHT = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft


def accent_at(button: QAbstractButton, look: Look) -> list[int]:
    """Where across the button the mark of what is chosen is painted."""
    image = button.grab().toImage()
    accent, middle = QColor(look.theme.accent), image.height() // 2
    return [x for x in range(image.width()) if QColor(image.pixel(x, middle)) == accent]


@pytest.mark.parametrize("kind", [ThemedRadioButton, ThemedCheckBox])
@pytest.mark.parametrize("direction", [LEFT, RIGHT])
def test_the_mark_stands_where_reading_begins(
    qtbot: QtBot, look: Look, kind: type[ThemedRadioButton | ThemedCheckBox], direction: Qt.LayoutDirection
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    button = kind(look, "Conduct", parent)
    button.setLayoutDirection(direction)
    button.setChecked(True)
    button.resize(200, 24)
    painted = accent_at(button, look)
    assert painted
    assert all((x < SIDE_PX) if direction == LEFT else (x >= 200 - SIDE_PX) for x in painted)
