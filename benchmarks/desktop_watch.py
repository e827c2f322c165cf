"""Notes how long the event loop of a window is kept from going round, and how long it takes until a row is painted.

A stall is how much longer than its millisecond a timer had to wait: by the clock on the wall, and by what this thread
used of a processor meanwhile, which leaves out what else the machine does. A painted row counts from the arrival of the
bytes to the end of the paint event, for rows that are in sight.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QTableView

from moderator.domain.events import Event
from moderator.domain.ids import RoomKey

BEAT_MS: Final = 1


class Watch:
    """One table. `told` are the rooms that it was told of, and are taken out here."""

    def __init__(self, table: QTableView, row_of: Callable[[RoomKey], int | None], told: set[RoomKey]) -> None:
        self.stalls_ms: list[float] = []
        self.busy_ms: list[float] = []
        self.painted_ms: list[float] = []
        self.count = 0
        """Events that came."""
        self._table = table
        self._row_of = row_of
        self._told = told
        self._arrived: dict[RoomKey, float] = {}
        self._last = (0.0, 0.0)
        self._beats = QTimer()
        self._beats.setTimerType(Qt.TimerType.PreciseTimer)
        self._beats.timeout.connect(self._beat)
        self._paint = table.paintEvent
        table.paintEvent = self._note_paint  # type: ignore[method-assign]  # the end of it is what is asked for

    def start(self) -> None:
        """From now on."""
        self._told.clear()
        self._last = self._now()
        self._beats.start(BEAT_MS)

    def stop(self) -> None:
        """Until now."""
        self._beats.stop()

    def arrived(self, events: Sequence[Event]) -> None:
        """These were read."""
        now = time.perf_counter()
        self.count += len(events)
        for event in events:
            if event.key is not None:
                self._arrived.setdefault(event.key, now)

    def _beat(self) -> None:
        wall, busy = self._now()
        self.stalls_ms.append((wall - self._last[0]) * 1000 - BEAT_MS)
        self.busy_ms.append((busy - self._last[1]) * 1000)
        self._last = self._now()

    def _note_paint(self, event: QPaintEvent) -> None:
        told, region, sight = set(self._told), event.region(), self._table.viewport().rect()
        self._paint(event)
        now = time.perf_counter()
        for key in told:
            area = self._area(key)
            if region.intersects(area) and key in self._arrived:
                self.painted_ms.append((now - self._arrived[key]) * 1000)
            if region.intersects(area) or not sight.intersects(area):
                self._forget(key)

    def _area(self, key: RoomKey) -> QRect:
        row = self._row_of(key)
        return QRect() if row is None else self._table.visualRect(self._table.model().index(row, 0))

    def _forget(self, key: RoomKey) -> None:
        self._told.discard(key)
        self._arrived.pop(key, None)

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), time.thread_time()
