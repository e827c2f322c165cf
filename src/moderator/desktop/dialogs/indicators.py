"""Radio buttons and check boxes in the theme's colours: Fusion draws their outlines darker than the ground, which
nobody sees on a dark one."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QStyle, QWidget

from moderator.desktop.theme.look import Look

SIDE_PX: Final = 16
HEIGHT_PX: Final = 24
_GAP_PX: Final = 8
ARROWS: Final = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right})


class ThemedRadioButton(QRadioButton):
    """One of several. Arrow keys are left to who holds them: Qt's own way stops at the end of a column."""

    def __init__(self, look: Look, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._look = look
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return _size(self, self._look)

    def hitButton(self, at: QPoint) -> bool:
        return self.rect().contains(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = _begin(self, self._look)
        painter.drawEllipse(box)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(_mark(self, self._look)))
            painter.drawEllipse(box.adjusted(4, 4, -4, -4))
        _end(self, self._look, painter)


class ThemedCheckBox(QCheckBox):
    """Yes or no."""

    def __init__(self, look: Look, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._look = look
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return _size(self, self._look)

    def hitButton(self, at: QPoint) -> bool:
        return self.rect().contains(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = _begin(self, self._look)
        if self.isChecked():
            painter.setBrush(QColor(_mark(self, self._look)))
        painter.drawRoundedRect(box, 4, 4)
        if self.isChecked():
            mark = self._look.pixmap("check", self._look.theme.on_accent, 12, self.devicePixelRatioF())
            painter.drawPixmap(_place(self, QRect(2, (self.height() - 12) // 2, 12, 12)).topLeft(), mark)
        _end(self, self._look, painter)


def _size(button: QAbstractButton, look: Look) -> QSize:
    text = QFontMetrics(look.font("body")).horizontalAdvance(button.text())
    return QSize(SIDE_PX + _GAP_PX + text + 4, HEIGHT_PX)


def _mark(button: QAbstractButton, look: Look) -> str:
    return look.theme.accent if button.isEnabled() else look.theme.faint


def _begin(button: QAbstractButton, look: Look) -> tuple[QPainter, QRectF]:
    """A painter set for the outline, and where the outline goes."""
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    chosen = button.isEnabled() and (button.isChecked() or button.hasFocus())
    painter.setPen(QPen(QColor(look.theme.accent if chosen else look.theme.faint), 2 if button.hasFocus() else 1))
    painter.setBrush(QColor(look.theme.raised))
    top = (button.height() - SIDE_PX) // 2
    return painter, QRectF(_place(button, QRect(1, top + 1, SIDE_PX - 2, SIDE_PX - 2)))


def _end(button: QAbstractButton, look: Look, painter: QPainter) -> None:
    """The text, and done."""
    painter.setPen(QColor(look.theme.text if button.isEnabled() else look.theme.faint))
    painter.setFont(look.font("body"))
    left = SIDE_PX + _GAP_PX
    area = _place(button, QRect(left, 0, button.width() - left, button.height()))
    side = QStyle.visualAlignment(button.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
    where = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    painter.drawText(area, int(where), button.text())
    painter.end()


def _place(button: QAbstractButton, area: QRect) -> QRect:
    """The area, mirrored where text runs from right to left."""
    return QStyle.visualRect(button.layoutDirection(), button.rect(), area)
