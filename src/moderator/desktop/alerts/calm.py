"""What the panel of alerts shows when there is none."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from moderator.desktop.alerts.calm_words import CalmWords
from moderator.desktop.theme.look import Look

_ICON_PX: Final = 24
_SIDE_PX: Final = 24


class Calm(QWidget):
    """An icon and words, without any colour."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._words = CalmWords("", "", "")
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self._headline = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter, wordWrap=True)
        self._text = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter, wordWrap=True)
        for label in (self._headline, self._text):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._headline.setProperty("role", "heading")
        self._text.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE_PX, 0, _SIDE_PX, 0)
        column.setSpacing(4)
        column.addStretch(2)
        column.addWidget(self._icon)
        column.addSpacing(8)
        column.addWidget(self._headline)
        column.addWidget(self._text)
        column.addStretch(3)
        look.changed.connect(self._dress)

    def say(self, words: CalmWords) -> None:
        """Show these; the same again changes nothing."""
        if words != self._words:
            self._words = words
            self._headline.setText(words.headline)
            self._text.setText(words.text)
            self._dress()

    def _dress(self) -> None:
        if self._words.icon:
            theme = self._look.theme
            self._icon.setPixmap(self._look.pixmap(self._words.icon, theme.muted, _ICON_PX, self.devicePixelRatioF()))
