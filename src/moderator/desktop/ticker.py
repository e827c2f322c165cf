"""The window's one clock tick. Countdowns are painted from absolute deadlines; the tick only asks for repainting."""

from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

TICK_MS: Final = 200
"""Deadlines end at any fraction of a second: at one tick a second a countdown would be up to a second behind."""


class Ticker(QObject):
    """Ticks while something is visible."""

    tick = Signal()
    """Five times a second: repaint what counts down."""
    second = Signal()
    """Once a second: ages, freshness and everything else that is not counted in tenths."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Begin; harmless when it ticks already."""
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Nothing is visible, or the window closes."""
        self._timer.stop()

    def _on_timeout(self) -> None:
        self._ticks += 1
        self.tick.emit()
        if self._ticks % (1000 // TICK_MS) == 0:
            self.second.emit()
