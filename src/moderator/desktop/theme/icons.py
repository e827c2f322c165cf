"""Icons: monochrome SVGs of `resources/icons`, drawn in any colour, size and pixel density."""

from functools import cache, lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from moderator.desktop.theme.resources import resource

_THIN: Final = 'stroke-width="1.75"'
"""The set's own 2 of 24 units is heavier than the text beside it."""


@cache
def _drawing(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text("utf-8").replace('stroke-width="2"', _THIN)


def tinted_svg(name: str, color: str) -> bytes:
    """The icon's drawing in this colour (`#RRGGBB`). Raises FileNotFoundError."""
    return _drawing(name).replace("currentColor", color).encode()


@lru_cache(maxsize=512)
def tinted_pixmap(name: str, color: str, size_px: int, ratio: float) -> QPixmap:
    """The icon in this colour (`#RRGGBB`); `size_px` is device-independent. Raises FileNotFoundError."""
    side = round(size_px * ratio)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(tinted_svg(name, color)))
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class TintedIcon(QIconEngine):
    """Lets Qt ask for the icon in the size and density it needs, paler where the control is disabled."""

    def __init__(self, name: str, color: str, disabled: str) -> None:
        super().__init__()
        self._name = name
        self._color = color
        self._disabled = disabled

    def clone(self) -> "TintedIcon":
        return TintedIcon(self._name, self._color, self._disabled)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        return tinted_pixmap(self._name, self._tint(mode), min(size.width(), size.height()), scale)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        area = QRectF(rect)
        side = min(area.width(), area.height())
        ratio = painter.device().devicePixelRatio()
        where = QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
        pixmap = tinted_pixmap(self._name, self._tint(mode), round(side), ratio)
        painter.drawPixmap(where, pixmap, QRectF(pixmap.rect()))

    def _tint(self, mode: QIcon.Mode) -> str:
        return self._disabled if mode == QIcon.Mode.Disabled else self._color
