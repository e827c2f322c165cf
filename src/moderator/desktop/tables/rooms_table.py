"""The rooms table as the window uses it: the list, what it says when it is empty, and the line that tells of a held
order.
"""

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from moderator.desktop.actions.actions import action
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.census.parts import Part
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import Intent
from moderator.desktop.tables.arrangement import Filter, FilterName
from moderator.desktop.tables.emptiness import Emptied, emptiness
from moderator.desktop.tables.empty_table import EmptyTable
from moderator.desktop.tables.order_hold import HOLD_MS
from moderator.desktop.tables.rooms_model import RoomsModel
from moderator.desktop.tables.rooms_view import RoomsView
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.key_label import KeyLabel
from moderator.language import ntr, tr


class RoomsTable(QWidget):
    """Every room there is, the next to end on top."""

    wanted = Signal(object)
    """`Intent`: a wish for one room."""
    wanted_for_many = Signal(object)
    """`tuple[Intent, ...]`: the same wish for several selected rooms, to be shown before it is done."""
    selected = Signal(object)
    """`RoomKey | None`: the room to show details of."""
    detail_wanted = Signal()
    """Go where the details of the selected room are."""
    counts_changed = Signal(object)
    """`Mapping[FilterName, int]`, for the filter bar."""
    connect_wanted = Signal()
    """Connect a platform: there is none."""
    test_wanted = Signal()
    """Play a test warning."""
    filter_cleared = Signal()
    """The moderator asked for all rooms; `set_filter` has been done."""

    def __init__(
        self,
        store: LiveStore,
        look: Look,
        keys: KeyBindings,
        parent: QWidget | None = None,
        hold_ms: int = HOLD_MS,
    ) -> None:
        super().__init__(parent)
        self.config_path = ""
        """The file that says where rooms come from, where that can be changed here."""
        self.can_test = False
        """Whether a test warning can be played where there are no rooms."""
        self._waiting = QElapsedTimer()
        self._waiting.start()
        self._store = store
        self.model = RoomsModel(store, self)
        self.view = RoomsView(self.model, look, keys, self, hold_ms)
        self._empty = EmptyTable(look, self.view.viewport())
        self._held = HeldOrderLine(look, keys, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view)
        column.addWidget(self._held)
        self.setFocusProxy(self.view)
        self._connect()
        self._look_at_emptiness()

    def set_filter(self, name: FilterName, text: str = "", part: Part | None = None) -> None:
        """Show the rooms of a filter in which these words occur; of them only what the overview counts as `part`."""
        self.model.set_filter(Filter(name, text, part))
        self._look_at_emptiness()

    def tick(self) -> None:
        """Five times a second; does nothing while it cannot be seen."""
        if self.isVisible():
            self.view.tick()

    def second(self) -> None:
        """Once a second; keeps the counts right also while it cannot be seen."""
        self.model.look_again()
        self._look_at_emptiness()
        if self.isVisible():
            self.view.second()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._empty.setGeometry(self.view.viewport().rect())
        return super().eventFilter(watched, event)

    def _connect(self) -> None:
        self.view.viewport().installEventFilter(self)
        self.view.wanted.connect(self._tell_wanted)
        self.view.selected.connect(self.selected)
        self.view.detail_wanted.connect(self.detail_wanted)
        self.model.counts_changed.connect(self.counts_changed)
        self.model.moved_changed.connect(self._held.show_moved)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self.model.layoutChanged):
            signal.connect(self._look_at_emptiness)
        self._store.link_updated.connect(self._look_at_emptiness)
        self._store.replaced.connect(self._look_at_emptiness)
        self._empty.clear_wanted.connect(self._clear_filter)
        self._empty.connect_wanted.connect(self.connect_wanted)
        self._empty.test_wanted.connect(self.test_wanted)

    def _tell_wanted(self, intents: tuple[Intent, ...]) -> None:
        if len(intents) == 1:
            self.wanted.emit(intents[0])
        else:
            self.wanted_for_many.emit(intents)

    def _clear_filter(self) -> None:
        self.set_filter("all")
        self.view.setFocus()
        self.filter_cleared.emit()

    def _look_at_emptiness(self) -> None:
        empty = self.model.rowCount() == 0
        self._empty.setVisible(empty)
        if empty:
            self._empty.show_state(emptiness(self._emptied()))

    def _emptied(self) -> Emptied:
        store = self._store
        return Emptied(
            link=store.link,
            ready=store.ready,
            total=self.model.counts.get("all", 0),
            filter_text=self.model.filter.text,
            sources=tuple(store.sources.values()),
            appointments=store.appointments,
            config_path=self.config_path,
            now_ms=store.now_ms(),
            waited_s=self._waiting.elapsed() / 1000,
            can_test=self.can_test,
        )


class HeldOrderLine(QFrame):
    """Says that rooms would stand elsewhere if nobody worked in the table."""

    def __init__(self, look: Look, keys: KeyBindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._pin, self._sentence = QLabel(self), QLabel(self)
        self._sentence.setProperty("role", "muted")
        key = KeyLabel(keys, action("sort_again"), self)
        end = QLabel(tr("sorts again."), self)
        end.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(8)
        for widget in (self._pin, self._sentence, key, end):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        look.changed.connect(self._draw_pin)
        self._draw_pin()
        self.show_moved(0)

    def show_moved(self, moved: int) -> None:
        """So many rooms are held; none hides the line."""
        words = ntr(
            "Order held while you work here. {count} room has moved.",
            "Order held while you work here. {count} rooms have moved.",
            moved,
        )
        self._sentence.setText(words.format(count=moved))
        self.setVisible(moved > 0)

    def _draw_pin(self) -> None:
        self._pin.setPixmap(self._look.pixmap("pin", self._look.theme.muted, 14, self.devicePixelRatio()))
