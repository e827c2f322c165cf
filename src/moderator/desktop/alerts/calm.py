"""What the panel of alerts shows when there is none."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from moderator.desktop.theme.look import Look
from moderator.language import tr

_ICON_PX: Final = 24


class Calm(QWidget):
    """That nothing needs anybody, without any colour."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        text = QLabel(tr("Nothing needs you"), alignment=Qt.AlignmentFlag.AlignHCenter)
        text.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._icon)
        column.addWidget(text)
        column.addStretch(3)
        look.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self._icon.setPixmap(
            self._look.pixmap("circle-check", self._look.theme.faint, _ICON_PX, self.devicePixelRatioF())
        )
