"""Three lines for a newcomer, which can be dismissed for good."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from moderator.desktop.theme.look import Look
from moderator.language import tr


class Hint(QFrame):
    """What to do first."""

    dismissed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        lines = (
            tr("The room that ends next is on top. Select one and press E: it gets more time."),
            tr("Somebody who should not be there is an alert: F6 goes to the alerts, the arrow keys to it."),
            tr("Enter on that alert asks; Enter again disconnects the person and keeps them out. Ctrl+Z re-admits."),
        )
        self._icon = QLabel()
        text = QLabel("\n".join(lines), textFormat=Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        close = QPushButton(tr("Got it"))
        close.clicked.connect(self._dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setProperty("ground", "raised")
        look.changed.connect(self._dress)
        self._dress()

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    def _dress(self) -> None:
        color = self._look.color("accent")
        self._icon.setPixmap(self._look.pixmap("lightbulb", color, 16, self.devicePixelRatioF()))
