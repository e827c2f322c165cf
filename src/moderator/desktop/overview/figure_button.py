"""The two kinds of buttons of the overview: a number with its word, and a bar of the histogram. Both paint themselves,
are pressed by pointer or key, and stay down while the table shows what they stand for.
"""

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from moderator.desktop.theme.look import Look
from moderator.language import number

HEIGHT_PX: Final = 72
_SIDE_PX: Final = 12
_ICON_PX: Final = 14
_GAP_PX: Final = 4
_BAR_WIDTH_PX: Final = 28
_BAR_PX: Final = 26
_FOOT_PX: Final = 52
_RADIUS: Final = 6
_MIDDLE: Final = Qt.AlignmentFlag.AlignCenter


class _Pressable(QAbstractButton):
    """A ground that shows whether it is chosen, under the pointer, or has the focus."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        look.changed.connect(self.update)

    def paint_ground(self, painter: QPainter) -> None:
        """Below what is painted next."""
        theme = self._look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = theme.selection if self.isChecked() else theme.hover if self.underMouse() else ""
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)


class FigureButton(_Pressable):
    """How many there are, and of what; coloured only where there are any."""

    def __init__(self, look: Look, word: str, icon: str, level: str, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._icon, self._level = icon, level
        self._count = 0
        self.setText(word)

    def show_count(self, count: int, spoken: str) -> None:
        """Another number; `spoken` is all of it in a sentence."""
        if count != self._count or not self.accessibleName():
            self._count = count
            self.setAccessibleName(spoken)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        figure = _ICON_PX + _GAP_PX + QFontMetrics(self._number_font()).horizontalAdvance(number(self._count))
        word = QFontMetrics(self._look.font("small")).horizontalAdvance(self.text())
        return QSize(max(figure, word) + 2 * _SIDE_PX, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        color = self._look.color(self._level if self._count else "muted")
        icon = self._look.pixmap(self._icon, color, _ICON_PX, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - _SIDE_PX - _ICON_PX if mirrored else _SIDE_PX, 19, icon)
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        beside = _SIDE_PX + _ICON_PX + _GAP_PX
        figure = QRect(_SIDE_PX if mirrored else beside, 12, self.width() - beside - _SIDE_PX, 28)
        self._write(painter, figure, number(self._count), self._number_font(), color, side)
        words = QRect(_SIDE_PX, 40, self.width() - 2 * _SIDE_PX, 20)
        plain = self._look.color("accent" if self.isChecked() else "muted")
        self._write(painter, words, self.text(), self._look.font("small"), plain, side)

    def _number_font(self) -> QFont:
        return self._look.font("figure", "semibold")

    def _write(
        self, painter: QPainter, area: QRect, text: str, font: QFont, color: str, side: Qt.AlignmentFlag
    ) -> None:
        painter.setFont(font)
        painter.setPen(QColor(color))
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute, text)


class BarButton(_Pressable):
    """A bar as high as its share, the number on it and the stretch below it."""

    def __init__(self, look: Look, word: str, level: str, parent: QWidget) -> None:
        """`level` is what many of them mean; empty for nothing."""
        super().__init__(look, parent)
        self._level = level
        self._count = 0
        self._share = 0.0
        self.setText(word)

    def show_count(self, count: int, greatest: int, spoken: str) -> None:
        """Another number; the greatest of all bars is as high as can be."""
        share = count / greatest if greatest else 0.0
        if (count, share) != (self._count, self._share) or not self.accessibleName():
            self._count, self._share = count, share
            self.setAccessibleName(spoken)
            self.update()

    def sizeHint(self) -> QSize:
        word = QFontMetrics(self._look.font("small")).horizontalAdvance(self.text())
        figure = QFontMetrics(self._look.font("small", "semibold")).horizontalAdvance(number(9_999))
        return QSize(max(word, figure, _BAR_WIDTH_PX) + 16, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter)
        look, width = self._look, self.width()
        level = (self._level or "text") if self._count else "muted"
        height = max(2 if self._count else 1, round(self._share * _BAR_PX))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.color((self._level or "faint") if self._count else "line")))
        painter.drawRoundedRect(QRectF((width - _BAR_WIDTH_PX) / 2, _FOOT_PX - height, _BAR_WIDTH_PX, height), 2, 2)
        painter.setFont(look.font("small", "semibold"))
        painter.setPen(QColor(look.color(level)))
        painter.drawText(QRect(0, _FOOT_PX - height - 18, width, 16), _MIDDLE, number(self._count))
        painter.setFont(look.font("small"))
        painter.setPen(QColor(look.color("accent" if self.isChecked() else "muted")))
        painter.drawText(QRect(0, _FOOT_PX + 3, width, 16), _MIDDLE, self.text())
