"""The large figure of the time that is left. It paints itself: a label would lay itself out again at every tick."""

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from moderator.desktop.room_status import Level
from moderator.desktop.theme.fonts import Size
from moderator.desktop.theme.look import Look

SIZES: Final[dict[bool, tuple[Size, Size]]] = {False: ("clock", "clock_small"), True: ("clock_large", "clock")}
"""The second is for what is long: `+02:13 over` is more than twice as long as `02:13`."""
_LONGEST: Final = len("≈ 00:00")
_HEIGHT_PX: Final = {False: 52, True: 112}


class BigTime(QWidget):
    """Hidden while there is nothing to show."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._text = ""
        self._level: Level = "normal"
        self._large = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    def show_time(self, text: str, level: Level) -> None:
        """This time in the colour of this level; repaints only what changed."""
        if (text, level) == (self._text, self._level):
            return
        self._text, self._level = text, level
        self.setVisible(bool(text))
        self.update()

    def set_large(self, *, large: bool) -> None:
        """As large as befits the only room, or as among many."""
        self._large = large
        self.updateGeometry()
        self.update()

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT_PX[self._large])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(self._look.theme.level(self._level)))
        full, less = SIZES[self._large]
        painter.setFont(self._look.font(full if len(self._text) <= _LONGEST else less, "semibold"))
        # The letters' own left bearing would set the figure off from the lines above and below.
        bearing = painter.fontMetrics().leftBearing(self._text[0]) if self._text else 0
        area = QRect(-bearing, 0, self.width(), self.height())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self._text)
        painter.end()
