"""Paints a row of the appointments like one of the rooms."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from moderator.desktop.theme.row_delegate import GAP_PX, ICON_PX, MARGIN_PX, RowDelegate
from moderator.desktop.upcoming.coming import Coming, state_level
from moderator.desktop.upcoming.upcoming_model import COMING_ROLE, Column

EDGE_PX: Final = 4


class UpcomingDelegate(RowDelegate):
    """In the theme's colours."""

    def paint_cell(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        coming: Coming = index.data(COMING_ROLE)
        area: QRect = option.rect
        column = Column(index.column())
        if column == Column.NAME and state_level(coming) == "warn":
            edge = QRect(area.left(), area.top(), EDGE_PX, area.height() - 1)
            painter.fillRect(QStyle.visualRect(option.direction, area, edge), QColor(self._look.color("warn")))
        self._words(painter, option, column, coming, str(index.data()))

    def _words(
        self, painter: QPainter, option: QStyleOptionViewItem, column: Column, coming: Coming, text: str
    ) -> None:
        area: QRect = option.rect
        words = area.adjusted(MARGIN_PX if column == Column.NAME else GAP_PX, 0, -GAP_PX, -1)
        color = self._color(column, coming)
        font = self._look.font("body", "medium" if column in {Column.NAME, Column.STATE} else "regular")
        if column == Column.MISSING and text:
            self._icon(painter, words, color)
            words.setLeft(words.left() + ICON_PX + GAP_PX)
        painter.setFont(font)
        painter.setPen(QColor(color))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, words.width())
        side = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
        place = QStyle.visualRect(option.direction, area, words)
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute, shown)

    def _color(self, column: Column, coming: Coming) -> str:
        if column == Column.MISSING or (column == Column.STATE and coming.nobody_came):
            return self._look.color("warn")
        is_live = column == Column.STATE and coming.attendance.state == "live"
        return self._look.color("text" if column in {Column.NAME, Column.STARTS} or is_live else "muted")

    def _icon(self, painter: QPainter, words: QRect, color: str) -> None:
        ratio = painter.device().devicePixelRatio()
        top = words.top() + (words.height() - ICON_PX) // 2
        painter.drawPixmap(words.left(), top, self._look.pixmap("calendar-x", color, ICON_PX, ratio))
