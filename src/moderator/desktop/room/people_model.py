"""The people of the selected room as Qt's views want them. What they are is decided in `people_list`."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.room.people_list import PersonRow

PERSON_ROLE = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class PeopleModel(QAbstractListModel):
    """Rows in the order they are given. Who is selected stays selected, wherever the row goes."""

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._rows: tuple[PersonRow, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == PERSON_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken(self._now_ms())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.raw)
        return None

    def row(self, index: int) -> PersonRow:
        """The person in a row."""
        return self._rows[index]

    def show(self, rows: Sequence[PersonRow]) -> None:
        """Other rows. The same people in the same order are only painted again."""
        new = tuple(rows)
        if new == self._rows:
            return
        if [row.person for row in new] == [row.person for row in self._rows]:
            self._rows = new
            self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        meant = [self._rows[index.row()].person for index in before]
        self._rows = new
        # Without this the selection stays on the row and so moves to another person.
        row_of = {row.person: place for place, row in enumerate(new)}
        after = [self.index(row_of[one]) if one in row_of else QModelIndex() for one in meant]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
