"""The key of an action as a small box in a line of text."""

from PySide6.QtWidgets import QLabel, QWidget

from moderator.desktop.actions.action import Action
from moderator.desktop.actions.key_bindings import KeyBindings, shown


class KeyLabel(QLabel):
    """Shows the key in force; nothing where there is none."""

    def __init__(self, keys: KeyBindings, action: Action, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys = keys
        self._action = action
        self.setProperty("role", "key")
        keys.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        key = next(iter(self._keys.keys(self._action)), "")
        self.setText(shown(key))
        self.setVisible(bool(key))
