"""The chips above the table: one filter each, with the number of rooms it shows; and what is announced."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from moderator.desktop.actions.key_bindings import KeyBindings, shown, with_key
from moderator.desktop.tables.arrangement import FILTERS, FilterName
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.wrapped_row import WrappedRow
from moderator.language import ntr, tr, tr_in

UPCOMING: Final = "upcoming"
"""Not rooms, but what is announced."""
CHIP_PX: Final = 28
PADDING_PX: Final = 10
GAP_PX: Final = 6
CHIP_GAP_PX: Final = 4
APART_PX: Final = 4
"""Between the filters of rooms and what is no filter of rooms."""


class Chip(QPushButton):
    """A word and a number, the number stronger: it is what the eye looks for."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self._look = look
        self._count = ""
        self._medium, self._strong = look.font("body", "medium"), look.font("body", "semibold")

    def show_label(self, word: str, count: int) -> None:
        """What stands on it."""
        self._count = str(count)
        self.setText(word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        count = QFontMetrics(self._strong).horizontalAdvance(self._count)
        return QSize(self._word_px() + GAP_PX + count + 2 * PADDING_PX, CHIP_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter, theme = QStylePainter(self), self._look.theme
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        word = QRect(PADDING_PX, 0, self._word_px(), self.height())
        count = QRect(word.right() + 1 + GAP_PX, 0, self.width(), self.height())
        plain, strong = (theme.accent, theme.accent) if self.isChecked() else (theme.muted, theme.text)
        parts = (word, self.text(), self._medium, plain), (count, self._count, self._strong, strong)
        for area, text, font, color in parts:
            painter.setFont(font)
            painter.setPen(QColor(color))
            side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QStyle.visualRect(self.layoutDirection(), self.rect(), area), side, text)

    def _word_px(self) -> int:
        return QFontMetrics(self._medium).horizontalAdvance(self.text())


class FilterBar(QWidget):
    """Exactly one chip is chosen."""

    chosen = Signal(str)
    """`FilterName`, or `UPCOMING`: the moderator chose another."""

    def __init__(self, look: Look, keys: KeyBindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._look = look
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._chips: dict[str, Chip] = {}
        row = WrappedRow(CHIP_GAP_PX)
        row.setContentsMargins(16, 8, 16, 8)
        self.setLayout(row)
        for name in FILTERS:
            row.addWidget(self._make_chip(name))
        row.addWidget(QWidget(self, minimumWidth=APART_PX))
        row.addWidget(self._make_chip(UPCOMING))
        self._chips["all"].setChecked(True)
        self.show_counts({})
        self.show_upcoming(0, 0)

    def choose(self, name: str) -> None:
        """Show this filter as the chosen one, without telling anybody."""
        self._chips[name].setChecked(True)

    def show_counts(self, counts: Mapping[FilterName, int]) -> None:
        """The numbers on the chips."""
        titles = self.titles()
        for name in FILTERS:
            count, chip = counts.get(name, 0), self._chips[name]
            chip.show_label(titles[name], count)
            spoken = ntr("{filter}, {count} room", "{filter}, {count} rooms", count)
            chip.setAccessibleName(spoken.format(filter=titles[name], count=count))

    def show_upcoming(self, count: int, missing: int) -> None:
        """How many appointments there are within a day, and from how many somebody is missing."""
        chip = self._chips[UPCOMING]
        chip.show_label(tr("Upcoming"), count)
        spoken = ntr("Upcoming, {count} appointment", "Upcoming, {count} appointments", count).format(count=count)
        tip = ntr("Somebody is missing from {count}", "Somebody is missing from {count}", missing)
        tip = tip.format(count=missing) if missing else ""
        chip.setAccessibleName(". ".join(part for part in (spoken, tip) if part))
        announced = tr("What is announced for the next 24 hours")
        chip.setToolTip(tip or with_key(announced, shown(self._keys.key("upcoming", "window"))))

    def _make_chip(self, name: str) -> Chip:
        chip = Chip(self._look, self)
        chip.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(chip)
        self._chips[name] = chip
        return chip

    @staticmethod
    def titles() -> dict[FilterName, str]:
        """The names of the chips."""
        return {
            "all": tr("All"),
            "mine": tr("Mine"),
            "needs_me": tr("Needs me"),
            "ending": tr("Ending in 5 min"),
            "violations": tr("Violations"),
            "stale": tr_in("rooms", "Stale"),
        }
