"""The frame around what is looked back at, and under it the line that says so."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from moderator.desktop.past.past_bar import PastBar
from moderator.desktop.theme.look import Look

FRAME_PX: Final = 2


class Framed(QWidget):
    """The room, and while the past is shown a frame around it and the line that says so.

    Nothing moves for it: the line is below, and the frame lies over the rest, for the slider is under the pointer.
    """

    def __init__(self, look: Look, bar: PastBar, content: QWidget) -> None:
        super().__init__()
        self._bar = bar
        self._content = content
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(content, 1)
        rows.addWidget(bar)
        self._frame = _Frame(look, self)

    def set_past(self, *, past: bool) -> None:
        """Put the frame on, or take it off."""
        self._bar.setVisible(past)
        self._frame.setVisible(past)
        self._frame.raise_()

    def minimumSizeHint(self) -> QSize:
        return self._content.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._frame.setGeometry(self.rect())


class _Frame(QWidget):
    """Four edges that let everything through."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setVisible(False)
        look.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        inset = FRAME_PX / 2
        pen = QPen(QColor(self._look.theme.info), FRAME_PX)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))
        painter.end()
