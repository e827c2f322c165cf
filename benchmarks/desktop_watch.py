"""Feeds a window at a steady pace while its event loop runs, and notes how long the loop is kept from going round, and
how long it takes until a row is painted.

A stall is how much longer than its millisecond a timer had to wait: by the clock on the wall, and by what this thread
used of a processor meanwhile, which leaves out what else the machine does. A painted row counts from the arrival of the
bytes to the end of the paint event, for rows that are in sight.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEventLoop, QRect, Qt, QTimer
from PySide6.QtGui import QPaintEvent

from benchmarks.desktop_feed import Happening
from benchmarks.desktop_ways import Way
from moderator.domain.ids import RoomKey

BEAT_MS: Final = 1
PACE_MS: Final = 5


class Watch:
    """One way, for some seconds."""

    def __init__(self, way: Way, happenings: Sequence[Happening], per_s: int) -> None:
        self.stalls_ms: list[float] = []
        self.busy_ms: list[float] = []
        self.painted_ms: list[float] = []
        self._way = way
        self._waiting = deque(happenings)
        self._per_s = per_s
        self._count = len(happenings)
        self._began = 0.0
        self._arrived: dict[RoomKey, float] = {}
        self._last = (0.0, 0.0)
        self._paint = way.table.paintEvent
        way.table.paintEvent = self._note_paint  # type: ignore[method-assign]  # the end of it is what is asked for

    def run(self, settle_s: float, seconds: float) -> None:
        """Let it settle, then watch."""
        loop = QEventLoop()
        QTimer.singleShot(round(settle_s * 1000), loop.quit)
        loop.exec()
        timers = [_precise(BEAT_MS, self._beat), _precise(PACE_MS, self._send)]
        self._began = time.perf_counter()
        self._last = self._now()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()
        for timer in timers:
            timer.stop()

    def _send(self) -> None:
        now = time.perf_counter()
        due = min(self._count, round((now - self._began) * self._per_s))
        while self._count - len(self._waiting) < due:
            happening = self._waiting.popleft()
            self._arrived.setdefault(happening.key, now)
            self._way.take(happening.frame)

    def _beat(self) -> None:
        wall, busy = self._now()
        self.stalls_ms.append((wall - self._last[0]) * 1000 - BEAT_MS)
        self.busy_ms.append((busy - self._last[1]) * 1000)
        for key in [key for key in self._way.told if not self._is_in_sight(key)]:
            self._forget(key)
        self._last = self._now()

    def _note_paint(self, event: QPaintEvent) -> None:
        told, region = set(self._way.told), event.region()
        self._paint(event)
        now = time.perf_counter()
        for key in told:
            if region.intersects(self._area(key)):
                if (arrived := self._arrived.get(key)) is not None:
                    self.painted_ms.append((now - arrived) * 1000)
                self._forget(key)

    def _is_in_sight(self, key: RoomKey) -> bool:
        return self._way.table.viewport().rect().intersects(self._area(key))

    def _area(self, key: RoomKey) -> QRect:
        row, table = self._way.row_of(key), self._way.table
        return QRect() if row is None else table.visualRect(table.model().index(row, 0))

    def _forget(self, key: RoomKey) -> None:
        self._way.told.discard(key)
        self._arrived.pop(key, None)

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), time.thread_time()


def _precise(interval_ms: int, act: Callable[[], None]) -> QTimer:
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(act)
    timer.start(interval_ms)
    return timer
