"""Labels that show foreign text as it is, and what goes with them."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

LONGEST_NAME: Final = 28


def plain_label(parent: QWidget, text: str = "", *, role: str = "") -> QLabel:
    """A label that shows foreign text as it is, on as many lines as it needs."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def short_name(name: str) -> str:
    """A name that fits on a button."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def restyle(widget: QWidget) -> None:
    """Have the stylesheet look at the properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
