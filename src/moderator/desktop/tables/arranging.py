"""Columns and order of the rooms table as one thing: the header has the columns, the model the order."""

from msgspec.structs import replace
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu

from moderator.desktop.tables.columns import Column
from moderator.desktop.tables.header_menu import header_menu
from moderator.desktop.tables.rooms_header import RoomsHeader
from moderator.desktop.tables.rooms_model import RoomsModel
from moderator.desktop.tables.sorting import after_click
from moderator.desktop.tables.table_layout import TableLayout


class Arranging(QObject):
    """Brings a layout into force, and tells of those that come from the moderator's hand."""

    changed = Signal(object)
    """`TableLayout`: by hand."""

    def __init__(self, header: RoomsHeader, model: RoomsModel) -> None:
        super().__init__(header)
        self._header = header
        self._model = model
        header.sort_wanted.connect(self._sort_by)
        header.arranged.connect(self._take_columns)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_menu)

    @property
    def layout(self) -> TableLayout:
        """As it is now."""
        return replace(self._header.table_layout, sort=self._model.sort_order)

    def arrange(self, layout: TableLayout) -> None:
        """Arrange the columns and sort the rows so."""
        self._header.arrange(layout)
        self._header.show_sort(layout.sort)
        self._model.set_sort(layout.sort)

    def menu(self) -> QMenu:
        """What to sort by and which columns to show."""
        return header_menu(self.layout, self._choose, self._header)

    def show_menu(self) -> None:
        """The menu, for the keyboard."""
        self._show_menu(self._header.rect().bottomLeft())

    def _show_menu(self, place: QPoint) -> None:
        self.menu().popup(self._header.mapToGlobal(place))

    def _take_columns(self, layout: TableLayout) -> None:
        self._choose(replace(layout, sort=self._model.sort_order))

    def _sort_by(self, column: Column) -> None:
        self._choose(replace(self.layout, sort=after_click(self._model.sort_order, column)))

    def _choose(self, layout: TableLayout) -> None:
        self.arrange(layout)
        self.changed.emit(layout)
