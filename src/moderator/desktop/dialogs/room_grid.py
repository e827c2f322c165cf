"""The rooms that a dialog is about: each by name, with what it gets, or why it gets nothing."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from moderator.desktop.room_status import Level
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.elided_label import ElidedLabel
from moderator.language import ntr

ROW_PX: Final = 20
"""Some scripts are higher than others; lines are not."""
SHOWN: Final = 10
"""So many rooms are listed, those that get nothing first; the others are counted."""


class RoomLine(Struct, frozen=True):
    """One room: its name, and a few words about it."""

    name: str
    text: str
    possible: bool
    level: Level = "normal"
    """How much the words matter where it is possible."""


class RoomGrid(QWidget):
    """Give it the lines again whenever they may have changed."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._lines: tuple[RoomLine, ...] | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)

    def show_lines(self, lines: Sequence[RoomLine]) -> bool:
        """Whether they are others than before, so that there may be another number of them."""
        found = tuple(sorted(lines, key=lambda one: one.possible))
        if found == self._lines:
            return False
        self._lines = found
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        for row, line in enumerate(found[:SHOWN]):
            self._add(row, line)
        if len(found) > SHOWN:
            more = len(found) - SHOWN
            words = ntr("and {count} more", "and {count} more", more).format(count=more)
            self._grid.addWidget(self._label(words, role="muted"), SHOWN, 0, Qt.AlignmentFlag.AlignLeading)
        self.setVisible(bool(found))
        return True

    def _add(self, row: int, line: RoomLine) -> None:
        name = ElidedLabel(self._look.font("body"), self)
        name.setText(line.name)
        name.setFixedHeight(ROW_PX)
        self._grid.addWidget(name, row, 0)
        text = self._label(line.text)
        text.setFixedHeight(ROW_PX)
        text.setProperty("level", line.level if line.possible else "warn")
        self._grid.addWidget(text, row, 1, Qt.AlignmentFlag.AlignRight)

    def _label(self, words: str, *, role: str = "") -> QLabel:
        label = QLabel(words, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            label.setProperty("role", role)
        return label
