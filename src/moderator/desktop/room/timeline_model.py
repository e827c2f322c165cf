"""The rows of the timeline as Qt's views want them: newest first, each event once."""

from collections.abc import Iterable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from moderator.desktop.room.people_model import Index
from moderator.desktop.room.timeline_rows import TimelineRow, newest_first

ROW_ROLE = int(Qt.ItemDataRole.UserRole)


class TimelineModel(QAbstractListModel):
    """Live news goes to the top; a late page of history goes where it belongs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[TimelineRow] = []
        self._known: set[str] = set()

    @property
    def rows(self) -> list[TimelineRow]:
        """Newest first."""
        return self._rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.time}, {row.text}{', reported late' if row.late else ''}"
        return None

    def clear(self) -> None:
        """Another room."""
        self.beginResetModel()
        self._rows, self._known = [], set()
        self.endResetModel()

    def add(self, rows: Iterable[TimelineRow]) -> None:
        """What is known already is left out."""
        new = newest_first(row for row in rows if row.id not in self._known)
        if not new:
            return
        self._known.update(row.id for row in new)
        if not self._rows or new[-1].order > self._rows[0].order:
            self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
            self._rows[:0] = new
            self.endInsertRows()
            return
        self.beginResetModel()
        self._rows = newest_first([*new, *self._rows])
        self.endResetModel()
