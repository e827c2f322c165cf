"""A key as it is drawn beside words: its name in a small rounded box."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

CAP_PX: Final = 17
"""Its height, and the least width."""
_SIDE_PX: Final = 5
_EDGE_ALPHA: Final = 0.35


def cap_px(font: QFont, key: str) -> int:
    """How wide it is."""
    return max(CAP_PX, QFontMetrics(font).horizontalAdvance(key) + 2 * _SIDE_PX)


def paint_cap(painter: QPainter, area: QRect, key: str, font: QFont, color: str) -> None:
    """Draw it there, in one colour (`#RRGGBB`) with a paler edge."""
    edge = QColor(color)
    edge.setAlphaF(_EDGE_ALPHA)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QColor(color))
    painter.setFont(font)
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), key)
