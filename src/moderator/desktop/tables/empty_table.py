"""What a table without rows says: why it is empty, and what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from moderator.desktop.theme.look import Look
from moderator.language import tr

ICON_PX = 32


class EmptyTable(QWidget):
    """An icon, a sentence, a line below it, and perhaps the way out."""

    clear_wanted = Signal()
    """Take the filter away."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = "inbox"
        self._icon, self._title, self._line = QLabel(self), QLabel(self), QLabel(self)
        self._title.setProperty("role", "heading")
        self._line.setProperty("role", "muted")
        for label in (self._title, self._line):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._clear = QPushButton(tr("Clear filter"), self)
        self._clear.clicked.connect(self.clear_wanted)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for widget in (self._icon, self._title, self._line, self._clear):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        look.changed.connect(self._draw_icon)

    def say(self, icon: str, title: str, line: str, *, can_clear: bool = False) -> None:
        """Show this reason."""
        self._icon_name = icon
        self._title.setText(title)
        self._line.setText(line)
        self._clear.setVisible(can_clear)
        self._draw_icon()

    def _draw_icon(self) -> None:
        theme = self._look.theme
        self._icon.setPixmap(self._look.pixmap(self._icon_name, theme.faint, ICON_PX, self.devicePixelRatio()))
