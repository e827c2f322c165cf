"""The lines below the alerts that say that it is quiet, each with one button that ends it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from moderator.desktop.alerts.hush import Hush
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.action_button import ActionButton
from moderator.desktop.widgets.elided_label import ElidedLabel
from moderator.language import tr

_ICON_PX: Final = 16


class HushLines(QWidget):
    """Takes no room while everything may be heard."""

    def __init__(self, hush: Hush, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hush = hush
        self._quiet = _Line("moon", tr("End now"), hush.end_quiet, look)
        self._muted = _Line("volume-x", tr("Unmute"), hush.toggle_mute, look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QFrame()
        line.setProperty("role", "line")
        column.addWidget(line)
        column.addWidget(self._quiet)
        column.addWidget(self._muted)
        hush.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        self._quiet.say(self._hush.quiet_words)
        self._muted.say(self._hush.muted_words)
        self.setVisible(bool(self._hush.quiet_words or self._hush.muted_words))


class _Line(QFrame):
    def __init__(self, icon: str, button: str, pressed: Callable[[], None], look: Look) -> None:
        super().__init__()
        self._look = look
        self._name = icon
        self._icon = QLabel()
        self._text = ElidedLabel(look.font("body"))
        self._button = ActionButton(look, button, self)
        self._button.clicked.connect(pressed)
        self.setProperty("ground", "raised")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        look.changed.connect(self._dress)
        self._dress()

    def say(self, words: str) -> None:
        """Show these words; empty for nothing."""
        self._text.setText(words)
        self._button.setAccessibleName(f"{self._button.text()}: {words}")
        self.setVisible(bool(words))

    def _dress(self) -> None:
        theme = self._look.theme
        self._icon.setPixmap(self._look.pixmap(self._name, theme.muted, _ICON_PX, self.devicePixelRatioF()))
