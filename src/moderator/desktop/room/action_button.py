"""A button that emits a wish, shows the key that does the same, and says why it is off."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look

ICON_PX: Final = 16
HEIGHT_PX: Final = 28
_SIDE_PX: Final = 12
_GAP_PX: Final = 7
_CAP_SIDE_PX: Final = 5
_CAP_PX: Final = 17
_COLORS: Final = {"primary": "on_accent", "danger": "critical"}


class ActionButton(QPushButton):
    """Made once; `allow` is called whenever the answer may be another. The stylesheet draws ground and border."""

    def __init__(
        self, look: Look, text: str, parent: QWidget, *, icon: str = "", kind: str = "", key: str = "", tip: str = ""
    ) -> None:
        super().__init__(text, parent)
        self._look = look
        self._icon = icon
        self._kind = kind
        self._key = key
        self._tip = tip
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        look.changed.connect(self.update)
        self.allow("")

    def allow(self, why_not: str) -> None:
        """Let it be pressed, or say why not."""
        self.setEnabled(not why_not)
        self.setAccessibleDescription(why_not)
        self.setToolTip(plain_tip(why_not or self._tip))

    def set_kind(self, kind: str) -> None:
        """Look more or less important than before."""
        if kind != self._kind:
            self._kind = kind
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(2 * _SIDE_PX + self._content_px(), HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * _CAP_SIDE_PX + self._content_px(with_key=False), HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        color = self._look.color(_COLORS.get(self._kind, "text") if self.isEnabled() else "faint")
        with_key = bool(self._key) and self._content_px() <= self.width() - 2 * _CAP_SIDE_PX
        left = (self.width() - self._content_px(with_key=with_key)) // 2
        left = self._paint_icon(painter, left, color)
        left = self._paint_text(painter, left, color)
        if with_key:
            self._paint_key(painter, left, color)

    # --- how -------------------------------------------------------------------------------------------------------

    def _content_px(self, *, with_key: bool = True) -> int:
        icon = ICON_PX + _GAP_PX if self._icon else 0
        return icon + self._text_px() + (_GAP_PX + self._cap_px() if self._key and with_key else 0)

    def _text_px(self) -> int:
        return QFontMetrics(self._look.font(13, "medium")).horizontalAdvance(self.text())

    def _cap_px(self) -> int:
        return max(_CAP_PX, QFontMetrics(self._look.font(11)).horizontalAdvance(self._key) + 2 * _CAP_SIDE_PX)

    def _paint_icon(self, painter: QPainter, left: int, color: str) -> int:
        if not self._icon:
            return left
        icon = self._look.pixmap(self._icon, color, ICON_PX, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(left, (self.height() - ICON_PX) // 2), icon)
        return left + ICON_PX + _GAP_PX

    def _paint_text(self, painter: QPainter, left: int, color: str) -> int:
        painter.setFont(self._look.font(13, "medium"))
        painter.setPen(QColor(color))
        width = self._text_px()
        painter.drawText(QRect(left, 0, width + 1, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self.text())
        return left + width + _GAP_PX

    def _paint_key(self, painter: QPainter, left: int, color: str) -> None:
        edge = QColor(color)
        edge.setAlphaF(0.35)
        cap = QRectF(left + 0.5, (self.height() - _CAP_PX) // 2 + 0.5, self._cap_px() - 1, _CAP_PX - 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 1))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(QColor(color))
        painter.setFont(self._look.font(11))
        painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), self._key)
