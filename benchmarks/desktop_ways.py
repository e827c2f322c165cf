"""The two windows that the benchmark of the desktop compares, fed by the same bytes."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QApplication, QTableView

from benchmarks.desktop_naive import NaiveTable
from moderator.client.link import Link
from moderator.client.me import Me
from moderator.clock import SystemClock
from moderator.desktop.live_store import LiveStore, OwnTime
from moderator.desktop.preferences import Preferences
from moderator.desktop.session import DesktopSession
from moderator.desktop.theme.look import Look
from moderator.desktop.window.main_window import MainWindow
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.feed.messages import decode_frame
from moderator.feed.session import FeedSession
from moderator.feed.sse import SseDecoder, SseFrame

SIZE: Final = QSize(1440, 900)
SCOPES: Final = ("rooms:read", "rooms:extend", "rooms:end", "rooms:message", "participants:disconnect", "policy:hold")
SETTLED_S: Final = 1.0
MAYA: Final = Me(name="Maya", scopes=SCOPES, id="maya")


class ShiftedClock(SystemClock):
    """The machine's, ahead by as much as the measurement says."""

    shift_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.shift_ms


class Reader:
    """What both ways do with the bytes of a feed."""

    def __init__(self) -> None:
        self.session = FeedSession()
        self._decoder = SseDecoder()

    def read(self, chunk: bytes) -> list[tuple[SseFrame, list[Event]]]:
        """The frames of it, folded."""
        read = []
        for frame in self._decoder.feed(chunk):
            message = decode_frame(frame)
            read.append((frame, self.session.receive(message, time.monotonic()) if message else []))
        return read


class Way(Protocol):
    """One of the two, on the screen."""

    name: str
    table: QTableView
    clock: ShiftedClock

    told: set[RoomKey]
    """Rooms that the table was told of, since they were taken out."""

    def show(self, size: QSize) -> None:
        """Onto the screen."""

    def take(self, chunk: bytes) -> None:
        """Bytes of the feed came."""

    def tick(self) -> None:
        """Paint the countdowns again."""

    def row_of(self, key: RoomKey) -> int | None:
        """Where a room is shown."""

    def run(self) -> None:
        """Let the time pass by itself from now on."""

    def close(self) -> None:
        """Off the screen."""


class Ours:
    """The main window, with everything in it."""

    name = "moderator: the whole window"

    def __init__(self, pages: Sequence[bytes], folder: Path) -> None:
        self.clock = ShiftedClock()
        self._reader = Reader()
        self._store = LiveStore(OwnTime(self.clock), self.clock)
        self._store.watch(self._reader.session, OwnTime(self.clock))
        self._store.signed_in(MAYA)
        self._window = MainWindow(self._store, Look(), DesktopSession(), Preferences(folder / "window.ini"))
        self.table: QTableView = self._window.table.view
        self.told: set[RoomKey] = set()
        self._store.rooms_updated.connect(self.told.update)
        for page in pages:
            self.take(page)
        self._store.link_changed(Link("live", "connected"))

    def show(self, size: QSize) -> None:
        self._window.resize(size)
        self._window.show()
        _settle()

    def take(self, chunk: bytes) -> None:
        for frame, events in self._reader.read(chunk):
            self._store.frame_applied(frame, events)

    def tick(self) -> None:
        self._window.table.tick()

    def row_of(self, key: RoomKey) -> int | None:
        return self._window.table.model.row_of(key)

    def run(self) -> None:
        self._window.ticker.start()

    def close(self) -> None:
        self._window.ticker.stop()
        self._window.close()
        self._window.deleteLater()


class Naive:
    """A table below a proxy, told of each event by itself, and of each second."""

    name = "QSortFilterProxyModel and dataChanged"

    def __init__(self, pages: Sequence[bytes], folder: Path) -> None:
        self.clock = ShiftedClock()
        self._reader = Reader()
        for page in pages:
            self._reader.read(page)
        self._naive = NaiveTable(self._reader.session.state.all_rooms(), self.clock.now_ms, Look())
        self.table: QTableView = self._naive
        self.told: set[RoomKey] = set()
        self._seconds = QTimer(self.table)
        self._seconds.timeout.connect(self.tick)

    def show(self, size: QSize) -> None:
        self.table.resize(size)
        self.table.show()
        _settle()

    def take(self, chunk: bytes) -> None:
        for _, events in self._reader.read(chunk):
            for event in events:
                if event.key is not None and (room := self._reader.session.state.room(event.key)) is not None:
                    self._naive.rooms.change(room)
                    self.told.add(event.key)

    def tick(self) -> None:
        self._naive.rooms.tick()

    def row_of(self, key: RoomKey) -> int | None:
        return self._naive.row_of(key)

    def run(self) -> None:
        self._seconds.start(1000)

    def close(self) -> None:
        self._seconds.stop()
        self.table.close()
        self.table.deleteLater()


def _settle() -> None:
    """The store has told what it has, and it is painted."""
    until = time.monotonic() + SETTLED_S
    while time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.01)
