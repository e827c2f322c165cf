"""What the large part of the window lists: the rooms of a filter, or what is announced. The filter bar says which."""

from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from moderator.desktop.live_store import LiveStore
from moderator.desktop.tables.arrangement import FilterName
from moderator.desktop.tables.filter_bar import UPCOMING, FilterBar
from moderator.desktop.tables.rooms_table import RoomsTable
from moderator.desktop.theme.look import Look
from moderator.desktop.upcoming.agenda import Agenda
from moderator.desktop.upcoming.upcoming_view import UpcomingView
from moderator.domain.ids import RoomKey


class Lists(QStackedWidget):
    """Follows the bar of filters and the search line."""

    wanted = Signal(object)
    """`Intent`."""
    told = Signal(object)
    """`Notice`."""

    def __init__(self, store: LiveStore, look: Look, search: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.agenda = Agenda(store, self)
        self.filter_bar = FilterBar(look)
        self.table = RoomsTable(store, look)
        self.upcoming = UpcomingView(self.agenda, store, look)
        self._search = search
        self._filter_name: FilterName = "all"
        self.addWidget(self.table)
        self.addWidget(self.upcoming)
        self._connect()
        self.filter_bar.show_counts(self.table.model.counts)
        self._count_upcoming()

    def show_room(self, key: RoomKey) -> None:
        """Select a room, whatever is shown now."""
        self.show_rooms()
        if not self.table.view.select_room(key):
            self._on_filter_cleared()  # the filter hid it
            self._filter()
            self.table.view.select_room(key)

    def show_rooms(self) -> None:
        """The rooms, where what is announced was shown."""
        if self.currentWidget() is not self.table:
            self.filter_bar.choose(self._filter_name)
            self._show(self.table)

    def show_upcoming(self) -> None:
        """What is announced, with the focus; where that is shown, the rooms again."""
        if self.currentWidget() is self.upcoming:
            self.show_rooms()
            return
        self.filter_bar.choose(UPCOMING)
        self._show(self.upcoming)
        self.take_focus()

    def take_focus(self) -> None:
        """The keyboard goes to what is shown."""
        shown = self.table if self.currentWidget() is self.table else self.upcoming
        shown.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def tick(self) -> None:
        """Five times a second."""
        self.table.tick()

    def second(self) -> None:
        """Once a second."""
        self.agenda.second()
        self.upcoming.second()
        self.table.second()

    # --- how -------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        for part in (self.table, self.upcoming):
            part.wanted.connect(self.wanted)
        self.table.counts_changed.connect(self.filter_bar.show_counts)
        self.table.filter_cleared.connect(self._on_filter_cleared)
        self.upcoming.told.connect(self.told)
        self.upcoming.left.connect(self.show_rooms)
        self.upcoming.filter_cleared.connect(self._search.clear)
        self.agenda.changed.connect(self._count_upcoming)
        self.filter_bar.chosen.connect(self._on_chosen)
        self._search.textChanged.connect(lambda _: self._filter())

    def _show(self, which: QWidget) -> None:
        had_focus = self.isAncestorOf(self.window().focusWidget())
        self.setCurrentWidget(which)
        if had_focus:
            self.take_focus()

    def _filter(self) -> None:
        text = self._search.text().strip()
        self.table.set_filter(self._filter_name, text)
        self.upcoming.set_filter(text)

    def _on_chosen(self, name: str) -> None:
        if name == UPCOMING:
            self._show(self.upcoming)
            return
        self._filter_name = cast("FilterName", name)
        self._show(self.table)
        self._filter()

    def _on_filter_cleared(self) -> None:
        self._filter_name = "all"
        self.filter_bar.choose("all")
        self._search.clear()

    def _count_upcoming(self) -> None:
        coming = self.agenda.coming
        self.filter_bar.show_upcoming(len(coming), sum(bool(one.absent) or one.nobody_came for one in coming))
