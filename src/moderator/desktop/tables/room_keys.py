"""The keys of the rooms table, as Qt tells of them. How they are shown is in `moderator.desktop.actions`."""

from typing import Final

from PySide6.QtCore import Qt

from moderator.desktop.intents import ActionName

PLAIN, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
LETTERS: Final[dict[tuple[int, Qt.KeyboardModifier], ActionName]] = {
    (Qt.Key.Key_E, PLAIN): "extend",
    (Qt.Key.Key_E, _SHIFT): "extend_custom",
    (Qt.Key.Key_D, PLAIN): "disconnect",
    (Qt.Key.Key_A, PLAIN): "acknowledge",
    (Qt.Key.Key_C, PLAIN): "claim",
    (Qt.Key.Key_L, PLAIN): "lock",
    (Qt.Key.Key_M, PLAIN): "message",
    (Qt.Key.Key_E, _SHIFT | Qt.KeyboardModifier.ControlModifier): "end",
}
