"""Paints one event of the timeline: time, icon, sentence."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from moderator.desktop.room.people_model import Index
from moderator.desktop.room.timeline_model import ROW_ROLE
from moderator.desktop.room.timeline_rows import TimelineRow
from moderator.desktop.theme.look import Look
from moderator.language import tr

ROW_PX: Final = 26
MARGIN_PX: Final = 16
TIME_PX: Final = 62
"""At least; as wide as the widest time of day where it is written with AM and PM."""
ICON_PX: Final = 16


class TimelineDelegate(QStyledItemDelegate):
    """One line per event; what does not fit is in the tooltip."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._time_px = TIME_PX
        self.until: int | None = None
        """The moment that is looked at: later rows stand back. None: none does."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: TimelineRow = index.data(ROW_ROLE)
        area: QRect = option.rect
        to_come = self.until is not None and row.moment > self.until
        painter.save()
        self._ground(painter, area, option.state)
        self._time(painter, area, option.direction, row, to_come=to_come)
        self._sentence(painter, area, option.direction, row, to_come=to_come)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        theme = self._look.theme
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.selection))
            if state & QStyle.StateFlag.State_HasFocus:
                painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), QColor(theme.accent))

    def _time(
        self, painter: QPainter, area: QRect, direction: Qt.LayoutDirection, row: TimelineRow, *, to_come: bool
    ) -> None:
        theme = self._look.theme
        painter.setFont(self._look.font("body"))
        self._time_px = max(self._time_px, QFontMetrics(painter.font()).horizontalAdvance(row.time) + 6)
        painter.setPen(QColor(theme.faint if to_come else theme.muted))
        place = QRect(area.left() + MARGIN_PX, area.top(), self._time_px, area.height())
        painter.drawText(QStyle.visualRect(direction, area, place), _aligned(direction), row.time)
        color = theme.muted if row.sign.level == "normal" else theme.level(row.sign.level)
        icon = self._look.pixmap(
            row.sign.icon, theme.faint if to_come else color, ICON_PX, painter.device().devicePixelRatio()
        )
        left = QPoint(area.left() + MARGIN_PX + self._time_px + 4, area.center().y() - ICON_PX // 2 + 1)
        painter.drawPixmap(QStyle.visualRect(direction, area, QRect(left, QSize(ICON_PX, ICON_PX))), icon)

    def _sentence(
        self, painter: QPainter, area: QRect, direction: Qt.LayoutDirection, row: TimelineRow, *, to_come: bool
    ) -> None:
        theme, metrics = self._look.theme, painter.fontMetrics()
        place = area.adjusted(MARGIN_PX + self._time_px + ICON_PX + 12, 0, -MARGIN_PX, 0)
        late = " · " + tr("reported late") if row.late else ""
        late_px = metrics.horizontalAdvance(late)
        shown = metrics.elidedText(row.text, Qt.TextElideMode.ElideRight, place.width() - late_px)
        painter.setPen(QColor(theme.faint if to_come else theme.text))
        painter.drawText(QStyle.visualRect(direction, area, place), _aligned(direction), shown)
        if late:
            painter.setPen(QColor(theme.stale))
            after = place.adjusted(metrics.horizontalAdvance(shown), 0, 0, 0)
            painter.drawText(QStyle.visualRect(direction, area, after), _aligned(direction), late)


def _aligned(direction: Qt.LayoutDirection) -> int:
    """To where lines begin in this layout, in whatever script the text is."""
    edge = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft)
    return int(edge | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
