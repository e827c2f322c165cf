"""Paints one event of the timeline: time, icon, sentence."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from moderator.desktop.room.people_model import Index
from moderator.desktop.room.timeline_model import ROW_ROLE
from moderator.desktop.room.timeline_rows import TimelineRow
from moderator.desktop.theme.look import Look
from moderator.language import tr

ROW_PX: Final = 26
MARGIN_PX: Final = 16
TIME_PX: Final = 62
ICON_PX: Final = 16
_MIDDLE: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class TimelineDelegate(QStyledItemDelegate):
    """One line per event; what does not fit is in the tooltip."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: TimelineRow = index.data(ROW_ROLE)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        theme = self._look.theme
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.selection))
        left = area.left() + MARGIN_PX
        painter.setFont(self._look.font(13))
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRect(left, area.top(), TIME_PX, area.height()), _MIDDLE, row.time)
        color = theme.muted if row.sign.level == "normal" else theme.level(row.sign.level)
        icon = self._look.pixmap(row.sign.icon, color, ICON_PX, painter.device().devicePixelRatio())
        painter.drawPixmap(QPoint(left + TIME_PX + 4, area.center().y() - ICON_PX // 2 + 1), icon)
        text = QRect(area)
        text.setLeft(left + TIME_PX + ICON_PX + 12)
        text.setRight(area.right() - MARGIN_PX)
        self._sentence(painter, text, row)
        painter.restore()

    def _sentence(self, painter: QPainter, area: QRect, row: TimelineRow) -> None:
        theme, metrics = self._look.theme, painter.fontMetrics()
        late = " · " + tr("reported late") if row.late else ""
        width = area.width() - metrics.horizontalAdvance(late)
        shown = metrics.elidedText(row.text, Qt.TextElideMode.ElideRight, width)
        painter.setPen(QColor(theme.text))
        painter.drawText(area, _MIDDLE, shown)
        if late:
            painter.setPen(QColor(theme.stale))
            painter.drawText(area.adjusted(metrics.horizontalAdvance(shown), 0, 0, 0), _MIDDLE, late)
