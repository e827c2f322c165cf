"""The chips above the table: one filter each, with the number of rooms it shows."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from moderator.desktop.tables.arrangement import FILTERS, FilterName
from moderator.desktop.theme.look import TEXT_PX, Look

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
    """`FilterName`: the moderator chose another filter."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._chips: dict[FilterName, Chip] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(4)
        for name in FILTERS:
            row.addWidget(self._make_chip(name))
        row.addStretch()
        self._chips["all"].setChecked(True)
        self.show_counts({})

    def choose(self, name: FilterName) -> None:
        """Show this filter as the chosen one, without telling anybody."""
        self._chips[name].setChecked(True)

    def show_counts(self, counts: Mapping[FilterName, int]) -> None:
        """The numbers on the chips."""
        for name, chip in self._chips.items():
            count = counts.get(name, 0)
            chip.show_label(self._titles()[name], count)
            chip.setAccessibleName(self.tr("{filter}, {count} rooms").format(filter=self._titles()[name], count=count))

    def _make_chip(self, name: FilterName) -> Chip:
        chip = Chip(self._look, self)
        chip.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(chip)
        self._chips[name] = chip
        return chip

    def _titles(self) -> dict[FilterName, str]:
        return {
            "all": self.tr("All"),
            "mine": self.tr("Mine"),
            "needs_me": self.tr("Needs me"),
            "ending": self.tr("Ending in 5 min"),
            "violations": self.tr("Violations"),
            "stale": self.tr("Stale"),
        }
