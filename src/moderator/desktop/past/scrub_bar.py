"""The slider above the timeline: when something happened in the room, and the moment that is looked at."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QStyle, QWidget

from moderator.client.texts import clock_time
from moderator.desktop.past.steps import Step, stepped
from moderator.desktop.theme.look import Look
from moderator.language import tr

HEIGHT_PX: Final = 24
SCALE: Final = 10_000
_HANDLE_PX: Final = 12
_GROOVE_PX: Final = 4
_TICK_PX: Final = 10
_KEYS: Final[dict[Qt.Key, Step]] = {
    Qt.Key.Key_Left: "back",
    Qt.Key.Key_Right: "on",
    Qt.Key.Key_PageUp: "far_back",
    Qt.Key.Key_PageDown: "far_on",
    Qt.Key.Key_Home: "begin",
    Qt.Key.Key_End: "live",
}
_MIRRORED: Final[dict[Step, Step]] = {"back": "on", "on": "back"}


class ScrubBar(QSlider):
    """From the beginning to now, at the far end. A key goes from one event to the next.

    Its own value is a part of `SCALE`, so that it stays where it is, and silent, while now goes on.
    """

    moment_wanted = Signal(object)
    """`int`, milliseconds since the epoch, or None: back to what is now."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self._begin = 0
        self._span_ms = 1
        self._moments: tuple[int, ...] = ()
        self._at: int | None = None
        self.setAccessibleName(tr("Moment that is shown"))
        self.setRange(0, SCALE)
        self.setFixedHeight(HEIGHT_PX)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look.changed.connect(self.update)

    def show_range(self, begin: int, now_ms: int, moments: Sequence[int]) -> None:
        """From the beginning of what is known until now, with a tick wherever something happened."""
        self._begin, self._moments = begin, tuple(one for one in moments if begin <= one <= now_ms)
        self._span_ms = max(1, now_ms - begin)
        self._follow()

    def show_moment(self, at: int | None) -> None:
        """The moment that is looked at; None: now, at the right end."""
        self._at = at
        self._follow()

    def sizeHint(self) -> QSize:
        return QSize(160, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, HEIGHT_PX)

    # --- what the user does ----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        if self._is_mirrored():
            step = _MIRRORED.get(step, step)
        self.moment_wanted.emit(stepped(step, self._moments, self._begin, self._at))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._want(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._want(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def _want(self, x: float) -> None:
        inner = self._groove()
        part = (inner.right() - x if self._is_mirrored() else x - inner.left()) / max(1, inner.width())
        self.moment_wanted.emit(None if part >= 1 else self._begin + int(max(0.0, part) * self._span_ms))

    # --- what it shows ---------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        value = SCALE if self._at is None else self._value_of(self._at)
        self.setAccessibleDescription(tr("now") if self._at is None else clock_time(self._at))
        blocked = self.blockSignals(True)  # Qt's own
        self.setValue(value)
        self.blockSignals(blocked)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, groove = self._look.theme, self._groove()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        _bar(painter, groove, theme.line)
        handle_x = self._x(self.value())
        _bar(painter, self._until(groove, handle_x), theme.faint)
        for x in {self._x(self._value_of(one)) for one in self._moments}:
            painter.fillRect(
                QRectF(x - 0.5, groove.center().y() - _TICK_PX / 2 + 0.5, 1, _TICK_PX), QColor(theme.muted)
            )
        center = QRectF(handle_x - _HANDLE_PX / 2, groove.center().y() + 0.5 - _HANDLE_PX / 2, _HANDLE_PX, _HANDLE_PX)
        if self.hasFocus():
            painter.setBrush(QColor(theme.selection))
            painter.drawEllipse(center.adjusted(-5, -5, 5, 5))
        painter.setBrush(QColor(theme.accent if self.isEnabled() else theme.faint))
        painter.drawEllipse(center)
        painter.end()

    def _groove(self) -> QRect:
        inset = _HANDLE_PX // 2 + 4
        return QRect(inset, (self.height() - _GROOVE_PX) // 2, self.width() - 2 * inset, _GROOVE_PX)

    def _value_of(self, at: int) -> int:
        return max(0, min(SCALE, (at - self._begin) * SCALE // self._span_ms))

    def _x(self, value: int) -> int:
        groove = self._groove()
        return groove.left() + QStyle.sliderPositionFromValue(0, SCALE, value, groove.width(), self._is_mirrored())

    def _until(self, groove: QRect, x: int) -> QRect:
        if self._is_mirrored():
            return QRect(x, groove.top(), groove.right() - x + 1, groove.height())
        return QRect(groove.left(), groove.top(), x - groove.left(), groove.height())

    def _is_mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft


def _bar(painter: QPainter, area: QRect, color: str) -> None:
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(area, _GROOVE_PX / 2, _GROOVE_PX / 2)
