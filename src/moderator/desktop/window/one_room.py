"""Shows the only room there is alone, and goes back to the table when another comes. The pane itself moves: what is
selected in it, typed or looked back at stays.
"""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from moderator.desktop.room.room_pane import RoomPane
from moderator.desktop.tables.order_hold import HOLD_MS
from moderator.desktop.window.alone import Sight, shows_one
from moderator.desktop.window.docks import Docks
from moderator.desktop.window.lists import Lists

SETTLE_MS: Final = 3_000
"""The first of twenty rooms is alone for a moment, too."""
_TOUCHES: Final = frozenset({
    QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.Wheel,
})  # fmt: skip


class OneRoom(QObject):
    """Give it the seconds."""

    changed = Signal(bool)
    """Whether a room is shown alone."""

    def __init__(
        self,
        lists: Lists,
        pane: RoomPane,
        docks: Docks,
        settle_ms: int = SETTLE_MS,
        hold_ms: int = HOLD_MS,
    ) -> None:
        super().__init__(docks)
        self._lists, self._pane, self._docks = lists, pane, docks
        self._choice: bool | None = None
        self._alone = False
        """Whether there was one room when somebody chose."""
        self.shown = False
        self._was_alone = False
        """Whether there was one room at the last look."""
        self._settling = QTimer(self, singleShot=True, interval=settle_ms)
        self._settling.timeout.connect(self.look)
        self._busy = QTimer(self, singleShot=True, interval=hold_ms)
        self._busy.timeout.connect(self.look)
        lists.table.counts_changed.connect(self.look)
        lists.currentChanged.connect(self._on_page)

    @property
    def _live(self) -> int:
        return self._lists.table.model.counts.get("all", 0)

    def toggle(self) -> None:
        """The selected room alone, or the table again; counts until there is one room, or are more, again."""
        self._choice, self._alone = not self.shown, self._live == 1
        self.look()

    def look(self) -> None:
        """Decide again."""
        if self._choice is not None and (self._live == 1) != self._alone:
            self._choice = None
        alone = self._live == 1
        if alone and not self._was_alone:
            self._settling.start()
        self._was_alone = alone
        window = self._docks.window()
        sight = Sight(
            live=self._live,
            shown=self.shown,
            busy=self._settling.isActive() or self._busy.isActive() or self._lists.table.model.held,
            table_is_plain=self._lists.shows_all_rooms,
            size_px=(window.width(), window.height()),
            choice=self._choice,
        )
        wanted = shows_one(sight)
        if wanted != self.shown:
            self._show() if wanted else self.leave()

    def leave(self) -> None:
        """Everything where it was."""
        if not self.shown:
            return
        self.shown = False
        self._application().removeEventFilter(self)
        self._busy.stop()
        self._pane.set_large(large=False)
        if self._lists.currentWidget() is self._pane:
            self._lists.setCurrentWidget(self._lists.table)
        self._docks.put_back("room", self._pane)
        self.changed.emit(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only while a room is shown alone: every event of the program passes here."""
        if not isinstance(watched, QWidget):
            return False
        if event.type() in _TOUCHES:
            self._busy.start()
        return False

    # --- how -------------------------------------------------------------------------------------------------------

    def _on_page(self) -> None:
        """Somebody chose a list instead."""
        if self.shown and self._lists.currentWidget() is not self._pane:
            self._choice, self._alone = False, self._live == 1
            self.leave()

    def _show(self) -> None:
        view = self._lists.table.view
        if not view.selected_rooms() and self._lists.table.model.rowCount():
            view.select_room(self._lists.table.model.key_at(0))
        self.shown = True
        self._docks.take_out("room")
        self._lists.show_alone(self._pane)
        self._pane.set_large(large=True)
        self._application().installEventFilter(self)
        self.changed.emit(True)

    @staticmethod
    def _application() -> QApplication:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        return application
