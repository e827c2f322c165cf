"""One large piece of work in each turn of the event loop: between two of them the window paints and listens to keys."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Turns(QObject):
    """Does what it was asked for in that order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], None]] = deque()
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._take_one)

    def ask(self, work: Callable[[], None]) -> None:
        """Do this in a turn of its own."""
        self._waiting.append(work)
        if not self._turn.isActive():
            self._turn.start()

    def _take_one(self) -> None:
        work = self._waiting.popleft()
        if not self._waiting:
            self._turn.stop()
        work()
