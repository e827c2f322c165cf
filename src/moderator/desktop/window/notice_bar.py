"""The line at the foot of the table that tells, in passing, what became of a command. Never takes the focus."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from moderator.desktop.notices import Notice, Tone
from moderator.desktop.theme.look import Look

SHOWN_MS: Final = {"info": 8_000, "done": 10_000, "problem": 30_000}
_ICONS: Final[dict[Tone, tuple[str, str]]] = {
    "done": ("circle-check", "live"),
    "info": ("info", "info"),
    "problem": ("circle-alert", "critical"),
}


class NoticeBar(QFrame):
    """The latest notice, with its button, for a while."""

    wanted = Signal(object)
    """`tuple[Intent, ...]`: what the button does."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._notice: Notice | None = None
        self._icon = QLabel()
        self._text = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._action = QPushButton()
        self._action.clicked.connect(self._on_action)
        self._close = QPushButton()
        self._close.setProperty("kind", "quiet")
        self._close.setAccessibleName(self.tr("Close the notice"))
        self._close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.setProperty("ground", "raised")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        look.changed.connect(self._dress)
        self.hide()

    @property
    def notice(self) -> Notice | None:
        """What is shown now."""
        return self._notice

    def tell(self, notice: Notice) -> None:
        """Show a notice. What is only good to know does not push aside a problem that has still to be read."""
        shown = self._notice
        same = shown is not None and bool(shown.key) and shown.key == notice.key
        if shown is not None and shown.tone == "problem" and notice.tone == "info" and not same:
            return
        self._notice = notice
        self._text.setText(notice.text)
        self._text.setAccessibleName(notice.text)
        self._action.setText(notice.action)
        self._action.setVisible(bool(notice.action))
        self._dress()
        self.show()
        self._timer.start(SHOWN_MS[notice.tone])

    def dismiss(self) -> None:
        """Nothing to tell any more."""
        self._notice = None
        self._timer.stop()
        self.hide()

    def _on_action(self) -> None:
        notice = self._notice
        self.dismiss()
        if notice is not None:
            self.wanted.emit(notice.intents)

    def _dress(self) -> None:
        self._close.setIcon(self._look.icon("x", "muted"))
        if self._notice is not None:
            icon, color = _ICONS[self._notice.tone]
            self._icon.setPixmap(self._look.pixmap(icon, self._look.color(color), 16, self.devicePixelRatioF()))
