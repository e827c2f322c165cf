"""What rows of plain tables have in common: their height, the ground, the hairline below, and the frame of the row that
the keyboard is on.
"""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from moderator.desktop.theme.look import Look

ROW_PX: Final = 32
MARGIN_PX: Final = 16
GAP_PX: Final = 6
ICON_PX: Final = 16


class RowDelegate(QStyledItemDelegate):
    """In the theme's colours. What stands in a cell is for who inherits."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.current_row = -1
        """The row with the keyboard's frame; none while the table has no focus."""
        self._look = look

    def paint_cell(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """What stands between the ground and the frame: nothing here."""

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
        self.paint_cell(painter, option, index)
        if index.row() == self.current_row:
            for y in (area.top(), area.bottom()):
                painter.fillRect(QRect(area.left(), y, area.width(), 1), QColor(theme.accent))
        painter.restore()
