"""Three parts side by side where there is room for them; in a narrow pane one or two at a time, behind tabs."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from moderator.language import tr_in

THREE_PX: Final = 900
"""From this width on all three have room."""
TWO_PX: Final = 600
"""From this width on the first has room beside one of the others."""
LEAST: Final = QSize(240, 96)


class Part(QWidget):
    """One of the parts: its name stands on its tab."""

    def __init__(self, name: str, content: QWidget, stretch: int) -> None:
        super().__init__()
        self.name = name
        self.stretch = stretch
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(content)


class Columns(QWidget):
    """The first part is the room as a whole; the second is what a narrow pane shows at first."""

    def __init__(self, parts: Sequence[Part], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = tuple(parts)
        self._lines = [self._upright() for _ in parts[1:]]
        self._tabs = QButtonGroup(self)
        self._bar = self._make_bar()
        self._chosen = 1
        self._arrange()
        self._tabs.idClicked.connect(self._choose)
        self._fit(self.width())

    def show_part(self, place: int) -> None:
        """See to it that this one can be seen."""
        if self._parts[place].isHidden():
            self._choose(place)

    def share(self, *stretches: int) -> None:
        """What room there is goes to the parts in these shares; nought: no more than it needs."""
        for part, stretch in zip(self._parts, stretches, strict=True):
            part.stretch = stretch
        self._fit(self.width())

    def minimumSizeHint(self) -> QSize:
        return LEAST

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    # --- how -------------------------------------------------------------------------------------------------------

    def _choose(self, place: int) -> None:
        self._chosen = place
        self._fit(self.width())

    def _fit(self, width: int) -> None:
        """Which parts are there, and whether there are tabs for the others."""
        tabbed = () if width >= THREE_PX else (1, 2) if width >= TWO_PX else (0, 1, 2)
        shown = {self._chosen if self._chosen in tabbed else 1, *({0, 1, 2} - set(tabbed))} if tabbed else {0, 1, 2}
        for place, part in enumerate(self._parts):
            part.setVisible(place in shown)
            tab = self._tabs.button(place)
            tab.setVisible(place in tabbed)
            tab.setChecked(place in shown)
        self._bar.setVisible(bool(tabbed))
        self._place_tabs(beside_first=0 not in tabbed)
        for place, part in enumerate(self._parts):
            self._grid.setColumnStretch(2 * place, (part.stretch if len(shown) > 1 else 1) if place in shown else 0)
        self._lines[0].setVisible(len(shown) > 1)
        self._lines[1].setVisible(len(shown) > 2)

    def _make_bar(self) -> QWidget:
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 8, 8, 0)
        row.setSpacing(4)
        for place, part in enumerate(self._parts):
            tab = QPushButton(part.name, bar)
            tab.setProperty("kind", "chip")
            tab.setCheckable(True)
            tab.setAccessibleName(tr_in("tab", "Show: {name}").format(name=part.name))
            self._tabs.addButton(tab, place)
            row.addWidget(tab)
        row.addStretch()
        return bar

    def _arrange(self) -> None:
        """The parts stand in the even columns of the lower row, the hairlines between them."""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # else it could never get narrower
        grid.setRowStretch(1, 1)
        for place, part in enumerate(self._parts):
            grid.addWidget(part, 1, 2 * place)
        grid.addWidget(self._lines[1], 1, 3)
        self._grid = grid

    def _place_tabs(self, *, beside_first: bool) -> None:
        """Over what they change, and beside what stays."""
        for widget, column, columns, row, rows in (
            (self._parts[0], 0, 1, *((0, 2) if beside_first else (1, 1))),
            (self._lines[0], 1, 1, *((0, 2) if beside_first else (1, 1))),
            (self._bar, 2 if beside_first else 0, 3 if beside_first else 5, 0, 1),
        ):
            self._grid.addWidget(widget, row, column, rows, columns)

    def _upright(self) -> QFrame:
        """A hairline between columns."""
        line = QFrame(self)
        line.setProperty("role", "upright")
        return line
