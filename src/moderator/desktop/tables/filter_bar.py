"""The chips above the table: one filter each, with the number of rooms it shows; and what is announced."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSpacerItem,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from moderator.desktop.tables.arrangement import FILTERS, FilterName
from moderator.desktop.theme.look import TEXT_PX, Look
from moderator.language import tr

UPCOMING: Final = "upcoming"
"""Not rooms, but what is announced."""
CHIP_PX: Final = 28
PADDING_PX: Final = 10
GAP_PX: Final = 6


class Chip(QPushButton):
    """A word and a number, the number stronger: it is what the eye looks for."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self._look = look
        self._count = ""
        self._medium, self._strong = look.font(TEXT_PX, "medium"), look.font(TEXT_PX, "semibold")

    def show_label(self, word: str, count: int) -> None:
        """What stands on it."""
        self._count = str(count)
        self.setText(word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        count = QFontMetrics(self._strong).horizontalAdvance(self._count)
        return QSize(self._word_px() + GAP_PX + count + 2 * PADDING_PX, CHIP_PX)

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

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._chips: dict[str, Chip] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(4)
        for name in FILTERS:
            row.addWidget(self._make_chip(name))
        row.addItem(QSpacerItem(12, 0, QSizePolicy.Policy.Maximum))
        row.addWidget(self._make_chip(UPCOMING))
        row.addStretch()
        self._chips["all"].setChecked(True)
        self.show_counts({})
        self.show_upcoming(0, 0)

    def choose(self, name: str) -> None:
        """Show this filter as the chosen one, without telling anybody."""
        self._chips[name].setChecked(True)

    def show_counts(self, counts: Mapping[FilterName, int]) -> None:
        """The numbers on the chips."""
        titles = self._titles()
        for name in FILTERS:
            count, chip = counts.get(name, 0), self._chips[name]
            chip.show_label(titles[name], count)
            chip.setAccessibleName(tr("{filter}, {count} rooms").format(filter=titles[name], count=count))

    def show_upcoming(self, count: int, missing: int) -> None:
        """How many appointments there are within a day, and from how many somebody is missing."""
        chip = self._chips[UPCOMING]
        chip.show_label(tr("Upcoming"), count)
        spoken = tr("Upcoming, {count} appointments").format(count=count)
        tip = tr("Somebody is missing from {count}").format(count=missing) if missing else ""
        chip.setAccessibleName(f"{spoken}. {tip}" if tip else spoken)
        chip.setToolTip(tip or tr("What is announced for the next 24 hours (F8)"))

    def _make_chip(self, name: str) -> Chip:
        chip = Chip(self._look, self)
        chip.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(chip)
        self._chips[name] = chip
        return chip

    def _titles(self) -> dict[FilterName, str]:
        return {
            "all": tr("All"),
            "mine": tr("Mine"),
            "needs_me": tr("Needs me"),
            "ending": tr("Ending in 5 min"),
            "violations": tr("Violations"),
            "stale": tr("Stale"),
        }
