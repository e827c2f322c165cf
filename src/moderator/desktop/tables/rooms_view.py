"""The list of rooms as a Qt view: columns, keys, the painted button, and the order that stands still under the hand."""

from typing import cast

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.actions.key_repeats import KeyRepeats
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.tables.arranging import Arranging
from moderator.desktop.tables.columns import Column
from moderator.desktop.tables.extend_button import ExtendButton
from moderator.desktop.tables.order_hold import HOLD_MS, OrderHold
from moderator.desktop.tables.rooms_delegate import EDGE_PX, RoomsDelegate
from moderator.desktop.tables.rooms_fonts import ROW_PX, Density
from moderator.desktop.tables.rooms_header import RoomsHeader
from moderator.desktop.tables.rooms_model import Countdown, RoomsModel
from moderator.desktop.tables.row_pictures import RowPictures, rows_between
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.language import tr


class RoomsView(QTableView):
    """Rooms in rows. Rows are chosen as wholes; orders name rooms, never rows."""

    wanted = Signal(object)
    """`tuple[Intent, ...]`: the same wish for every selected room, top first; empty when none is selected."""
    selected = Signal(object)
    """`RoomKey | None`: the room to show details of."""
    detail_wanted = Signal()
    """Enter: go where the details of the selected room are."""

    def __init__(
        self,
        model: RoomsModel,
        look: Look,
        keys: KeyBindings,
        parent: QWidget | None = None,
        hold_ms: int = HOLD_MS,
    ) -> None:
        super().__init__(parent)
        self._keys = keys
        self._rooms = model
        self._painter = RoomsDelegate(look, self)
        self._pictures = RowPictures(self, model, self._painter, look)
        self._button = ExtendButton(self, model, self._painter)
        self.header = RoomsHeader(look, self)
        self.arranging = Arranging(self.header, model)
        self._density: Density | None = None
        self._countdowns: dict[int, Countdown] = {}
        """What the rows in sight read at the last tick."""
        self._shown: RoomKey | None = None
        self._held = KeyRepeats()
        self._hold = OrderHold(model, self, hold_ms)
        self.setModel(model)
        model.in_sight = self._rows_in_sight
        self.setItemDelegate(self._painter)
        self._set_up()
        self._set_up_header()
        self.selectionModel().selectionChanged.connect(self._tell_selected)
        self.selectionModel().currentChanged.connect(self._tell_selected)
        model.layoutChanged.connect(self._tell_selected)
        model.rowsRemoved.connect(self._tell_selected)
        model.rowsInserted.connect(self._frame_current)
        model.rowsMoved.connect(self._frame_current)
        model.settled.connect(self.executeDelayedItemsLayout)  # else it is painted before and after
        look.changed.connect(self.viewport().update)

    # --- what others ask -------------------------------------------------------------------------------------------

    def selected_rooms(self) -> list[RoomKey]:
        """The rooms that orders are for, top first."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._rooms.key_at(row) for row in rows]

    @property
    def shown_room(self) -> RoomKey | None:
        """The one to show details of."""
        return self._shown

    def select_room(self, key: RoomKey) -> bool:
        """Select this room alone and bring it into sight; False when the filter does not show it."""
        row = self._rooms.row_of(key)
        if row is None:
            return False
        self._choose(row)
        return True

    def set_density(self, density: Density) -> None:
        """Rows of 24, 32 or 40 pixels."""
        if density == self._density:
            return
        self._density = density
        self._painter.set_density(density)
        self.verticalHeader().setDefaultSectionSize(ROW_PX[density])
        self.header.measure(self._painter.fonts)
        self.viewport().update()

    def tick(self) -> None:
        """Time has passed: paint the countdowns that read differently now, and nothing else."""
        before, self._countdowns = self._countdowns, {row: self._rooms.countdown(row) for row in self._rows_in_sight()}
        changed = QRegion()
        for row, reads in self._countdowns.items():
            if before.get(row) != reads:
                changed = changed.united(self.visualRect(self._rooms.index(row, Column.LEFT)))
        self.viewport().update(changed)

    def second(self) -> None:
        """States and colours may have changed with the time, too."""
        edge = QRect(0, 0, EDGE_PX, self.viewport().height())
        self.viewport().update(QRegion(self._strip(Column.STATE)).united(QRegion(edge)))

    def hold_order(self) -> None:
        """Somebody works here: no row moves from under the hand."""
        self._hold.hold()

    def sort_again(self) -> None:
        """Let every row go where it belongs."""
        self._hold.let_go()

    # --- how it is set up ------------------------------------------------------------------------------------------

    def _set_up(self) -> None:
        self.setAccessibleName(tr("Rooms"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # what is behind need not be painted

    def _set_up_header(self) -> None:
        header, rows = self.header, self.verticalHeader()
        self.setHorizontalHeader(header)
        header.sectionPressed.disconnect()  # it would select the column
        rows.setVisible(False)
        rows.setMinimumSectionSize(0)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.set_density("normal")

    def showEvent(self, event: QShowEvent) -> None:
        self._hold.watch(self.window())
        super().showEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._pictures.paint(event.region())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.header.fit_into(self.viewport().width())
        super().resizeEvent(event)

    def _rows_in_sight(self) -> range:
        return rows_between(self, 0, self.viewport().height() - 1)

    def _strip(self, column: Column) -> QRect:
        left, width = self.columnViewportPosition(column), self.columnWidth(column)
        return QRect(left, 0, width, self.viewport().height())

    # --- the keyboard ----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, action = event.key(), self._keys.pressed("room", event)
        repeats = self._held.repeats(event)
        if action == "sort_again":
            self.sort_again()
            return
        self.hold_order()
        if action:
            if not repeats:  # a key that is leant on must not extend ten times
                self.want(action)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected_rooms():
            self.detail_wanted.emit()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go_to_end(first=key == Qt.Key.Key_Home)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.selected_rooms() and self.currentIndex().isValid():
            self._choose(self.currentIndex().row())  # where the frame is, before going on
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()  # rows are chosen as wholes
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._held.repeats(event)
        super().keyReleaseEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are orders here; names are looked for in the search line."""

    def want(self, action: str) -> None:
        """Do as the key of this action does."""
        if action == "sort_again":
            self.sort_again()
        else:
            rooms = self.selected_rooms()
            self.wanted.emit(tuple(Intent(action=cast("ActionName", action), room=room) for room in rooms))

    def _choose(self, row: int) -> None:
        """Select this row alone and bring it into sight. `selectRow` would add to the selection while Shift is down."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._rooms.index(row, Column.ROOM), flags)
        self.scrollTo(self._rooms.index(row, Column.ROOM))

    def _go_to_end(self, *, first: bool) -> None:
        if count := self._rooms.rowCount():
            self._choose(0 if first else count - 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and not self.selected_rooms() and self.currentIndex().isValid():
            self._choose(self.currentIndex().row())
        self._frame_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._frame_current()

    # --- the mouse -------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hold_order()
        self._button.hover(event.position().toPoint())
        if not self._button.is_pressed:
            super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hold_order()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if not (is_left and self._button.press(event.position().toPoint())):
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._button.is_pressed:
            super().mouseReleaseEvent(event)
        elif (room := self._button.release(event.position().toPoint())) is not None:
            self.wanted.emit((Intent(action="extend", room=room),))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._button.at(event.position().toPoint()) is not None:
            self.mousePressEvent(event)  # two clicks on the button are two clicks
        elif self.indexAt(event.position().toPoint()).isValid():
            self.detail_wanted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.hold_order()
        super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._button.hover(None)
        super().leaveEvent(event)

    # --- what is selected ------------------------------------------------------------------------------------------

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self._frame_current()

    def _frame_current(self) -> None:
        is_meant = self.hasFocus() and self.selectionModel().hasSelection()  # else no key means the framed room
        row = self.currentIndex().row() if is_meant else -1
        if row != self._painter.current_row:
            self._painter.current_row = row
            self.viewport().update()

    def _tell_selected(self) -> None:
        self._frame_current()
        rooms = self.selected_rooms()
        current = self.currentIndex()
        key = self._rooms.key_at(current.row()) if current.isValid() else None
        shown = key if key in rooms else next(iter(rooms), None)
        if shown != self._shown:
            self._shown = shown
            self.selected.emit(shown)
