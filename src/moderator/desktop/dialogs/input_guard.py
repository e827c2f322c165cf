"""Keeps a dialog from being answered by what was meant for the window below: the tail of a key that was held down, or a
click that was on its way when the dialog appeared."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from moderator.desktop.actions.key_repeats import KeyRepeats

DEAF_S: Final = 0.3
"""From the moment the dialog is shown."""
_INPUT: Final = frozenset(
    {
        *(QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.Shortcut, QEvent.Type.ShortcutOverride),
        *(QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick),
        *(QEvent.Type.TouchBegin, QEvent.Type.TouchEnd),
    }
)
_KEYS: Final = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})
_DECIDING: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape})


class InputGuard(QObject):
    """Filters the input of one dialog and of everything in it."""

    def __init__(self, dialog: QWidget, monotonic: Callable[[], float]) -> None:
        """`monotonic`: seconds that never go backwards."""
        super().__init__(dialog)
        self._dialog = dialog
        self._monotonic = monotonic
        self._deaf_until = float("inf")
        self._held = KeyRepeats()
        self._fresh: set[int] = set()
        """Keys that went down while the dialog listened: only they may repeat."""
        dialog.installEventFilter(self)

    def shown(self) -> None:
        """The dialog appeared: begin to count, and cover what it holds."""
        self._deaf_until = self._monotonic() + DEAF_S
        self._fresh.clear()
        for child in self._dialog.findChildren(QWidget):
            child.removeEventFilter(self)
            child.installEventFilter(self)

    @property
    def deaf(self) -> bool:
        """Input is still ignored."""
        return self._monotonic() < self._deaf_until

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _INPUT:
            return False
        repeats = isinstance(event, QKeyEvent) and self._held.repeats(event)
        if self.deaf:
            return True
        return isinstance(event, QKeyEvent) and kind in _KEYS and not self._passes(watched, event, repeats)

    def _passes(self, watched: QObject, event: QKeyEvent, repeats: bool) -> bool:
        key = event.key()
        if not repeats:
            self._fresh.add(key)
            return True
        typing = isinstance(watched, QLineEdit | QPlainTextEdit)
        return typing and key in self._fresh and key not in _DECIDING
