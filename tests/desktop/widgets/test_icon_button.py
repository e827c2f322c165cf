"""Icon, words and key have room between them, in either direction of reading."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.icon_button import IconButton


def button(qtbot: QtBot, look: Look, text: str = "Extend", icon: str = "timer", key: str = "") -> IconButton:
    made = IconButton(look, text, icon=icon, key=key)
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    return made


def inked_columns(image: QImage) -> list[int]:
    """Where something stands between the borders, half way up or near it."""
    ground = image.pixel(5, image.height() // 2)
    rows = range(6, image.height() - 6)
    return [x for x in range(4, image.width() - 4) if any(image.pixel(x, y) != ground for y in rows)]


def gaps(made: IconButton) -> list[int]:
    columns = inked_columns(made.grab().toImage())
    return [after - before - 1 for before, after in pairwise(columns)]


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_icon_keeps_its_distance(qtbot: QtBot, look: Look, direction: Qt.LayoutDirection) -> None:
    made = button(qtbot, look)
    made.setLayoutDirection(direction)
    assert max(gaps(made)) >= 8


def test_it_is_as_wide_as_what_stands_on_it(qtbot: QtBot, look: Look) -> None:
    widths = [button(qtbot, look, *parts).sizeHint().width() for parts in (("", "timer"), ("Go", "timer"), ("Go", ""))]
    assert widths[1] > widths[0]
    assert widths[1] > widths[2]
    assert button(qtbot, look, key="E").sizeHint().width() > button(qtbot, look).sizeHint().width()


def test_where_there_is_little_room_the_key_gives_way(qtbot: QtBot, look: Look) -> None:
    made, without = button(qtbot, look, key="Ctrl+Shift+E"), button(qtbot, look)
    made.resize(without.sizeHint())
    assert made.grab().toImage() == without.grab().toImage()


def test_another_icon_is_painted(qtbot: QtBot, look: Look) -> None:
    made = button(qtbot, look)
    before = made.grab().toImage()
    made.set_icon("lock", "warn")
    assert made.grab().toImage() != before
