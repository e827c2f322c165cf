"""The rows of the timeline as Qt's views want them: newest first, each event once."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import groupby

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.room.people_model import Index
from moderator.desktop.room.timeline_rows import TimelineRow, newest_first

ROW_ROLE = int(Qt.ItemDataRole.UserRole)


class TimelineModel(QAbstractListModel):
    """Whatever comes, live or as a page of history, goes to its place; the rest stays as it is, selection and all."""

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
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        return None

    def clear(self) -> None:
        """Another room."""
        self.beginResetModel()
        self._rows, self._known = [], set()
        self.endResetModel()

    def add(self, rows: Iterable[TimelineRow]) -> None:
        """What is known already is left out."""
        new = newest_first(row for row in rows if row.id not in self._known)
        self._known.update(row.id for row in new)
        runs = [(place, list(run)) for place, run in groupby(new, self._place)]
        for place, run in reversed(runs):  # from below, so that the places above stay true
            self.beginInsertRows(QModelIndex(), place, place + len(run) - 1)
            self._rows[place:place] = run
            self.endInsertRows()

    def _place(self, row: TimelineRow) -> int:
        """Before which of the present rows a new one belongs."""
        return bisect_left(self._rows, _down(row), key=_down)


def _down(row: TimelineRow) -> tuple[int, ...]:
    return tuple(-part for part in row.order)
