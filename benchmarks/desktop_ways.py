"""The two tables whose ticks the benchmark of the desktop compares, with the same rooms."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QTableView

from benchmarks.desktop_gateway import MAYA
from benchmarks.desktop_naive import NaiveTable
from moderator.client.link import Link
from moderator.clock import SystemClock
from moderator.desktop.live_store import LiveStore, OwnTime
from moderator.desktop.preferences import Preferences
from moderator.desktop.session import DesktopSession
from moderator.desktop.theme.look import Look
from moderator.desktop.window.main_window import MainWindow
from moderator.feed.messages import decode_frame
from moderator.feed.session import FeedSession
from moderator.feed.sse import SseDecoder

SIZE: Final = QSize(1440, 900)
SETTLED_S: Final = 1.0


class ShiftedClock(SystemClock):
    """The machine's, ahead by as much as the measurement says."""

    shift_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.shift_ms


def session_of(pages: Sequence[bytes]) -> FeedSession:
    """What a reader knows after these pages."""
    session = FeedSession()
    for frame in SseDecoder().feed(b"".join(pages)):
        message = decode_frame(frame)
        assert message is not None
        session.receive(message, time.monotonic())
    return session


class Way(Protocol):
    """One of the two, on the screen."""

    name: str
    table: QTableView
    clock: ShiftedClock

    def show(self, size: QSize) -> None:
        """Onto the screen."""

    def tick(self) -> None:
        """Paint the countdowns again."""

    def close(self) -> None:
        """Off the screen."""


class Ours:
    """The main window, with everything in it."""

    name = "moderator: the whole window"

    def __init__(self, pages: Sequence[bytes], folder: Path) -> None:
        self.clock = ShiftedClock()
        self._store = LiveStore(OwnTime(self.clock), self.clock)
        self._store.watch(session_of(pages), OwnTime(self.clock))
        self._store.signed_in(MAYA)
        self._window = MainWindow(self._store, Look(), DesktopSession(), Preferences(folder / "window.ini"))
        self.table: QTableView = self._window.table.view
        self._store.link_changed(Link("live", "connected"))

    def show(self, size: QSize) -> None:
        self._window.resize(size)
        self._window.show()
        _settle()

    def tick(self) -> None:
        self._window.table.tick()

    def close(self) -> None:
        self._window.close()
        self._window.deleteLater()


class Naive:
    """A table below a proxy, told of each event by itself, and of each second."""

    name = "QSortFilterProxyModel and dataChanged"

    def __init__(self, pages: Sequence[bytes], folder: Path) -> None:
        self.clock = ShiftedClock()
        self._naive = NaiveTable(session_of(pages).state.all_rooms(), self.clock.now_ms, Look())
        self.table: QTableView = self._naive

    def show(self, size: QSize) -> None:
        self.table.resize(size)
        self.table.show()
        _settle()

    def tick(self) -> None:
        self._naive.rooms.tick()

    def close(self) -> None:
        self.table.close()
        self.table.deleteLater()


def _settle() -> None:
    """The store has told what it has, and it is painted."""
    until = time.monotonic() + SETTLED_S
    while time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.01)
