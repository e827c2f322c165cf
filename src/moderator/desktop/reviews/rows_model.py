"""Read-only rows as Qt's views want them, made from a table of columns."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from moderator.desktop.plain_tips import plain_tip
from moderator.language import tr, tr_in

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
NO_PARENT: Final = QModelIndex()
SIGN_ROLE: Final = int(Qt.ItemDataRole.UserRole)


class Sign(Struct, frozen=True):
    """How a cell is painted: an icon of `resources/icons`, or none, and a level or token of the theme."""

    icon: str = ""
    color: str = "text"
    medium: bool = False
    """A little bolder than the text around it."""


PLAIN: Final = Sign()
MUTED: Final = Sign(color="muted")


class Column(Struct, Generic[T], frozen=True, kw_only=True):
    """One column: its title, what a row says in it, and how."""

    title: str
    """`marked`: it is translated where it is shown."""
    text: Callable[[T], str]
    sign: Callable[[T], Sign] = lambda _: PLAIN
    width: int = 0
    """Pixels; 0 shares what the others leave."""
    right: bool = False
    """Figures stand on the right."""


class RowsModel(QAbstractTableModel, Generic[T]):
    """Rows in the order in which they are given."""

    def __init__(self, columns: Sequence[Column[T]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[T] = []

    @property
    def rows(self) -> Sequence[T]:
        """All rows, top first."""
        return self._rows

    def show(self, rows: Iterable[T]) -> None:
        """Other rows: nothing is selected any more."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def add(self, rows: Sequence[T]) -> None:
        """More rows, below the others. What is selected stays so."""
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def renew(self, rows: Sequence[T]) -> None:
        """The same rows, which say something else now. What is selected stays so."""
        self._rows = list(rows)
        if rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        if role == SIGN_ROLE:
            return column.sign(row)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(column.text(row))
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == 0:
                return self.spoken(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return column.text(row) or tr("{title}: nothing").format(title=tr(column.title))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(self.columns[section])
        return tr(self.columns[section].title) if role == Qt.ItemDataRole.DisplayRole else None

    def spoken(self, row: T) -> str:
        """The whole row for a screen reader."""
        said = ((tr(column.title), column.text(row)) for column in self.columns)
        return tr_in("list", ", ").join(f"{title} {text}" for title, text in said if text)

    @staticmethod
    def _alignment(column: Column[T]) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
