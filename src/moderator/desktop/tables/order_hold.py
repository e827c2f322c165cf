"""When rows stand still: while somebody works in the table, a little longer, and as long as a dialog is open."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from moderator.desktop.tables.rooms_model import RoomsModel

HOLD_MS: Final = 10_000
"""Nothing moves so long after the last movement or key."""


class OrderHold(QObject):
    """Holds a model's order and lets it go."""

    def __init__(self, model: RoomsModel, view: QWidget, hold_ms: int) -> None:
        super().__init__(view)
        self._model = model
        self._dialog = False
        self._timer = QTimer(self, singleShot=True, interval=hold_ms)
        self._timer.timeout.connect(self.let_go)

    def hold(self) -> None:
        """A movement or a key: no row moves from under the hand."""
        self._model.hold_order(True)
        if not self._dialog:
            self._timer.start()

    def let_go(self) -> None:
        """Let every row go where it belongs."""
        self._timer.stop()
        self._model.hold_order(False)

    def watch(self, window: QWidget) -> None:
        """The window in which dialogs open: what they ask about must not move behind them."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowBlocked:
            self._dialog = True
            self._timer.stop()
            self._model.hold_order(True)
        elif event.type() == QEvent.Type.WindowUnblocked:
            self._dialog = False
            self.hold()
        return super().eventFilter(watched, event)
