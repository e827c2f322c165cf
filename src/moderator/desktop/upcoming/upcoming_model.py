"""The appointments that come as Qt's views want them. Their words are made in `coming`."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from moderator.client.texts import safe
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.upcoming.coming import (
    Coming,
    expected_text,
    missing_text,
    spoken,
    starts_text,
    state_text,
)
from moderator.language import tr

COMING_ROLE: Final = int(Qt.ItemDataRole.UserRole)
NO_PARENT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """From left to right."""

    NAME = 0
    STARTS = 1
    STATE = 2
    EXPECTED = 3
    MISSING = 4
    SOURCE = 5


class UpcomingModel(QAbstractTableModel):
    """Rows in the order they are given. What is selected stays selected, wherever the row goes."""

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._rows: tuple[Coming, ...] = ()
        self._texts: dict[Column, Callable[[Coming], str]] = {
            Column.NAME: lambda one: safe(one.attendance.name),
            Column.STARTS: lambda one: starts_text(one, now_ms()),
            Column.STATE: lambda one: state_text(one, now_ms()),
            Column.EXPECTED: expected_text,
            Column.MISSING: missing_text,
            Column.SOURCE: lambda one: safe(one.attendance.source),
        }

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        match role:
            case int() if role == COMING_ROLE:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return self._texts[column](row)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self._texts[column](row))
            case Qt.ItemDataRole.AccessibleTextRole if column == Column.NAME:
                return spoken(row, self._now_ms())
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._texts[column](row) or tr("Nobody is missing")
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        titles = (
            *(tr("Appointment"), tr("Starts"), tr("State")),
            *(tr("Expected"), tr("Missing"), tr("Source")),
        )
        return titles[section] if role == Qt.ItemDataRole.DisplayRole else None

    def row(self, index: int) -> Coming:
        """The appointment in a row."""
        return self._rows[index]

    def show(self, rows: Sequence[Coming]) -> None:
        """Other rows. The same appointments in the same order are only painted again."""
        new = tuple(rows)
        if [row.id for row in new] == [row.id for row in self._rows]:
            self._rows = new
            if new:
                self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, len(Column) - 1))
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        meant = [(self._rows[index.row()].id, index.column()) for index in before]
        self._rows = new
        # Without this the selection stays on the row and so moves to another appointment.
        row_of = {row.id: place for place, row in enumerate(new)}
        after = [self.index(row_of[id_], column) if id_ in row_of else QModelIndex() for id_, column in meant]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
