"""Paints a row of the appointments like one of the rooms."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from moderator.desktop.theme.look import TEXT_PX, Look
from moderator.desktop.upcoming.coming import Coming, state_level
from moderator.desktop.upcoming.upcoming_model import COMING_ROLE, Column

ROW_PX: Final = 32
EDGE_PX: Final = 4
MARGIN_PX: Final = 16
GAP_PX: Final = 6
ICON_PX: Final = 16
_State = QStyle.StateFlag


class UpcomingDelegate(QStyledItemDelegate):
    """In the theme's colours."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.current_row = -1
        """The row with the keyboard's frame; none while the list has no focus."""
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        coming: Coming = index.data(COMING_ROLE)
        area: QRect = option.rect
        painter.save()
        self._ground(painter, area, selected=bool(option.state & _State.State_Selected))
        column = Column(index.column())
        if column == Column.NAME and state_level(coming) == "warn":
            edge = QRect(area.left(), area.top(), EDGE_PX, area.height() - 1)
            painter.fillRect(QStyle.visualRect(option.direction, area, edge), QColor(self._look.color("warn")))
        self._words(painter, option, column, coming, str(index.data()))
        if index.row() == self.current_row:
            self._frame(painter, area)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRect, *, selected: bool) -> None:
        theme = self._look.theme
        if selected:
            painter.fillRect(area, QColor(theme.selection))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(theme.line))

    def _words(
        self, painter: QPainter, option: QStyleOptionViewItem, column: Column, coming: Coming, text: str
    ) -> None:
        area: QRect = option.rect
        words = area.adjusted(MARGIN_PX if column == Column.NAME else GAP_PX, 0, -GAP_PX, -1)
        color = self._color(column, coming)
        font = self._look.font(TEXT_PX, "medium" if column in {Column.NAME, Column.STATE} else "regular")
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

    def _frame(self, painter: QPainter, area: QRect) -> None:
        accent = QColor(self._look.theme.accent)
        painter.fillRect(QRect(area.left(), area.top(), area.width(), 1), accent)
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), accent)
