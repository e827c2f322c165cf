"""Paints a person: initials in a circle, name, a line about them, what they share."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from moderator.client.texts import safe
from moderator.desktop.picture import Picture
from moderator.desktop.room.people_list import PersonRow
from moderator.desktop.room.people_model import PERSON_ROLE, Index
from moderator.desktop.theme.look import Look

ROW_PX: Final = 44
AVATAR_PX: Final = 28
ICON_PX: Final = 16
ICON_GAP_PX: Final = 8
MARGIN_PX: Final = 16
TEXT_LEFT_PX: Final = MARGIN_PX + AVATAR_PX + 10


class PeopleDelegate(QStyledItemDelegate):
    """Reads the time when it paints, so the model does not change while time passes."""

    def __init__(self, picture: Picture, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = picture
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: PersonRow = index.data(PERSON_ROLE)
        state: QStyle.StateFlag = option.state
        place = _Place(option.rect, option.direction)
        painter.save()
        self._ground(painter, place.area, state)
        self._avatar(painter, place, row)
        right = self._media(painter, place, row)
        self._words(painter, place, row, right)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        theme = self._look.theme
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(theme.hover))
        line = QRect(area.left() + MARGIN_PX, area.bottom(), area.width() - 2 * MARGIN_PX, 1)
        painter.fillRect(line, QColor(theme.line))
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area.adjusted(0, 0, 3 - area.width(), 0), QColor(theme.accent))

    def _avatar(self, painter: QPainter, place: "_Place", row: PersonRow) -> None:
        theme, area = self._look.theme, place.area
        circle = place.mirrored(
            QRect(area.left() + MARGIN_PX, area.center().y() - AVATAR_PX // 2, AVATAR_PX, AVATAR_PX)
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        violated = row.presence == "violation"
        painter.setBrush(QColor(theme.critical_ground if violated else theme.hover))
        if row.presence == "expected":  # an empty place
            painter.setPen(QPen(QColor(theme.faint), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        if violated:
            icon = self._look.pixmap("user-x", theme.critical, ICON_PX, painter.device().devicePixelRatio())
            painter.drawPixmap(circle.center() - QPoint(ICON_PX // 2 - 1, ICON_PX // 2 - 1), icon)
            return
        painter.setPen(QColor(theme.muted))
        painter.setFont(self._look.font("tiny", "semibold"))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, row.initials)

    def _media(self, painter: QPainter, place: "_Place", row: PersonRow) -> int:
        """From the end; returns where the text has to stop."""
        area = place.area
        right = area.right() - MARGIN_PX + 1
        ratio = painter.device().devicePixelRatio()
        for medium in reversed(row.media):
            right -= ICON_PX
            icon = self._look.pixmap(medium.icon, self._look.theme.muted, ICON_PX, ratio)
            painter.drawPixmap(
                place.mirrored(QRect(right, area.center().y() - ICON_PX // 2 + 1, ICON_PX, ICON_PX)), icon
            )
            right -= ICON_GAP_PX
        return right

    def _words(self, painter: QPainter, place: "_Place", row: PersonRow, right: int) -> None:
        theme, area = self._look.theme, place.area
        left = area.left() + TEXT_LEFT_PX
        width = max(0, right - left)
        upper = QRect(left, area.top() + 5, width, 18)
        lower = QRect(left, area.top() + 22, width, 16)
        painter.setFont(self._look.font("body"))
        painter.setPen(QColor(theme.text if row.here else theme.muted))
        self._name(painter, place, upper, row)
        painter.setFont(self._look.font("small"))
        notes = " · ".join(row.notes)
        if notes:
            painter.setPen(QColor(theme.critical))
            taken = self._line(painter, place, lower, notes)
            lower.setLeft(min(right, lower.left() + taken))
        painter.setPen(QColor(theme.muted))
        details = row.details(self._picture.now_ms())
        self._line(painter, place, lower, f" · {details}" if notes else details)

    def _name(self, painter: QPainter, place: "_Place", area: QRect, row: PersonRow) -> None:
        """What tells two of one name from each other stays in sight, however long the name."""
        suffix = f" ({row.suffix})" if row.suffix else ""
        suffix_px = painter.fontMetrics().horizontalAdvance(suffix)
        taken = self._line(painter, place, area.adjusted(0, 0, -suffix_px, 0), row.name)
        if suffix:
            painter.setPen(QColor(self._look.theme.muted))
            self._line(painter, place, area.adjusted(taken, 0, 0, 0), suffix)

    def _line(self, painter: QPainter, place: "_Place", area: QRect, text: str) -> int:
        """Draw what fits; returns its width."""
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(safe(text), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(place.mirrored(area), place.begin, shown)
        return metrics.horizontalAdvance(shown)


class _Place:
    """Where a row is painted. It is thought of from left to right; in other layouts everything is mirrored."""

    def __init__(self, area: QRect, direction: Qt.LayoutDirection) -> None:
        self.area = area
        self._direction = direction
        edge = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft)
        # Absolute: a name in another script does not go to the other side.
        self.begin = int(edge | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)

    def mirrored(self, part: QRect) -> QRect:
        """Where this part of the row really is."""
        return QStyle.visualRect(self._direction, self.area, part)
