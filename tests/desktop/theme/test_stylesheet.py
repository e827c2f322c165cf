"""The keyboard's place is to be seen on every kind of control, in every theme."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from moderator.desktop.theme.choosing import THEMES
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import Theme
from moderator.desktop.widgets.icon_button import IconButton
from tests.desktop.theme.test_tokens import contrast

FRAME_PX = 40
"""So many pixels, at least, look different."""


def of_kind(make: type[QPushButton | QToolButton], kind: str) -> QWidget:
    widget = make()
    widget.setText("Words")
    widget.setProperty("kind", kind)
    return widget


def tabs() -> QWidget:
    bar = QTabBar()
    bar.addTab("One")
    bar.addTab("Two")
    return bar


CONTROLS: dict[str, Callable[[], QWidget]] = {
    **{f"button {kind}": partial(of_kind, QPushButton, kind) for kind in ("", "primary", "danger", "quiet", "chip")},
    **{f"tool {kind}": partial(of_kind, QToolButton, kind) for kind in ("", "quiet", "bare")},
    "field": QLineEdit,
    "text": QPlainTextEdit,
    "number": QSpinBox,
    "choice": QComboBox,
    "check": lambda: QCheckBox("Words"),
    "radio": lambda: QRadioButton("Words"),
    "tabs": tabs,
}


def told_apart(before: QImage, after: QImage) -> int:
    """How many pixels differ so much that it is seen."""
    places = ((x, y) for x in range(before.width()) for y in range(before.height()))
    pairs = ((before.pixelColor(*place).name(), after.pixelColor(*place).name()) for place in places)
    return sum(one != other and contrast(one, other) >= 3 for one, other in pairs)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("make", CONTROLS.values(), ids=CONTROLS)
def test_where_the_keyboard_is_can_be_seen(qtbot: QtBot, look: Look, make: Callable[[], QWidget], theme: Theme) -> None:
    look.set_theme(theme)
    assert seen_focus(qtbot, make()) > FRAME_PX


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_on_a_painted_button_too(qtbot: QtBot, look: Look, theme: Theme) -> None:
    look.set_theme(theme)
    assert seen_focus(qtbot, IconButton(look, "Words", kind="primary")) > FRAME_PX


def seen_focus(qtbot: QtBot, control: QWidget) -> int:
    """How many pixels say that it has the keyboard."""
    window, other = QWidget(), QPushButton("Other")
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for widget in (control, other):
        column.addWidget(widget)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    pictures = []
    for widget in (other, control):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        assert widget.hasFocus()
        pictures.append(window.grab(control.geometry()).toImage())
    return told_apart(*pictures)
