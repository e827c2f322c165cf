"""The rooms table at 10,000 rooms: its own order and a painted countdown, beside the way that Qt's examples show.

The other way is a model that announces a changed column at every tick, below a `QSortFilterProxyModel` that sorts.
Times are of the processor, in this process; the window is shown without a screen.
"""

import functools
import os
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,  # the way that ours is compared with
    Qt,
)
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from benchmarks.figures import Figures
from moderator.client.texts import clock_time, time_left
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.tables.arrangement import Filter
from moderator.desktop.tables.rooms_table import RoomsTable
from moderator.desktop.theme.look import Look
from moderator.domain.rooms import Room
from tests.fakes.desktop import NOW, FakeStore, a_room, a_store

ROOMS = 10_000
TICKS = 50
ROUNDS = 7
BURST = 200
COLUMNS = 8
SIZE = (1000, 720)
Index = QModelIndex | QPersistentModelIndex


class NaiveModel(QAbstractTableModel):
    """Rooms in the order they came; each tick changes a column."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        super().__init__()
        self.rooms = list(rooms)
        self.row_of = {room.key: row for row, room in enumerate(rooms)}
        self.now_ms = NOW

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's own signature
        return 0 if parent.isValid() else len(self.rooms)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's own signature
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        room = self.rooms[index.row()]
        ends_at = room.deadline.ends_at if room.deadline else 0
        if role == Qt.ItemDataRole.UserRole:
            return ends_at
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        match index.column():
            case 0:
                return room.name
            case 1:
                return time_left(ends_at - self.now_ms)
            case 2:
                return clock_time(ends_at, with_seconds=False)
            case _:
                return str(room.people)

    def tick(self) -> None:
        """Time has passed."""
        self.now_ms += 1000
        self.dataChanged.emit(self.index(0, 1), self.index(len(self.rooms) - 1, 1))

    def change(self, room: Room) -> None:
        """A room's deadline is another."""
        row = self.row_of[room.key]
        self.rooms[row] = room
        self.dataChanged.emit(self.index(row, 0), self.index(row, COLUMNS - 1))


class Naive:
    """A model, a proxy that sorts and filters, and a view."""

    name = "QSortFilterProxyModel and dataChanged"

    def __init__(self, rooms: Sequence[Room]) -> None:
        self.model = NaiveModel(rooms)
        self.proxy = QSortFilterProxyModel()
        self.proxy.setSourceModel(self.model)
        self.proxy.setSortRole(Qt.ItemDataRole.UserRole)
        self.proxy.setDynamicSortFilter(True)
        self.proxy.sort(1)
        view = QTableView()
        view.setModel(self.proxy)
        self.widget: QWidget = view

    def tick(self) -> None:
        """As far as painting."""
        self.model.tick()

    def change(self, rooms: Sequence[Room]) -> None:
        """A burst of extensions, each announced by itself."""
        for room in rooms:
            self.model.change(room)

    def find(self, text: str) -> None:
        """Another letter is typed."""
        self.proxy.setFilterFixedString(text)


class Ours:
    """The table of the window."""

    name = "moderator: own order, painted countdown"

    def __init__(self, rooms: Sequence[Room]) -> None:
        self.store: FakeStore = a_store(*rooms)
        self.table = RoomsTable(self.store, Look(), KeyBindings())
        self.widget: QWidget = self.table

    def tick(self) -> None:
        """As far as painting."""
        self.store.time.elapse(1000)
        self.store.hear()
        self.table.tick()

    def change(self, rooms: Sequence[Room]) -> None:
        """A burst of extensions, as the store tells it: at once."""
        self.store.change(*rooms)

    def find(self, text: str) -> None:
        """Another letter is typed."""
        self.table.model.set_filter(Filter("all", text))


class OursOneByOne(Ours):
    """The same, each extension in a batch of its own."""

    name = "moderator: each by itself"

    def change(self, rooms: Sequence[Room]) -> None:
        for room in rooms:
            self.store.change(room)


Way = type[Ours] | type[Naive]


async def measure() -> list[Figures]:
    """Every cost, each way on the same rooms."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    Look(parent=application).dress(application)
    random.seed(1)
    rooms = [a_room(f"room-{number:05}", left_s=random.randint(600, 36_000)) for number in range(ROOMS)]
    ways: tuple[Way, ...] = (Ours, Naive)
    figures = [Figures("table: build and show", way.name, _building(way, rooms)) for way in ways]
    figures += [Figures("table: tick", way.name, _ticks(way, rooms)) for way in ways]
    bursts: tuple[Way, ...] = (Ours, OursOneByOne, Naive)
    figures += [Figures(f"table: {BURST} deadlines change", way.name, _bursts(way, rooms)) for way in bursts]
    figures += [Figures("table: another filter text", way.name, _letters(way, rooms)) for way in ways]
    return figures


def _building(way: Way, rooms: Sequence[Room]) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        kept: list[object] = []  # or the window would be taken down within the measured time
        times.append(_cost(lambda: kept.append(_shown(way, rooms))))  # noqa: B023  # called at once
    return times


def _ticks(way: Way, rooms: Sequence[Room]) -> list[float]:
    table = _shown(way, rooms)
    return [_cost(table.tick) for _ in range(TICKS)]


def _bursts(way: Way, rooms: Sequence[Room]) -> list[float]:
    table, known = _shown(way, rooms), {room.key: room for room in rooms}
    times = []
    for _ in range(ROUNDS):
        changed = [_extended(known[key]) for key in random.sample(list(known), BURST)]
        known |= {room.key: room for room in changed}
        times.append(_cost(functools.partial(table.change, changed)))
    return times


def _letters(way: Way, rooms: Sequence[Room]) -> list[float]:
    table = _shown(way, rooms)
    return [_cost(functools.partial(table.find, text)) for text in ("r", "room-0", "room-01", "9", "99", "room-00")]


def _shown(way: Way, rooms: Sequence[Room]) -> Ours | Naive:
    table = way(rooms)
    table.widget.resize(*SIZE)
    table.widget.show()
    QApplication.processEvents()
    return table


def _extended(room: Room) -> Room:
    assert room.deadline is not None
    return replace(room, deadline=replace(room.deadline, ends_at=room.deadline.ends_at + 300_000))


def _cost(act: Callable[[], object]) -> float:
    """Milliseconds of the processor for this and for what is painted because of it."""
    began = time.process_time()
    act()
    QApplication.processEvents()
    return (time.process_time() - began) * 1000
