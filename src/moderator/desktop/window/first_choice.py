"""Which room is selected before anybody selects one: the next to end, as soon as that can be told."""

from typing import Final

from PySide6.QtCore import QObject, QTimer

from moderator.desktop.tables.arrangement import Filter
from moderator.desktop.tables.rooms_model import RoomsModel
from moderator.desktop.tables.rooms_view import RoomsView
from moderator.domain.ids import RoomKey

SETTLE_MS: Final = 3_000
"""The first rooms come one by one, and when they end is known a little later."""


class FirstChoice(QObject):
    """Selects the top row when rooms come and none is selected, but not in the place of a room that has gone: the next
    key was meant for that one. The first time it goes on to do so while the rooms are being sorted, unless somebody
    does something: then nothing moves from under the hand.
    """

    def __init__(self, view: RoomsView, model: RoomsModel, settle_ms: int = SETTLE_MS) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._chosen: RoomKey | None = None
        self._seen: Filter | None = None
        """What was shown when a room was current last; None: nothing was, or all rooms have gone since."""
        self._settling = QTimer(self, singleShot=True, interval=settle_ms)
        self._sorted = QTimer(self, singleShot=True, interval=0)  # once for all rows that a batch moves
        self._sorted.timeout.connect(self._choose_anew)
        for signal in (model.rowsInserted, model.rowsMoved, model.layoutChanged):
            signal.connect(self._look)
        model.rowsRemoved.connect(self._note)
        view.selectionModel().currentChanged.connect(self._note)
        self._look()

    def _look(self) -> None:
        if not self._view.currentIndex().isValid():
            if self._seen == self._model.filter:
                return
            if self._chosen is None and self._model.rowCount():
                self._settling.start()
            self._choose()
        elif self._settling.isActive():
            self._sorted.start()

    def _note(self) -> None:
        if not self._model.rowCount():
            self._seen = None
        elif self._view.currentIndex().isValid():
            self._seen = self._model.filter

    def _choose(self) -> None:
        if self._model.rowCount():
            self._chosen = self._model.key_at(0)
            self._view.select_room(self._chosen)

    def _choose_anew(self) -> None:
        if self._touched():
            self._settling.stop()
        elif self._settling.isActive():
            self._choose()

    def _touched(self) -> bool:
        """Somebody works in the table, selected something, or went elsewhere in the window."""
        elsewhere = self._view.window().focusWidget() not in {self._view, None}
        return elsewhere or self._model.held or self._view.selected_rooms() != [self._chosen]
