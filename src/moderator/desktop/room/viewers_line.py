"""The line that tells which other moderators look at the room too, and who has acknowledged its warning."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from moderator.desktop.picture import Picture
from moderator.desktop.theme.look import Look
from moderator.desktop.viewing_words import acknowledged_words, looking_words
from moderator.domain.rooms import Room

ICON_PX: Final = 14


class ViewersLine(QWidget):
    """Not there as long as there is nothing to tell."""

    def __init__(self, store: Picture, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._look = look
        self._icon = QLabel(self)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    def show_room(self, room: Room) -> None:
        """Look at the room, and at the time, again."""
        me_id = self._store.me.id if self._store.me else ""
        parts = (looking_words(room, self._store.now_ms(), me_id), acknowledged_words(room, me_id))
        words = "\n".join(part for part in parts if part)
        self.setVisible(bool(words))
        if words != self._words.text():
            self._words.setText(words)
            self._words.setAccessibleName(words)
        self._icon.setPixmap(self._look.pixmap("eye", self._look.theme.muted, ICON_PX, self.devicePixelRatioF()))
