"""The keys in force and what they do: opened by `?`. Which keys there are is told to it."""

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from moderator.desktop.actions.action import PLACES
from moderator.desktop.actions.actions import ACTIONS
from moderator.desktop.actions.key_bindings import KeyBindings, shown
from moderator.desktop.widgets.labels import plain_label
from moderator.language import tr


class KeyLine(Struct, frozen=True):
    """Keys as they are shown, each of which does the same; lines of a group follow each other."""

    group: str
    keys: tuple[str, ...]
    does: str


def key_lines(keys: KeyBindings) -> list[KeyLine]:
    """Everything that has a key now."""
    return [
        KeyLine(tr(PLACES[one.place]), tuple(map(shown, in_force)), tr(one.text))
        for one in ACTIONS
        if (in_force := keys.keys(one))
    ]


class KeyHelp(QDialog):
    """Esc or Enter closes it; what is typed narrows it down."""

    def __init__(self, lines: Sequence[KeyLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._rows: list[tuple[KeyLine, tuple[QWidget, QWidget]]] = []
        self._headings: dict[str, QLabel] = {}
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search keys"))
        self.search.setAccessibleName(tr("Search keys"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        close = QPushButton(tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        head = QHBoxLayout()
        head.addWidget(plain_label(self, tr("Keys"), role="title"), 1)
        head.addWidget(self.search, 1)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 20, 20, 20)
        rows.setSpacing(12)
        rows.addLayout(head)
        rows.addWidget(self._scroll(lines), 1)
        rows.addLayout(buttons)
        self.resize(560, 720)

    def _scroll(self, lines: Sequence[KeyLine]) -> QScrollArea:
        inner = QWidget(self)
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        row = 0
        for group, members in groupby(lines, key=lambda line: line.group):
            self._headings[group] = plain_label(inner, group, role="heading")
            self._headings[group].setContentsMargins(0, 12 if row else 0, 0, 0)
            grid.addWidget(self._headings[group], row, 0, 1, 2)
            for line in members:
                row += 1
                parts = _caps(inner, line.keys), plain_label(inner, line.does)
                for column, part in enumerate(parts):
                    grid.addWidget(part, row, column, Qt.AlignmentFlag.AlignTop)
                self._rows.append((line, parts))
            row += 1
        grid.setRowStretch(row, 1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        scroll.setAccessibleName(tr("List of keys"))
        scroll.setWidget(inner)
        return scroll

    def _narrow(self, text: str) -> None:
        """Show what has every word in it."""
        words = text.casefold().split()
        left = set()
        for line, parts in self._rows:
            shows = all(word in f"{line.does} {' '.join(line.keys)}".casefold() for word in words)
            for part in parts:
                part.setVisible(shows)
            if shows:
                left.add(line.group)
        for group, heading in self._headings.items():
            heading.setVisible(group in left)


def _caps(parent: QWidget, keys: Sequence[str]) -> QWidget:
    """Each key in a box of its own; a combination in one box for each of its keys."""
    holder = QWidget(parent)
    holder.setAccessibleName(", ".join(keys))
    caps = QHBoxLayout(holder)
    caps.setContentsMargins(0, 0, 0, 0)
    caps.setSpacing(4)
    for number, key in enumerate(keys):
        if number:
            caps.addWidget(plain_label(holder, tr("or"), role="muted"))
        for part in parts_of(key):
            caps.addWidget(plain_label(holder, part, role="key"))
    caps.addStretch()
    return holder


def parts_of(key: str) -> list[str]:
    """`Ctrl` and `,` of `Ctrl+,`: a plus at the end is a key itself."""
    held, _, last = key.rpartition("+") if not key.endswith("+") else (key[:-2], "", "+")
    return [*(held.split("+") if held else ()), last]
