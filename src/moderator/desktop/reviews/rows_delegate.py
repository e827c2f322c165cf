"""Paints the cells of a review's table: an icon and a text."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from moderator.desktop.reviews.rows_model import SIGN_ROLE, Sign
from moderator.desktop.theme.row_delegate import GAP_PX, ICON_PX, MARGIN_PX, RowDelegate


class RowsDelegate(RowDelegate):
    """In the theme's colours."""

    def paint_cell(
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
        font = self._look.font("body", "medium" if sign.medium else "regular")
        painter.setFont(font)
        painter.setPen(QColor(color))
        shown = QFontMetrics(font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        side = QStyle.visualAlignment(option.direction, index.data(Qt.ItemDataRole.TextAlignmentRole))
        painter.drawText(QStyle.visualRect(option.direction, area, words), side | Qt.AlignmentFlag.AlignAbsolute, shown)
