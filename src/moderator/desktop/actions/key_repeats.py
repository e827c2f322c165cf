"""Tells a key that is held from one that is pressed again.

X11 sends a held key as releases and presses of the same moment. Qt recognises such a pair only when both have arrived
by the time it looks, and takes them for real ones otherwise: seen with Xvfb about once in ten seconds of holding.
"""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent


class KeyRepeats:
    """Watches the key events of one widget, or of several that have the focus in turn."""

    def __init__(self) -> None:
        self._released_at: dict[int, int] = {}
        """By key: the moment of its last release, in the window system's milliseconds."""

    def repeats(self, event: QKeyEvent) -> bool:
        """Whether a press or release is a repetition. Show it every event of the keys in question."""
        if event.type() == QEvent.Type.KeyRelease:
            self._released_at[event.key()] = event.timestamp()
            return event.isAutoRepeat()
        same_moment = event.timestamp() != 0 and self._released_at.get(event.key()) == event.timestamp()
        return event.isAutoRepeat() or same_moment
