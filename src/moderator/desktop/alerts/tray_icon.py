"""The picture in the tray: its shape and colour say how bad it is, its number how many need somebody."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap, QPolygonF

from moderator.desktop.room_status import Level
from moderator.desktop.theme.look import Look

SIZES_PX: Final = (16, 22, 24, 32, 48, 64)
_SHAPES: Final[dict[Level, tuple[tuple[float, float], ...]]] = {
    "critical": ((0.3, 0), (0.7, 0), (1, 0.3), (1, 0.7), (0.7, 1), (0.3, 1), (0, 0.7), (0, 0.3)),
    "warn": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
}
"""An octagon and a diamond; anything else is round. In parts of the side."""
MOST: Final = 9
"""What is more does not fit, and changes nothing."""


def tray_icon(look: Look, level: Level, count: int) -> QIcon:
    """The icon for this many alerts, the worst of which is of this level."""
    icon = QIcon()
    for size in SIZES_PX:
        icon.addPixmap(_pixmap(look, level, count, size))
    return icon


def _pixmap(look: Look, level: Level, count: int, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(_shape(level, size), QColor(look.color(level if level in _SHAPES else "accent")))
    painter.setPen(QColor(look.theme.window if level in _SHAPES else look.theme.on_accent))
    if count:
        painter.setFont(look.font(round(size * 0.62), "semibold"))
        painter.drawText(QRectF(0, 0, size, size), Qt.AlignmentFlag.AlignCenter, str(count) if count <= MOST else "+")
    else:
        side = round(size * 0.62)
        glyph = look.pixmap("users", look.theme.on_accent, side)
        painter.drawPixmap(QPointF((size - side) / 2, (size - side) / 2), glyph)
    painter.end()
    return pixmap


def _shape(level: Level, size: int) -> QPainterPath:
    path = QPainterPath()
    if (corners := _SHAPES.get(level)) is None:
        path.addEllipse(QRectF(0, 0, size, size))
    else:
        path.addPolygon(QPolygonF([QPointF(x * size, y * size) for x, y in corners]))
        path.closeSubpath()
    return path
