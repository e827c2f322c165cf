"""The rooms table as Qt's examples show it, for comparison: a model that announces what changed, below a
`QSortFilterProxyModel` that sorts and searches, and one `dataChanged` over the column for each second.

It says the same words as ours, made by the same functions.
"""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTableView

from moderator.desktop.room_status import room_status
from moderator.desktop.tables.columns import RIGHT_ALIGNED, Column, Glance, text
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room

Index = QModelIndex | QPersistentModelIndex
NEVER = 1 << 60


class NaiveModel(QAbstractTableModel):
    """Rooms in the order they came; time is in the model, so a second changes a column."""

    def __init__(self, rooms: Sequence[Room], now_ms: Callable[[], int], look: Look) -> None:
        super().__init__()
        self._rooms = list(rooms)
        self._row_of = {room.key: row for row, room in enumerate(rooms)}
        self._now_ms = now_ms
        self._look = look

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's own signature
        return 0 if parent.isValid() else len(self._rooms)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's own signature
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        room, column = self._rooms[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text(column, self._glance(room))
            case Qt.ItemDataRole.UserRole:
                return room.deadline.ends_at - self._now_ms() if room.deadline else NEVER
            case Qt.ItemDataRole.ForegroundRole if column in {Column.LEFT, Column.STATE}:
                return QColor(self._look.theme.level(self._glance(room).status.level))
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column in RIGHT_ALIGNED else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def show(self, rooms: Sequence[Room]) -> None:
        """Other rooms."""
        self.beginResetModel()
        self._rooms = list(rooms)
        self._row_of = {room.key: row for row, room in enumerate(rooms)}
        self.endResetModel()

    def tick(self) -> None:
        """Time has passed."""
        last = len(self._rooms) - 1
        self.dataChanged.emit(self.index(0, Column.LEFT), self.index(last, Column.LEFT))

    def change(self, room: Room) -> None:
        """Something happened in a room."""
        row = self._row_of[room.key]
        self._rooms[row] = room
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def row_of(self, key: RoomKey) -> int:
        """Where a room stands, before sorting."""
        return self._row_of[key]

    def _glance(self, room: Room) -> Glance:
        now_ms = self._now_ms()
        return Glance(room=room, status=room_status(room, now_ms), now_ms=now_ms, me="maya", why_not_extend="")


class NaiveTable(QTableView):
    """The next to end on top; a search looks into every column."""

    def __init__(self, rooms: Sequence[Room], now_ms: Callable[[], int], look: Look) -> None:
        super().__init__()
        self.rooms = NaiveModel(rooms, now_ms, look)
        self.proxy = QSortFilterProxyModel()
        self.proxy.setSourceModel(self.rooms)
        self.proxy.setSortRole(Qt.ItemDataRole.UserRole)
        self.proxy.setFilterKeyColumn(-1)
        self.proxy.setDynamicSortFilter(True)
        self.proxy.sort(Column.LEFT)
        self.setModel(self.proxy)
        self.verticalHeader().setDefaultSectionSize(32)

    def row_of(self, key: RoomKey) -> int:
        """Where a room is shown."""
        return self.proxy.mapFromSource(self.rooms.index(self.rooms.row_of(key), 0)).row()
