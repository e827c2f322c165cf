"""What the large part of the window lists: the rooms of a filter, or what is announced. The filter bar says which."""

from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.census.parts import Part
from moderator.desktop.live_store import LiveStore
from moderator.desktop.room.room_pane import RoomPane
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
    selected = Signal(object)
    """`RoomKey | None`: the room to show details of, in whichever list is shown."""
    told = Signal(object)
    """`Notice`."""
    filtered = Signal(object)
    """`FilterName` or `Part`: what of the rooms is shown now, whatever text is typed."""

    def __init__(
        self, store: LiveStore, look: Look, search: QLineEdit, keys: KeyBindings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.agenda = Agenda(store, self)
        self.filter_bar = FilterBar(look, keys)
        self.table = RoomsTable(store, look, keys)
        self.upcoming = UpcomingView(self.agenda, store, look, keys)
        self._search = search
        self._filter_name: FilterName = "all"
        self._part: Part | None = None
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

    def choose(self, name: FilterName) -> None:
        """Show the rooms of this filter, with the focus."""
        self.filter_bar.choose(name)
        self._on_chosen(name)
        self.take_focus()

    def narrow(self, choice: FilterName | Part) -> None:
        """Show the rooms of a filter, or a part of all."""
        if isinstance(choice, Part):
            self.filter_bar.choose("all")
            self._filter_name, self._part = "all", choice
            self._show(self.table)
            self._filter()
        else:
            self.filter_bar.choose(choice)
            self._on_chosen(choice)

    def show_rooms(self) -> None:
        """The rooms, where what is announced was shown."""
        if self.currentWidget() is self.upcoming:
            self.filter_bar.choose(self._filter_name)
            self._show(self.table)

    @property
    def shows_all_rooms(self) -> bool:
        """The table with every room in it: no filter, no text."""
        plain = self._filter_name == "all" and self._part is None and not self._search.text()
        return plain and self.currentWidget() is self.table

    def show_alone(self, pane: RoomPane) -> None:
        """This instead of the lists, until it is taken away."""
        had_focus = self.isAncestorOf(self.window().focusWidget())
        self.addWidget(pane)
        self.setCurrentWidget(pane)
        if had_focus:
            self.take_focus()

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
        shown = self.currentWidget()
        if isinstance(shown, RoomPane):
            shown.take_focus()
        elif shown is not None:
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
        self.table.selected.connect(self._tell_selected)
        self.upcoming.selected.connect(self._tell_selected)
        self.currentChanged.connect(self._tell_selected)
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

    def _tell_selected(self, _: object) -> None:
        is_upcoming = self.currentWidget() is self.upcoming
        self.selected.emit(self.upcoming.room if is_upcoming else self.table.view.shown_room)

    def _filter(self) -> None:
        text = self._search.text().strip()
        self.table.set_filter(self._filter_name, text, self._part)
        self.filtered.emit(self._part or self._filter_name)
        self.upcoming.set_filter(text)

    def _on_chosen(self, name: str) -> None:
        if name == UPCOMING:
            self._show(self.upcoming)
            return
        self._filter_name, self._part = cast("FilterName", name), None
        self._show(self.table)
        self._filter()

    def _on_filter_cleared(self) -> None:
        self._filter_name, self._part = "all", None
        self.filter_bar.choose("all")
        self._search.clear()
        self.filtered.emit("all")

    def _count_upcoming(self) -> None:
        coming = self.agenda.coming
        self.filter_bar.show_upcoming(len(coming), sum(bool(one.absent) or one.nobody_came for one in coming))
