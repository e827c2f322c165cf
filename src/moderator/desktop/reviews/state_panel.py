"""What stands in the place of rows: that they are being read, that there are none, or why they cannot be read."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from moderator.desktop.reviews.trouble import Trouble
from moderator.desktop.theme.look import Look
from moderator.language import tr

ICON_PX: Final = 32
LINE_PX: Final = 520
"""Longer sentences are set on several lines."""


class StatePanel(QWidget):
    """An icon, a title, a sentence that can be copied, and perhaps a button."""

    pressed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = "loader-circle"
        self._icon, self._title, self._line = QLabel(self), QLabel(self), QLabel(self)
        self._title.setProperty("role", "heading")
        self._line.setProperty("role", "muted")
        for label in (self._title, self._line):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._line.setWordWrap(True)
        self._line.setFixedWidth(LINE_PX)
        self._line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(self)
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for widget in (self._icon, self._title, self._line, self.button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        look.changed.connect(self._draw_icon)

    @property
    def text(self) -> str:
        """Everything it says."""
        return "\n".join(part for part in (self._title.text(), self._line.text()) if part)

    def say(self, icon: str, title: str, line: str = "", *, button: str = "") -> None:
        """Show this."""
        self._icon_name = icon
        self._title.setText(title)
        self._line.setText(line)
        self._line.setVisible(bool(line))
        self._line.setFixedHeight(
            max(0, self._line.heightForWidth(LINE_PX))
        )  # a layout does not ask when it is centred
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.setAccessibleName(self.text.replace("\n", ". "))
        self._draw_icon()

    def say_trouble(self, trouble: Trouble) -> None:
        """Show why there is nothing."""
        button = tr("Try again") if trouble.can_retry else ""
        self.say(trouble.icon, trouble.title, trouble.line, button=button)

    def _draw_icon(self) -> None:
        theme = self._look.theme
        self._icon.setPixmap(self._look.pixmap(self._icon_name, theme.faint, ICON_PX, self.devicePixelRatio()))
