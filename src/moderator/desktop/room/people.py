"""The people of the selected room, and what can be done with one of them."""

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QListView, QMenu, QVBoxLayout, QWidget

from moderator.desktop.actions.actions import action as find_action
from moderator.desktop.actions.key_bindings import KeyBindings, is_letter, spelled
from moderator.desktop.actions.key_repeats import KeyRepeats
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.picture import Picture
from moderator.desktop.room.blocked import Blocked
from moderator.desktop.room.people_delegate import ROW_PX, PeopleDelegate
from moderator.desktop.room.people_list import PersonRow, people_of
from moderator.desktop.room.people_model import PeopleModel
from moderator.desktop.room.person_cards import PersonCards
from moderator.desktop.room.person_menu import person_menu
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.action_button import ActionButton
from moderator.desktop.widgets.wrapped_row import WrappedRow
from moderator.domain.ids import RoomKey
from moderator.domain.rewinding import History
from moderator.domain.rooms import Room
from moderator.language import tr

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class People(QWidget):
    """Shows one room; the pane says which, and when."""

    wanted = Signal(object)
    """`Intent` or a tuple of them: what is done to each connection of a person."""
    told = Signal(object)
    """`Notice`: why nothing comes of a key."""

    def __init__(self, picture: Picture, look: Look, keys: KeyBindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._look = look
        self._keys = keys
        self._key: RoomKey | None = None
        self._history: History | None = None
        self._heading = QLabel(tr("People"), self)
        self._heading.setProperty("role", "heading")
        self._count = QLabel(self)
        self._count.setProperty("role", "muted")
        self._nobody = QLabel(tr("Nobody is in the room."), self)
        self._nobody.setProperty("role", "muted")
        self._nobody.setContentsMargins(16, 4, 16, 4)
        self._model = PeopleModel(picture.now_ms, self)
        self._list = self._make_list(look)
        self._buttons: dict[ActionName, ActionButton] = {
            "disconnect": ActionButton(
                look,
                tr("Disconnect…"),
                self,
                icon="user-minus",
                kind="danger",
                tip=tr("Remove this person"),
            ),
            "mute": ActionButton(look, tr("Mute"), self, icon="mic-off", tip=tr("Silence the microphone")),
            "allow": ActionButton(
                look,
                tr("Let in"),
                self,
                icon="user-check",
                tip=tr("Let this person stay, or come back, although policy objects"),
            ),
        }
        for action, button in self._buttons.items():
            button.clicked.connect(lambda _=False, action=action: self.want(action))
            button.follow(self._keys, find_action(action, "person"), with_cap=action == "disconnect")
        self._more = ActionButton(look, tr("More"), self, icon="chevron-down", tip=tr("Microphone and shared screen"))
        self._more.clicked.connect(lambda: self._show_menu(self._more.mapToGlobal(self._more.rect().bottomLeft())))
        self._blocked = Blocked(picture, look, self)
        self._blocked.wanted.connect(self.wanted)
        self._list.selectionModel().selectionChanged.connect(self._allow)
        look.changed.connect(self._list.viewport().update)
        self._arrange()

    def show_room(self, key: RoomKey) -> None:
        """Another room: nobody is selected, for who was is not in it."""
        self._key, self._history = key, None
        self._list.clearSelection()
        self._list.setCurrentIndex(QModelIndex())
        self.refresh()

    def show_history(self, history: History) -> None:
        """What is known of the room's past: when people were blocked, and by whom."""
        self._history = history
        self.refresh()

    def refresh(self) -> None:
        """Look at the picture again."""
        room = self._room()
        if room is None:
            return
        limit = room.limits.max_people if room.limits else None
        self._count.setText(_count_words(room.people, limit))
        over = bool(limit) and room.people > (limit or 0)
        if self._count.property("level") != ("critical" if over else "normal"):
            self._count.setProperty("level", "critical" if over else "normal")
            self._count.style().polish(self._count)
        self._model.show(people_of(room))
        self._nobody.setVisible(not self._model.rowCount())
        self._blocked.show_room(room, self._history.last_block_of if self._history else None)
        self._allow()

    def second(self) -> None:
        """The time went on: how long people are here is painted again."""
        self._list.viewport().update()
        self._blocked.second()

    def set_cards(self, *, cards: bool) -> None:
        """Each on a card, or in rows close together."""
        kind = PersonCards if cards else PeopleDelegate
        before = self._list.itemDelegate()
        self._list.setItemDelegate(kind(self._picture, self._look, self._list))
        before.deleteLater()

    def select_person(self, participant: str) -> None:
        """Select whom this connection belongs to, such as the one an alert is about."""
        for place in range(self._model.rowCount()):
            if participant in self._model.row(place).participants:
                self._list.setCurrentIndex(self._model.index(place))
                return

    @property
    def selected_name(self) -> str:
        """Who is selected; empty for nobody."""
        row = self._selected()
        return row.title if row else ""

    def take_focus(self) -> None:
        """Give the list the focus, with somebody selected."""
        self._list.setFocus()
        if not self._list.currentIndex().isValid() and self._model.rowCount():
            self._list.setCurrentIndex(self._model.index(0))

    def menu(self) -> QMenu:
        """Everything that can be done with whom is selected."""
        return person_menu(self.selected_name, self.refusal, self.want, self._look, self._keys, self)

    # --- how -------------------------------------------------------------------------------------------------------

    def _room(self) -> Room | None:
        return self._picture.room(self._key) if self._key else None

    def _selected(self) -> PersonRow | None:
        indexes = self._list.selectionModel().selectedIndexes()
        return self._model.row(indexes[0].row()) if indexes else None

    def _allow(self) -> None:
        """Each button on, or off with the reason."""
        row = self._selected()
        for action, button in self._buttons.items():
            button.allow(self.refusal(action))
        self._buttons["allow"].setVisible(row is not None and (row.presence == "violation" or row.removed))
        self._more.allow("" if row else tr("Select a person first."))

    def refusal(self, action: ActionName) -> str:
        """Why this cannot be done with whom is selected; what the platform can never do comes first."""
        row = self._selected()
        if row is None:
            return tr("Select a person first.")
        return self._picture.why_not(Intent(action=action, room=self._key)) or self._about(action, row)

    def _about(self, action: ActionName, row: PersonRow) -> str:
        if action == "sessions":
            return ""  # also of who has left, or has not come yet
        if row.presence == "expected":
            return tr("{name} has not come yet.").format(name=row.title)
        if action == "allow" and row.removed:
            return ""
        if not row.here:
            return tr("{name} has left.").format(name=row.title)
        if action == "mute" and not row.sharing:
            return tr("{name} shares nothing that could be muted.").format(name=row.title)
        if action == "stop_stream" and not row.screens:
            return tr("{name} shares no screen.").format(name=row.title)
        if action == "allow" and row.presence != "violation":
            return tr("No policy objects to {name}.").format(name=row.title)
        return ""

    def _intents(self, action: ActionName, row: PersonRow) -> tuple[Intent, ...]:
        """The sound may come from any of a person's devices; what is not about media concerns the person as a whole."""
        if action == "stop_stream":
            return tuple(Intent(action=action, room=self._key, stream=one, user=row.user) for one in row.screens)
        of_devices = {"mute": row.sharing, "revoke": row.participants, "restore": row.participants}
        participants = of_devices.get(action, row.participants[:1] or ("",))
        return tuple(Intent(action=action, room=self._key, participant=one, user=row.user) for one in participants)

    def want(self, action: ActionName) -> None:
        """Do this with whom is selected, if it can be done."""
        row = self._selected()
        if row is not None and not self.refusal(action):
            intents = self._intents(action, row)
            self.wanted.emit(intents[0] if len(intents) == 1 else intents)

    def _on_key(self, action: ActionName) -> None:
        if why := self.refusal(action):
            self.told.emit(Notice(tone="info", text=why))
        self.want(action)

    def _show_menu_of_selected(self) -> None:
        below = self._list.visualRect(self._list.currentIndex()).bottomLeft()
        self._show_menu(self._list.viewport().mapToGlobal(below))

    def _show_menu(self, place: QPoint) -> None:
        if self._selected() is not None:
            self.menu().popup(place)

    def _make_list(self, look: Look) -> "PeopleView":
        view = PeopleView(self._keys, self)
        view.setModel(self._model)
        view.setItemDelegate(PeopleDelegate(self._picture, look, view))
        view.key_pressed.connect(self._on_key)
        view.entered_row.connect(self._show_menu_of_selected)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(lambda place: self._show_menu(view.viewport().mapToGlobal(place)))
        view.setAccessibleName(tr("People in the room"))
        return view

    def _arrange(self) -> None:
        heading = QHBoxLayout()
        heading.setContentsMargins(16, 0, 16, 0)
        heading.setSpacing(8)
        heading.addWidget(self._heading)
        heading.addWidget(self._count)
        heading.addStretch()
        buttons = WrappedRow(6)
        buttons.setContentsMargins(16, 8, 16, 0)
        for button in self._buttons.values():
            buttons.addWidget(button)
        buttons.addWidget(self._more)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 12, 0, 12)
        rows.setSpacing(4)
        rows.addLayout(heading)
        rows.addSpacing(2)
        rows.addWidget(self._nobody)
        rows.addWidget(self._list, 1)
        rows.addLayout(buttons)
        rows.addWidget(self._blocked)


def _count_words(people: int, limit: int | None) -> str:
    return str(people) if not limit else tr("{people} of {limit}").format(people=people, limit=limit)


class PeopleView(QListView):
    """Rows of one height; only those that can be seen are painted, however many there are."""

    key_pressed = Signal(object)
    """`ActionName`: the key of something that is done with the selected person."""
    entered_row = Signal()
    """Enter on somebody."""

    def __init__(self, keys: KeyBindings, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys = keys
        self._held = KeyRepeats()
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(ROW_PX)

    def sizeHint(self) -> QSize:
        return QSize(160, 2 * ROW_PX)  # in a low window it gets no more, and scrolls

    def keyPressEvent(self, event: QKeyEvent) -> None:
        repeats, name = self._held.repeats(event), self._keys.pressed("person", event)
        if name == "select_nobody":
            self.selectionModel().setCurrentIndex(QModelIndex(), QItemSelectionModel.SelectionFlag.Clear)
        elif name and not repeats:
            self.key_pressed.emit(name)
        elif not name and event.key() in _ENTER and self.selectionModel().hasSelection():
            if not repeats:
                self.entered_row.emit()
            return
        if is_letter(spelled(event)) and not name:
            event.ignore()  # it may be about the room
        elif name in {"", "select_nobody"}:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._held.repeats(event)
        super().keyReleaseEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys for actions here, not a search."""
