"""A strip across the window: something is wrong with what is seen, or a newcomer is told where to begin."""

from typing import Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStyle, QWidget

from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look

EDGE_PX: Final = 4
ICON_PX: Final = 16


class Strip(QFrame):
    """An icon, a sentence, and up to one button. Hidden while there is nothing to say."""

    pressed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name, self._level = "info", "info"
        self._icon = QLabel()
        self._text = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton()
        self._button.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        look.changed.connect(self._dress)
        self.hide()

    def say(self, text: str, *, icon: str, level: str = "info", ground: str = "raised", button: str = "") -> None:
        """Show a sentence; the same one again changes nothing."""
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        if (icon, level, ground) != (self._icon_name, self._level, self.property("ground")):
            self._icon_name, self._level = icon, level
            self.setProperty("ground", ground)
            self.style().polish(self)
            self._dress()
        self.show()

    def allow(self, why_not: str) -> None:
        """Let the button be pressed, or say why not."""
        self._button.setEnabled(not why_not)
        self._button.setAccessibleDescription(why_not)
        self._button.setToolTip(plain_tip(why_not))

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return self._text.text() if self.isVisible() else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, an edge in the colour of the level where reading begins, and a line that ends it."""
        super().paintEvent(event)
        painter = QPainter(self)
        edge = QRect(0, 0, EDGE_PX, self.height())
        painter.fillRect(QStyle.visualRect(self.layoutDirection(), self.rect(), edge), self._look.color(self._level))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._look.color("line"))

    def _dress(self) -> None:
        color = self._look.color(self._level)
        self._icon.setPixmap(self._look.pixmap(self._icon_name, color, ICON_PX, self.devicePixelRatioF()))
        self.update()
