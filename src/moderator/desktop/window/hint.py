"""Three lines for a newcomer, which can be dismissed for good. They name the keys in force."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from moderator.desktop.actions.key_bindings import KeyBindings, shown
from moderator.desktop.theme.look import Look
from moderator.language import tr


class Hint(QFrame):
    """What to do first."""

    dismissed = Signal()

    def __init__(self, look: Look, keys: KeyBindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._keys = keys
        self._icon = QLabel()
        self._text = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        close = QPushButton(tr("Got it"))
        close.clicked.connect(self._dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setProperty("ground", "raised")
        look.changed.connect(self._dress)
        keys.changed.connect(self._say)
        self._dress()
        self._say()

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    def _say(self) -> None:
        extend = shown(self._keys.key("extend", "room"))
        pane, undo = (shown(self._keys.key(name, "window")) for name in ("next_pane", "undo"))
        first = tr("The room that ends next is on top. The button in its row gives it more time.")
        if extend:
            first = tr("The room that ends next is on top. Select one and press {key}: it gets more time.")
        second = tr("Somebody who should not be there is an alert, among the alerts beside the rooms.")
        if pane:
            second = tr("Somebody who should not be there is an alert: {key} goes to the alerts, the arrow keys to it.")
        third = tr("Enter on that alert asks; Enter again disconnects the person and keeps them out.")
        if undo:
            third = tr(
                "Enter on that alert asks; Enter again disconnects the person and keeps them out. {key} re-admits."
            )
        self._text.setText("\n".join((first.format(key=extend), second.format(key=pane), third.format(key=undo))))

    def _dress(self) -> None:
        color = self._look.color("accent")
        self._icon.setPixmap(self._look.pixmap("lightbulb", color, 16, self.devicePixelRatioF()))
