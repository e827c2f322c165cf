"""How often what is counted over all rooms is shown anew: nobody reads numbers that change twenty times a second."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer

from moderator.desktop.live_store import LiveStore

MANY: Final = 500
"""From so many live rooms on something happens all the time."""
PACE_MS: Final = 250


class Pace(QObject):
    """Does something whenever it is asked to; with many rooms four times a second, in a turn of its own."""

    def __init__(self, store: LiveStore, act: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._act = act
        self._is_due = False
        """It was asked for, and not done yet."""
        self._since = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._ask_for_turn)

    def ask(self) -> None:
        """At once, or as soon as it is time again."""
        if self._store.census.live < MANY:
            self._act()
        elif not self._is_due:
            self._is_due = True
            left_ms = PACE_MS - self._since.elapsed() if self._since.isValid() else 0
            if left_ms > 0:
                self._timer.start(left_ms)
            else:
                self._ask_for_turn()

    def _ask_for_turn(self) -> None:
        self._store.turns.ask(self._do)

    def _do(self) -> None:
        self._is_due = False
        self._since.restart()
        self._act()
