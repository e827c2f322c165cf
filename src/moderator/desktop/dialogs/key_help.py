"""The keys and what they do: opened by `?`. Which keys there are is told to it."""

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from moderator.desktop.dialogs.decision_dialog import plain_label
from moderator.language import tr


class KeyLine(Struct, frozen=True):
    """A key or a combination, such as `Shift+E`, and what it does; lines of a group follow each other."""

    group: str
    keys: str
    does: str


class KeyHelp(QDialog):
    """Esc or Enter closes it."""

    def __init__(self, lines: Sequence[KeyLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        close = QPushButton(tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 20, 20, 20)
        rows.setSpacing(12)
        rows.addWidget(plain_label(self, tr("Keys"), role="title"))
        scroll = self._scroll(lines)
        rows.addWidget(scroll, 1)
        rows.addLayout(buttons)
        inner = scroll.widget()
        self.resize(480, min(720, inner.sizeHint().height() + 136) if inner else 720)

    def _scroll(self, lines: Sequence[KeyLine]) -> QScrollArea:
        inner = QWidget(self)
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        row = 0
        for group, members in groupby(lines, key=lambda line: line.group):
            grid.addWidget(plain_label(inner, group, role="heading"), row, 0, 1, 2)
            for line in members:
                row += 1
                grid.addLayout(_caps(inner, line.keys), row, 0)
                grid.addWidget(plain_label(inner, line.does), row, 1)
            row += 1
        grid.setRowStretch(row, 1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        scroll.setAccessibleName(tr("List of keys"))
        scroll.setWidget(inner)
        return scroll


def _caps(parent: QWidget, keys: str) -> QHBoxLayout:
    """Each key of a combination in a box of its own."""
    caps = QHBoxLayout()
    caps.setSpacing(4)
    for key in keys.split("+") if keys != "+" else [keys]:
        cap = QLabel(key, parent)
        cap.setTextFormat(Qt.TextFormat.PlainText)
        cap.setProperty("role", "key")
        caps.addWidget(cap)
    caps.addStretch()
    return caps
