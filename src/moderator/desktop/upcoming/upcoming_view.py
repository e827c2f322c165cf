"""The list of what is announced, in the place of the rooms. Which appointments there are is the agenda's."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from moderator.client.texts import safe
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.actions.key_repeats import KeyRepeats
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.tables.arrangement import words
from moderator.desktop.tables.empty_table import EmptyTable
from moderator.desktop.tables.rooms_header import HEADER_PX
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.row_delegate import ROW_PX
from moderator.desktop.upcoming.agenda import Agenda
from moderator.desktop.upcoming.coming import Coming, matches
from moderator.desktop.upcoming.upcoming_delegate import UpcomingDelegate
from moderator.desktop.upcoming.upcoming_model import Column, UpcomingModel
from moderator.domain.ids import RoomKey
from moderator.language import ntr, tr

_WIDTHS: Final = {Column.STARTS: 128, Column.STATE: 128, Column.SOURCE: 96}
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class UpcomingView(QWidget):
    """Enter goes to the room of an appointment, once it has one."""

    wanted = Signal(object)
    """`Intent`: show a room, or something for it."""
    told = Signal(object)
    """`Notice`: why nothing came of a key."""
    selected = Signal(object)
    """`RoomKey | None`: where the selected appointment takes place; None where it does not yet."""
    left = Signal()
    """Escape: back to the rooms."""
    filter_cleared = Signal()
    """All appointments were asked for again."""

    def __init__(
        self, agenda: Agenda, store: LiveStore, look: Look, keys: KeyBindings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._agenda = agenda
        self._text = ""
        self.model = UpcomingModel(store.now_ms, self)
        self.view = AppointmentsView(self.model, look, keys, self)
        self._empty = EmptyTable(look, self.view.viewport())
        self.view.viewport().installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.view.entered_row.connect(self._go)
        self.view.asked.connect(self._ask)
        self.view.left.connect(self.left)
        self.view.selectionModel().selectionChanged.connect(self._tell_selected)
        self._empty.clear_wanted.connect(self.filter_cleared)
        agenda.changed.connect(self._show)
        self._show()

    def set_filter(self, text: str) -> None:
        """Show the appointments in which these words occur."""
        self._text = text
        self._show()

    @property
    def room(self) -> RoomKey | None:
        """Where the selected appointment takes place; None where it does not yet, or none is selected."""
        rows = self.view.selectionModel().selectedRows()
        return self.model.row(rows[0].row()).room if rows else None

    def second(self) -> None:
        """Time has passed: paint how long it is until they begin."""
        if self.isVisible():
            self.view.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._empty.setGeometry(self.view.viewport().rect())
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        wanted, total = words(self._text), len(self._agenda.coming)
        self.model.show([one for one in self._agenda.coming if matches(one, wanted)])
        self.view.join_empty_cells()
        self._empty.setVisible(not self.model.rowCount())
        if total:
            title = ntr("0 of 1 appointment matches", "0 of {total} appointments match", total).format(total=total)
            self._empty.say("search-x", title, safe(self._text), can_clear=True)
        else:
            hint = tr("Appointments come from the application, or from: moderator appointments import")
            self._empty.say("calendar-clock", tr("Nothing is announced for the next 24 hours"), hint)
        self._tell_selected()  # the room of an appointment may have begun

    def _tell_selected(self) -> None:
        self.selected.emit(self.room)

    def _go(self, row: int) -> None:
        self._want("select", self.model.row(row))

    def _ask(self, action: ActionName) -> None:
        rows = self.view.selectionModel().selectedRows()
        if rows:
            self._want(action, self.model.row(rows[0].row()))

    def _want(self, action: ActionName, coming: Coming) -> None:
        if coming.room is not None:
            self.wanted.emit(Intent(action=action, room=coming.room))
            return
        words_ = tr("{name} has no room yet: it is there when the first one comes.")
        self.told.emit(Notice(tone="info", text=words_.format(name=safe(coming.attendance.name)), key="no room"))


class AppointmentsView(QTableView):
    """Rows chosen as wholes, one at a time."""

    entered_row = Signal(int)
    """Enter, or a double click."""
    asked = Signal(object)
    """`ActionName`: the key of something that is done to a room."""
    left = Signal()

    def __init__(self, model: UpcomingModel, look: Look, keys: KeyBindings, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys = keys
        self._held = KeyRepeats()
        self._painter = UpcomingDelegate(look, self)
        self.setModel(model)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(tr("Appointments of the next 24 hours"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self._set_up_headers()
        self.doubleClicked.connect(lambda index: self.entered_row.emit(index.row()))
        self.selectionModel().currentChanged.connect(self._frame_current)
        look.changed.connect(self.viewport().update)

    def join_empty_cells(self) -> None:
        """Where nobody is missing, those who are expected have the room of that column too."""
        self.clearSpans()
        model = self.model()
        for row in range(model.rowCount()):
            if not model.index(row, Column.MISSING).data():
                self.setSpan(row, Column.EXPECTED, 1, 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        repeats, action = self._held.repeats(event), self._keys.wish_for_room(event)
        if action is not None:
            if not repeats:
                self.asked.emit(action)
        elif event.key() in _ENTER and self.currentIndex().isValid():
            if not repeats:
                self.entered_row.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._held.repeats(event)
        super().keyReleaseEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Names are looked for in the search line."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.selectionModel().hasSelection() and self.model().rowCount():
            self.selectRow(max(0, self.currentIndex().row()))
        self._frame_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._frame_current()

    def _frame_current(self) -> None:
        self._painter.current_row = self.currentIndex().row() if self.hasFocus() else -1
        self.viewport().update()

    def _set_up_headers(self) -> None:
        header, rows = self.horizontalHeader(), self.verticalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setFixedHeight(HEADER_PX)
        for column in Column:
            fixed = column in _WIDTHS
            mode = QHeaderView.ResizeMode.Fixed if fixed else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, mode)
            if fixed:
                header.resizeSection(column, _WIDTHS[column])
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_PX)
