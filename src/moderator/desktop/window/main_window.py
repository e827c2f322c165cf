"""The main window: puts the panels together and hands wishes on. What they show is theirs, what comes of a wish is
`moderator.desktop.routing`'s."""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QByteArray, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from moderator.desktop.alerts.alerts_panel import AlertsPanel
from moderator.desktop.intents import Intent
from moderator.desktop.live_store import LiveStore
from moderator.desktop.notices import Notice
from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.room.room_pane import RoomPane
from moderator.desktop.session import ChildStatus, DesktopSession
from moderator.desktop.theme.look import Look
from moderator.desktop.ticker import Ticker
from moderator.desktop.window.first_choice import FirstChoice
from moderator.desktop.window.first_source import how_to_connect
from moderator.desktop.window.hint import Hint
from moderator.desktop.window.hold_strip import HoldStrip
from moderator.desktop.window.link_text import link_text, sentence
from moderator.desktop.window.lists import Lists
from moderator.desktop.window.menus import room_menu, window_actions
from moderator.desktop.window.notice_bar import NoticeBar
from moderator.desktop.window.source_bar import SourceBar
from moderator.desktop.window.strip import Strip
from moderator.desktop.window.top_bar import TopBar
from moderator.domain.ids import RoomKey
from moderator.language import tr

FIRST_SIZE: Final = (1440, 900)
SMALLEST: Final = (640, 480)
GEOMETRY: Final = Preference("window/geometry", QByteArray())
COLUMNS: Final = Preference("window/columns", QByteArray())
ROWS: Final = Preference("window/rows", QByteArray())
HINT_DISMISSED: Final = Preference("hint/dismissed", False)


class MainWindow(QMainWindow):
    """Everything a moderator sees."""

    wanted = Signal(object)
    """`Intent` or a tuple of them."""
    close_wanted = Signal()
    """The window's cross was clicked; the window itself never closes."""
    retry_wanted = Signal()
    """Connect again now."""
    sign_in_wanted = Signal()

    def __init__(self, store: LiveStore, look: Look, session: DesktopSession, preferences: Preferences) -> None:
        super().__init__()
        self._store = store
        self._look = look
        self._preferences = preferences
        self._signs_in = session.sign_ins is not None
        self._child: ChildStatus | None = None
        self._freshness = store.freshness
        self.setWindowTitle(session.title)
        self.setMinimumSize(*SMALLEST)
        self.ticker = Ticker(self)
        self.top_bar = TopBar(store, look, session.speed)
        self.lists = Lists(store, look, self.top_bar.search)
        self.filter_bar, self.table, self.upcoming = self.lists.filter_bar, self.lists.table, self.lists.upcoming
        self.table.no_sources = how_to_connect(session.config_path) if session.config_path else ""
        self.pane = RoomPane(store, look)
        self.alerts = AlertsPanel(store, look)
        self.alerts.board.follow(self.lists.agenda)
        self.hold_strip = HoldStrip(store, look)
        self.strip = Strip(look)
        self.hint = Hint(look)
        self.hint.setVisible(session.hint and not preferences.get(HINT_DISMISSED))
        self.notices = NoticeBar(look)
        self.source_bar = SourceBar(store, look)
        self._lay_out()
        self._connect()
        self._restore()
        self.table.setFocus()

    # --- what is told to it ----------------------------------------------------------------------------------------

    def tell(self, notice: Notice) -> None:
        """Show what came of something."""
        self.notices.tell(notice)

    def child_changed(self, status: ChildStatus) -> None:
        """How the embedded gateway is."""
        self._child = status
        self._refresh_strip()

    def take(self, wish: Intent | tuple[Intent, ...]) -> None:
        """A wish, from a part of the window or from outside it: what concerns only the window is done here."""
        if isinstance(wish, Intent) and wish.action == "select" and wish.room is not None:
            self.show_room(wish.room)
            if wish.participant:
                self.pane.select_person(wish.participant)
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

    def bind(self, handlers: Mapping[str, Callable[[], None]]) -> None:
        """What the window's own commands do; they stand in its menu, and their keys count wherever the focus is."""
        self.top_bar.menu.addActions(window_actions(handlers, self._look, self))

    def next_pane(self) -> None:
        """F6: from the table to the people, the alerts, the search, and round again."""
        reason = Qt.FocusReason.ShortcutFocusReason
        panes: list[tuple[QWidget, Callable[[], None]]] = [
            (self.lists, self.lists.take_focus),
            (self.pane, self.pane.take_focus),
            (self.alerts, lambda: self.alerts.setFocus(reason)),
            (self.top_bar.search, lambda: self.top_bar.search.setFocus(reason)),
        ]
        focused = self.focusWidget()
        at = next((n for n, (pane, _) in enumerate(panes) if pane is focused or pane.isAncestorOf(focused)), -1)
        for step in range(1, len(panes) + 1):
            pane, take_focus = panes[(at + step) % len(panes)]
            take_focus()
            if pane is self.focusWidget() or pane.isAncestorOf(self.focusWidget()):
                return  # a part that is empty does not take it

    def remember(self) -> None:
        """Keep the geometry for the next time."""
        self._preferences.put(GEOMETRY, self.saveGeometry())
        self._preferences.put(COLUMNS, self._columns.saveState())
        self._preferences.put(ROWS, self._rows.saveState())

    # --- how -------------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_wanted.emit()

    def _lay_out(self) -> None:
        self._rows = QSplitter(Qt.Orientation.Vertical)
        self._rows.addWidget(_column(self.lists, self.notices))
        self._rows.addWidget(self.pane)
        self._rows.setSizes([520, 340])
        self._rows.setStretchFactor(0, 1)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.addWidget(self._rows)
        self._columns.addWidget(self.alerts)
        self._columns.setSizes([1068, 372])
        self._columns.setStretchFactor(0, 1)
        for splitter in (self._rows, self._columns):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self.setCentralWidget(
            _column(
                *(self.top_bar, self.strip, self.hold_strip, self.hint, self.filter_bar),
                *(self._columns, self.source_bar),
                stretch=5,
            )
        )
        self.resize(*FIRST_SIZE)

    def _connect(self) -> None:
        for part in (self.lists, self.pane, self.alerts, self.notices, self.source_bar):
            part.wanted.connect(self.take)
        for bar in (self.top_bar, self.hold_strip):
            bar.wanted.connect(self.take)
        self.lists.told.connect(self.tell)
        self.table.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.view.customContextMenuRequested.connect(self._show_room_menu)
        self.table.wanted_for_many.connect(self._take_for_many)
        self.table.selected.connect(self.pane.show_room)
        self.table.detail_wanted.connect(self.pane.take_focus)
        self.strip.pressed.connect(self._on_strip_pressed)
        self.hint.dismissed.connect(self._on_hint_dismissed)
        self.ticker.tick.connect(self._on_tick)
        self.ticker.second.connect(self._on_second)
        self._store.link_updated.connect(self._refresh_strip)
        self._store.replaced.connect(self._refresh_strip)
        FirstChoice(self.table.view, self.table.model)

    def _take_for_many(self, wishes: tuple[Intent, ...]) -> None:
        """Several rooms get more time after a preview only: not all of them may be in sight."""
        if wishes and wishes[0].action == "extend":
            wishes = tuple(replace(wish, action="extend_custom") for wish in wishes)
        self.take(wishes)

    def _show_room_menu(self, place: QPoint) -> None:
        if rooms := self.table.view.selected_rooms():
            menu = room_menu(rooms, self._store, self._look, self.table.view.want, self)
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
        self.pane.second()
        self.alerts.tick()
        self._refresh_strip()

    @property
    def _may_sign_in(self) -> bool:
        return self._signs_in and self._store.link.state == "signed_out"

    def _on_strip_pressed(self) -> None:
        (self.sign_in_wanted if self._may_sign_in else self.retry_wanted).emit()

    def _refresh_strip(self) -> None:
        store = self._store
        child = self._child
        if child is not None and child.state in {"restarting", "failed"}:
            level, ground = ("critical", "critical") if child.state == "failed" else ("warn", "warn")
            button = tr("Try again") if child.state == "failed" else ""
            self.strip.say(sentence(child.sentence), icon="circle-alert", level=level, ground=ground, button=button)
            return
        text = link_text(store.link, store.freshness, store.age_s, store.clock_error_ms)
        if text.troubled:
            ground = "critical" if text.level == "critical" else "warn"
            icon = "log-in" if self._may_sign_in else "wifi-off"
            button = tr("Sign in") if self._may_sign_in else tr("Try again now")
            self.strip.say(text.sentence, icon=icon, level=text.level, ground=ground, button=button)
        else:
            self.strip.hide()

    def _restore(self) -> None:
        for preference, restore in (
            (GEOMETRY, self.restoreGeometry),
            (COLUMNS, self._columns.restoreState),
            (ROWS, self._rows.restoreState),
        ):
            state = self._preferences.get(preference)
            if not state.isEmpty():
                restore(state)


def _column(*widgets: QWidget, stretch: int = 0) -> QWidget:
    """Widgets below each other without gaps; the one at `stretch` takes what room there is."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for number, widget in enumerate(widgets):
        layout.addWidget(widget, 1 if number == stretch else 0)
    return column
