"""A strip across the window: something is wrong with what is seen, or a newcomer is told where to begin."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look


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
        if self.isVisible() and text == self._text.text() and level == self._level:
            return
        self._icon_name, self._level = icon, level
        self._text.setText(text)
        self._button.setText(button)
        self._button.setVisible(bool(button))
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

    def _dress(self) -> None:
        color = self._look.color(self._level)
        self._icon.setPixmap(self._look.pixmap(self._icon_name, color, 16, self.devicePixelRatioF()))
