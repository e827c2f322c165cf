"""A button with room between its icon, its words and its key: what Qt paints stands too close together."""

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from moderator.desktop.theme.key_cap import CAP_PX, cap_px, paint_cap
from moderator.desktop.theme.look import Look

ICON_PX: Final = 16
HEIGHT_PX: Final = 28
_SIDE_PX: Final = 12
_TIGHT_PX: Final = 6
_GAP_PX: Final = 8
_COLORS: Final = {"primary": "on_accent", "danger": "critical"}


class IconButton(QPushButton):
    """The stylesheet draws ground and border, by the property `kind`."""

    def __init__(
        self,
        look: Look,
        text: str = "",
        parent: QWidget | None = None,
        *,
        icon: str = "",
        kind: str = "",
        key: str = "",
    ) -> None:
        super().__init__(text, parent)
        self._look = look
        self._icon = icon
        self._icon_color = ""
        self._kind = kind
        self._key = key
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        look.changed.connect(self.update)

    def set_icon(self, name: str, color: str = "") -> None:
        """Another icon; `color` is a level or a token, where it is not to be that of the words."""
        if (name, color) != (self._icon, self._icon_color):
            self._icon, self._icon_color = name, color
            self._changed()

    @property
    def key(self) -> str:
        """The key that stands on it, where there is room."""
        return self._key

    def set_key(self, key: str) -> None:
        """The key that does the same, as it is shown; nothing where there is none."""
        if key != self._key:
            self._key = key
            self._changed()

    def set_kind(self, kind: str) -> None:
        """Look more or less important than before."""
        if kind != self._kind:
            self._kind = kind
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
            self._changed()

    def sizeHint(self) -> QSize:
        return QSize(2 * (_SIDE_PX if self.text() else _TIGHT_PX) + self._content_px(), HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * _TIGHT_PX + self._content_px(with_key=False), HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        if self._kind == "primary" and self.hasFocus():
            self._paint_ring(painter)
        color = self._look.color(self._words_color())
        with_key = bool(self._key) and self._content_px() <= self.width() - 2 * _TIGHT_PX
        left = (self.width() - self._content_px(with_key=with_key)) // 2
        left = self._paint_icon(painter, left, color)
        left = self._paint_text(painter, left, color)
        if with_key:
            cap = QRect(left, (self.height() - CAP_PX) // 2, self._cap_px(), CAP_PX)
            paint_cap(painter, self._mirrored(cap), self._key, self._look.font("tiny"), color)

    # --- how -------------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        self.updateGeometry()
        self.update()

    def _words_color(self) -> str:
        if not self.isEnabled():
            return "faint"
        if self._kind == "chip":
            return "accent" if self.isChecked() else "muted"
        return _COLORS.get(self._kind, "text")

    def _content_px(self, *, with_key: bool = True) -> int:
        parts = [ICON_PX] if self._icon else []
        parts += [self._text_px()] if self.text() else []
        parts += [self._cap_px()] if self._key and with_key else []
        return sum(parts) + _GAP_PX * max(0, len(parts) - 1)

    def _text_px(self) -> int:
        return QFontMetrics(self._look.font("body", "medium")).horizontalAdvance(self._plain_text())

    def _cap_px(self) -> int:
        return cap_px(self._look.font("tiny"), self._key)

    def _plain_text(self) -> str:
        return self.text().replace("&&", "&")

    def _paint_ring(self, painter: QPainter) -> None:
        """Within the ground: around it, a frame of the accent would not be told from it."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.theme.on_accent), 2))
        painter.drawRoundedRect(self.rect().adjusted(3, 3, -3, -3), 4, 4)
        painter.restore()

    def _paint_icon(self, painter: QPainter, left: int, color: str) -> int:
        if not self._icon:
            return left
        own = self._look.color(self._icon_color) if self._icon_color and self.isEnabled() else color
        icon = self._look.pixmap(self._icon, own, ICON_PX, self.devicePixelRatioF())
        place = QRect(left, (self.height() - ICON_PX) // 2, ICON_PX, ICON_PX)
        painter.drawPixmap(self._mirrored(place).topLeft(), icon)
        return left + ICON_PX + _GAP_PX

    def _paint_text(self, painter: QPainter, left: int, color: str) -> int:
        if not self.text():
            return left
        painter.setFont(self._look.font("body", "medium"))
        painter.setPen(QColor(color))
        area = QRect(left, 0, self._text_px() + 1, self.height())
        painter.drawText(self._mirrored(area), int(Qt.AlignmentFlag.AlignCenter), self._plain_text())
        return left + self._text_px() + _GAP_PX

    def _mirrored(self, area: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), area)
