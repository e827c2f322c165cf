"""A review's table: whole rows, one at a time, by mouse and keyboard; what it says while there are none."""

from collections.abc import Sequence
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from moderator.desktop.reviews.rows_delegate import RowsDelegate
from moderator.desktop.reviews.rows_model import Column, RowsModel
from moderator.desktop.reviews.state_panel import StatePanel
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.row_delegate import ROW_PX

HEADER_PX: Final = 32
T = TypeVar("T")


class RowsView(QTableView, Generic[T]):
    """While `panel` is shown it covers the rows."""

    chosen = Signal()
    """Another row is selected, or none."""

    def __init__(self, columns: Sequence[Column[T]], name: str, look: Look, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls the table."""
        super().__init__(parent)
        self.rows: RowsModel[T] = RowsModel(columns, self)
        self.panel = StatePanel(look, self.viewport())
        self.panel.hide()
        self._painter = RowsDelegate(look, self)
        self.setModel(self.rows)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self._set_up_headers()
        self.selectionModel().selectionChanged.connect(self._tell_chosen)
        self.rows.modelReset.connect(self._tell_chosen)
        self.selectionModel().currentChanged.connect(self._frame_current)
        look.changed.connect(self.viewport().update)

    @property
    def selected(self) -> T | None:
        """The selected row."""
        found = self.selectionModel().selectedRows()
        return self.rows.rows[found[0].row()] if found else None

    def show_rows(self, rows: Sequence[T]) -> None:
        """These, and nothing over them."""
        self.panel.hide()
        self.rows.show(rows)
        self.scrollToTop()

    def choose(self, place: int) -> None:
        """Select the row at this place and bring it into sight."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.rows.index(place, 0), flags)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, count = event.key(), self.rows.rowCount()
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End) and count:
            self.choose(0 if key == Qt.Key.Key_Home else count - 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()  # rows are chosen as wholes
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Words are looked for in the search line."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.panel.setGeometry(self.viewport().rect())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.panel.setGeometry(self.viewport().rect())
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.selectionModel().hasSelection() and self.rows.rowCount():
            self.choose(max(0, self.currentIndex().row()))
        self._frame_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._frame_current()

    def _tell_chosen(self) -> None:
        self.chosen.emit()

    def _frame_current(self) -> None:
        self._painter.current_row = self.currentIndex().row() if self.hasFocus() else -1
        self.viewport().update()

    def _set_up_headers(self) -> None:
        header, side = self.horizontalHeader(), self.verticalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setFixedHeight(HEADER_PX)
        for number, column in enumerate(self.rows.columns):
            mode = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(number, mode)
            if column.width:
                header.resizeSection(number, column.width)
        side.setVisible(False)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(ROW_PX)
