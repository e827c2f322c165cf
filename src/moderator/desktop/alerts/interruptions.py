"""What interrupts the moderator, each thing once: over restarts, and over all windows of this user."""

from PySide6.QtCore import QObject, Signal

from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.alerts.hush import Hush
from moderator.desktop.alerts.shown import ShownMemory
from moderator.desktop.alerts.warning_watch import fresh, notifications
from moderator.desktop.census.parts import ANSWER_MS
from moderator.desktop.live_store import LiveStore


class Interruptions(QObject):
    """Follows the board. How somebody is reached is for who listens."""

    came = Signal(object)
    """`tuple[Alert, ...]`: they came up just now, and may be heard."""

    def __init__(
        self, board: AlertBoard, store: LiveStore, memory: ShownMemory, hush: Hush, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._board = board
        self._store = store
        self._memory = memory
        self._hush = hush

    def start(self) -> None:
        """From now on tell what comes, and what is there and was never told."""
        for changed in (self._board.changed, self._store.replaced, self._store.me_updated, self._store.link_updated):
            changed.connect(self._follow)
        self._follow()

    def tick(self) -> None:
        """A second has passed."""
        if self._store.me is None:
            self._follow()

    def _follow(self, *_: object) -> None:
        if not self._store.ready or self._store.shut_out or self._is_nobody_yet():
            return
        new = fresh(self._board.alerts, self._memory)
        standing = {one.id for one in self._board.alerts}
        ours = self._memory.claim([one.id for one in new], self._store.now_ms(), standing)
        came = tuple(one for one in new if one.id in ours and self._hush.lets_notify(one))
        if came:
            self.came.emit(came)
            self._board.interrupted(len(notifications(came, self._store.why_not)))

    def _is_nobody_yet(self) -> bool:
        """Whose rooms are whose is known in a moment. A gateway that does not say it at all is not waited for."""
        since = self._store.complete_since
        return self._store.me is None and since is not None and self._store.now_ms() < since + ANSWER_MS
