"""A field that shows a key and, once it is pressed, takes the next key as the new one."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from moderator.desktop.actions.key_bindings import spelled
from moderator.language import tr, tr_in


class KeyField(QPushButton):
    """Enter, Space or a click have it listen; Esc lets it be, Backspace takes the key away."""

    listens = Signal()
    taken = Signal(str)
    """A key, in Qt's spelling: whether it can be had is for others to say."""
    emptied = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys = ""
        self._changed = False
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.toggled.connect(self._on_toggled)

    def show_keys(self, keys: str, *, changed: bool) -> None:
        """What stands in it; `changed` where somebody chose that."""
        self._keys, self._changed = keys, changed
        self._say()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self.isChecked():
            event.accept()  # whatever it is, it is meant for here
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.isChecked():
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
                self.setChecked(True)
            else:
                super().keyPressEvent(event)
            return
        key = spelled(event)
        if event.isAutoRepeat() or not key:
            return
        self.setChecked(False)
        if key == "Backspace":
            self.emptied.emit()
        elif key != "Esc":
            self.taken.emit(key)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.isChecked():  # the release of the key that made it listen
            super().keyReleaseEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        return not self.isChecked() and super().focusNextPrevChild(next)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.setChecked(False)
        super().focusOutEvent(event)

    # --- how -------------------------------------------------------------------------------------------------------

    def _on_toggled(self, listens: bool) -> None:
        self._say()
        if listens:
            self.listens.emit()

    def _say(self) -> None:
        self.setText(tr("Press a key…") if self.isChecked() else self._keys or tr_in("key", "none"))
        kind = "primary" if self.isChecked() else "chosen" if self._changed else ""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
