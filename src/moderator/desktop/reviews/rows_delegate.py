"""Paints the cells of a review's table: ground, hairline, icon, text, and the frame of the row the keyboard is on."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from moderator.desktop.reviews.rows_model import SIGN_ROLE, Sign
from moderator.desktop.theme.look import TEXT_PX, Look

ROW_PX: Final = 32
MARGIN_PX: Final = 16
GAP_PX: Final = 6
ICON_PX: Final = 16


class RowsDelegate(QStyledItemDelegate):
    """In the theme's colours."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.current_row = -1
        """The row with the keyboard's frame; none while the table has no focus."""
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        area: QRect = option.rect
        theme = self._look.theme
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.selection))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(theme.line))
        self._words(painter, option, index)
        if index.row() == self.current_row:
            for y in (area.top(), area.bottom()):
                painter.fillRect(QRect(area.left(), y, area.width(), 1), QColor(theme.accent))
        painter.restore()

    def _words(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        sign: Sign = index.data(SIGN_ROLE)
        area: QRect = option.rect
        last = index.column() == index.model().columnCount() - 1
        left = MARGIN_PX if index.column() == 0 else GAP_PX
        words = area.adjusted(left, 0, -(MARGIN_PX if last else GAP_PX), -1)
        color = self._look.color(sign.color)
        if sign.icon:
            pixmap = self._look.pixmap(sign.icon, color, ICON_PX, painter.device().devicePixelRatio())
            icon = QRect(words.left(), words.top() + (words.height() - ICON_PX) // 2, ICON_PX, ICON_PX)
            painter.drawPixmap(QStyle.visualRect(option.direction, area, icon).topLeft(), pixmap)
            words.setLeft(words.left() + ICON_PX + GAP_PX)
        font = self._look.font(TEXT_PX, "medium" if sign.medium else "regular")
        painter.setFont(font)
        painter.setPen(QColor(color))
        shown = QFontMetrics(font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        side = QStyle.visualAlignment(option.direction, index.data(Qt.ItemDataRole.TextAlignmentRole))
        painter.drawText(QStyle.visualRect(option.direction, area, words), side | Qt.AlignmentFlag.AlignAbsolute, shown)
