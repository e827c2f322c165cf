"""The main window: puts the panels together and hands wishes on. What they show is theirs, what comes of a wish is
`moderator.desktop.routing`'s."""

from collections.abc import Callable, Mapping
from typing import Final, cast

from msgspec.structs import replace
from PySide6.QtCore import QByteArray, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.actions.menu_entries import Command
from moderator.desktop.alerts.alerts_panel import AlertsPanel
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.overview.overview import Overview
from moderator.desktop.pace import Pace
from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.room.room_pane import RoomPane
from moderator.desktop.session import ChildStatus, DesktopSession
from moderator.desktop.tables.arrangement import FilterName
from moderator.desktop.tables.remembering import RememberedTable
from moderator.desktop.theme.look import Look
from moderator.desktop.ticker import Ticker
from moderator.desktop.window.curtain import Curtain, WayBack
from moderator.desktop.window.docks import Docks
from moderator.desktop.window.first_choice import FirstChoice
from moderator.desktop.window.hint import Hint
from moderator.desktop.window.hold_strip import HoldStrip
from moderator.desktop.window.lists import Lists
from moderator.desktop.window.many_rooms import ManyRooms
from moderator.desktop.window.menus import room_menu, window_keys
from moderator.desktop.window.notice_bar import NoticeBar
from moderator.desktop.window.one_room import OneRoom
from moderator.desktop.window.results_panel import ResultsPanel
from moderator.desktop.window.round_of_panes import go_to_next
from moderator.desktop.window.source_bar import SourceBar
from moderator.desktop.window.state_strip import StateStrip
from moderator.desktop.window.top_bar import TopBar
from moderator.domain.ids import RoomKey
from moderator.language import tr

FIRST_SIZE: Final = (1440, 900)
SMALLEST: Final = (640, 480)
ROOMS_SMALLEST: Final = (360, 132)
"""The name, the time and the button; the header and three rows."""
ROOM_PX: Final = 340
"""How high the pane of the room is at first."""
ALERTS_PX: Final = 372
"""How wide the alerts are at first."""
GEOMETRY: Final = Preference("window/geometry", QByteArray())
HINT_DISMISSED: Final = Preference("hint/dismissed", False)


class MainWindow(QMainWindow):
    """Everything a moderator sees."""

    wanted = Signal(object)
    """`Intent` or a tuple of them."""
    answered = Signal(object)
    """`tuple[Intent, ...]`: the button of a notice was pressed."""
    close_wanted = Signal()
    """The window's cross was clicked; the window itself never closes."""
    retry_wanted = Signal()
    """Connect again now."""
    sign_in_wanted = Signal()
    put_away = Signal()
    """What lies over the window and may name somebody goes now."""

    def __init__(self, store: LiveStore, look: Look, session: DesktopSession, preferences: Preferences) -> None:
        super().__init__()
        self._store = store
        self._look = look
        self._preferences = preferences
        self._freshness = store.freshness
        self.setWindowTitle(session.title)
        self.setMinimumSize(*SMALLEST)
        self.keys = KeyBindings(preferences, self)
        self.commands: Mapping[str, Command] = {}
        self.ticker = Ticker(self)
        self.top_bar = TopBar(store, look, session.speed, self.keys)
        self.lists = Lists(store, look, self.top_bar.search, self.keys)
        self.filter_bar, self.table, self.upcoming = self.lists.filter_bar, self.lists.table, self.lists.upcoming
        self.table.config_path = session.config_path
        self.pane = RoomPane(store, look, self.keys)
        self.alerts = AlertsPanel(store, look, self.keys)
        self.alerts.board.follow(self.lists.agenda)
        self.alerts.board.pace = session.speed
        self.hold_strip = HoldStrip(store, look)
        self.strip = StateStrip(store, look, signs_in=session.sign_ins is not None)
        self.hint = Hint(look, self.keys)
        self.hint.setVisible(session.hint and not preferences.get(HINT_DISMISSED))
        self.results = ResultsPanel(look)
        self.notices = NoticeBar(look, self.keys)
        self.source_bar = SourceBar(store, look)
        self.overview = Overview(store, look)
        rooms = _column(self.lists, self.results, self.notices)
        rooms.setMinimumSize(*ROOMS_SMALLEST)
        self.docks = Docks(rooms, look, preferences)
        self.remembered_table = RememberedTable(self.table.view, preferences)
        self.many_rooms = ManyRooms(store, self.overview, self.lists, preferences)
        for part in (self.top_bar.search, self.notices, self.results):
            part.left.connect(self.lists.take_focus)
        self._lay_out()
        self.one_room = OneRoom(self.lists, self.pane, self.docks)
        self.curtain = Curtain(store, look, self.docks, signs_in=session.sign_ins is not None)
        self._connect()
        self._restore()
        self.table.setFocus()

    # --- what is told to it ----------------------------------------------------------------------------------------

    def tell(self, notice: Notice) -> None:
        """Show what came of something."""
        if not self.results.takes(notice):
            self.notices.tell(notice)

    def child_changed(self, status: ChildStatus) -> None:
        """How the embedded gateway is."""
        self.strip.child_changed(status)

    def take(self, wish: Intent | tuple[Intent, ...]) -> None:
        """A wish, from a part of the window or from outside it: what concerns only the window is done here."""
        if isinstance(wish, Intent) and wish.action == "select" and wish.room is not None:
            self.show_room(wish.room)
            if wish.participant:
                self.docks.open("room")
                self.pane.select_person(wish.participant)
        elif isinstance(wish, Intent) and wish.action == "filter":
            self.lists.choose(cast("FilterName", wish.filter))
        else:
            self.wanted.emit(wish)

    def show_room(self, key: RoomKey) -> None:
        """Select a room wherever it is, and bring the window to the front."""
        self.lists.show_room(key)
        self.bring_to_front()

    def bring_to_front(self) -> None:
        """Show the window again after it was closed to the tray or minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def bind(self, handlers: Mapping[str, Callable[[], None]], reasons: Mapping[str, Callable[[], str]] = {}) -> None:
        """What the window's own commands do, and why some cannot be done now. They stand in its menu and the palette;
        their keys count wherever the focus is.
        """
        self.commands = {name: Command(do, reasons.get(name, str)) for name, do in handlers.items()}
        self.table.can_test = "test_warning" in handlers
        window_keys(self.commands, self.keys, self)
        self.top_bar.menu.offer(self.commands, self.keys)

    def next_pane(self) -> None:
        """F6: from the table to the alerts, the people, the search, and round again."""
        reason = Qt.FocusReason.ShortcutFocusReason
        go_to_next([
            (self.lists, self.lists.take_focus),
            (self.alerts, lambda: self.alerts.setFocus(reason)),
            (self.pane, self.pane.take_focus),
            (self.top_bar.search, lambda: self.top_bar.search.setFocus(reason)),
        ])  # fmt: skip

    def remember(self) -> None:
        """Keep the geometry for the next time."""
        self.one_room.leave()
        self._preferences.put(GEOMETRY, self.saveGeometry())
        self.docks.remember()

    # --- how -------------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_wanted.emit()

    def _lay_out(self) -> None:
        self.docks.add("room", tr("Room"), self.pane, Qt.DockWidgetArea.BottomDockWidgetArea, ROOM_PX)
        self.docks.add("alerts", tr("Alerts"), self.alerts, Qt.DockWidgetArea.RightDockWidgetArea, ALERTS_PX)
        self.setCentralWidget(
            _column(
                *(self.top_bar, self.strip, self.hold_strip, self.hint, self.filter_bar),
                *(self.overview, self.docks, self.source_bar),
                stretch=6,
            )
        )
        self.resize(*FIRST_SIZE)

    def _connect(self) -> None:
        for part in (self.lists, self.pane, self.alerts, self.source_bar, self.top_bar, self.hold_strip):
            part.wanted.connect(self.take)
        for news in (self.results, self.notices):
            news.wanted.connect(self.answered)
        for part in (self.lists, self.pane, self.alerts):
            part.told.connect(self.tell)
        self.table.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.view.customContextMenuRequested.connect(self._show_room_menu)
        self.table.wanted_for_many.connect(self.take_for_many)
        self.lists.selected.connect(self.pane.show_room)
        self.table.detail_wanted.connect(self._show_detail)
        self.table.test_wanted.connect(self._play_test_warning)
        self.alerts.board.changed.connect(Pace(self._store, self._count_needs, self).ask)
        self.docks.left.connect(self.lists.take_focus)
        self.strip.retry_wanted.connect(self.retry_wanted)
        self.strip.sign_in_wanted.connect(self.sign_in_wanted)
        self.strip.rooms_wanted.connect(self.top_bar.search.setText)
        self.curtain.sign_in_wanted.connect(self.sign_in_wanted)
        self.curtain.drawn.connect(self._on_curtain)
        self._store.somebody_else.connect(self._forget)
        WayBack(self.curtain, self.table.view, self._store)
        self.hint.dismissed.connect(self._on_hint_dismissed)
        self.ticker.tick.connect(self._on_tick)
        self.ticker.second.connect(self._on_second)
        self._count_needs()
        self.curtain.refresh()
        FirstChoice(self.table.view, self.table.model)

    def _on_curtain(self, drawn: bool) -> None:
        """Nobody is signed in any more, or somebody is again."""
        if drawn:
            self._put_away()  # first: the focus goes back to what is covered
            self.curtain.take_focus()
        self.docks.cover(covered=drawn)

    def _put_away(self) -> None:
        """What was opened or typed over the rooms, and may name somebody."""
        self.put_away.emit()
        while (menu := QApplication.activePopupWidget()) is not None and menu.close():
            pass
        self.top_bar.search.setText("")  # what is cleared could be brought back with Ctrl+Z

    def _forget(self) -> None:
        """Whoever comes now is not told what was meant for somebody else."""
        self._put_away()
        self.notices.forget()
        self.results.dismiss()

    def _count_needs(self) -> None:
        """The filter means the rooms that the alerts beside it are about."""
        needs = self.alerts.board.needs
        self.table.model.set_needed(frozenset(alert.room for alert in needs if alert.room is not None))

    def _show_detail(self) -> None:
        self.docks.open("room")
        self.pane.window().activateWindow()
        self.pane.take_focus()

    def take_for_many(self, wishes: tuple[Intent, ...]) -> None:
        """Several rooms get more time after a preview only: not all of them may be in sight."""
        if wishes and wishes[0].action == "extend":
            wishes = tuple(replace(wish, action="extend_custom") for wish in wishes)
        self.take(wishes)

    def _play_test_warning(self) -> None:
        self.commands["test_warning"].do()

    def _show_room_menu(self, place: QPoint) -> None:
        if rooms := self.table.view.selected_rooms():
            menu = room_menu(rooms, self._store, self._look, self.table.view.want, self, self.keys)
            menu.popup(self.table.view.viewport().mapToGlobal(place))

    def _on_hint_dismissed(self) -> None:
        self._preferences.put(HINT_DISMISSED, True)

    def _on_tick(self) -> None:
        """Whether the picture can be relied on is said by all parts at once."""
        if self._store.freshness != self._freshness:
            self._freshness = self._store.freshness
            self._on_second()
        self.lists.tick()
        self.pane.tick()

    def _on_second(self) -> None:
        self.top_bar.refresh()
        self.source_bar.refresh()
        self.lists.second()
        self.many_rooms.second()
        self.one_room.look()
        self.pane.second()
        self.alerts.tick()
        self.strip.refresh()

    def _restore(self) -> None:
        geometry = self._preferences.get(GEOMETRY)
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        self.docks.recall()


def _column(*widgets: QWidget, stretch: int = 0) -> QWidget:
    """Widgets below each other without gaps; the one at `stretch` takes what room there is."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for number, widget in enumerate(widgets):
        layout.addWidget(widget, 1 if number == stretch else 0)
    return column
