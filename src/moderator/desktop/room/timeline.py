"""What happened in the selected room: history as the gateway tells it, and what comes in while one looks."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QListView, QPushButton, QVBoxLayout, QWidget

from moderator.client.telling import is_about, is_moot, is_told
from moderator.desktop import times
from moderator.desktop.actions.key_bindings import is_letter, spelled
from moderator.desktop.live_store import LiveStore
from moderator.desktop.past.scrub_bar import ScrubBar
from moderator.desktop.room.timeline_delegate import TimelineDelegate
from moderator.desktop.room.timeline_model import ROW_ROLE, TimelineModel
from moderator.desktop.room.timeline_rows import timeline_row
from moderator.desktop.room.timeline_text import timeline_text
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.action_button import ActionButton
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.language import tr


class Timeline(QWidget):
    """Asks for the history of the room it shows, and is given it when it is there."""

    history_wanted = Signal(object, str)
    """`RoomKey` and instance: answer with `set_history` or `history_failed`."""
    moment_wanted = Signal(object)
    """`int`, milliseconds since the epoch: show the room as it was when this happened."""

    def __init__(self, store: LiveStore, look: Look, scrub: ScrubBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._key: RoomKey | None = None
        self._instance = ""
        self._model = TimelineModel(self)
        self._list = TimelineView(self)
        self._delegate = TimelineDelegate(look, self._list)
        self._nothing = tr("Nothing happened yet.")
        self._day = QLabel(self)
        self._day.setProperty("role", "muted")
        self._note = QLabel(self)
        self._retry = QPushButton(tr("Retry"), self)
        self._copy = ActionButton(
            look, tr("Copy"), self, icon="copy", kind="quiet", tip=tr("Copy the whole timeline as text")
        )
        self._arrange(scrub)
        self._retry.clicked.connect(self._ask)
        self._copy.clicked.connect(self.copy)
        self._list.chosen.connect(self._look_at)
        look.changed.connect(self._list.viewport().update)

    def show_room(self, key: RoomKey) -> None:
        """Another room: what was shown is gone at once, for it is of another."""
        self._key = key
        self._restart()

    def refresh(self, *, missed: bool = False) -> None:
        """Begin anew where the room has another instance now. `missed`: events may have been, so ask for them."""
        room = self._room()
        if room is not None and room.instance != self._instance:
            self._restart()
        elif room is not None and missed:
            self._ask()

    def add(self, events: Iterable[Event]) -> None:
        """Live news; of other rooms and instances it is left out."""
        room = self._room()
        mine = [one for one in events if room is not None and is_about(one, room)]
        if room is not None and room.instance == self._instance and mine:
            self._add(mine, room)

    def set_history(self, key: RoomKey, instance: str, events: Sequence[Event]) -> None:
        """The answer to `history_wanted`; one that comes too late, for another room, is left out."""
        room = self._room()
        if (key, instance) != (self._key, self._instance) or room is None:
            return
        self._add(events, room)
        self._say("" if self._model.rows else self._nothing)

    def history_failed(self, key: RoomKey, instance: str, why: str) -> None:
        """The history could not be read; what is live is shown nevertheless."""
        if (key, instance) == (self._key, self._instance):
            self._say(tr("The past could not be read: {why}").format(why=why), retry=True)

    def show_moment(self, at: int | None) -> None:
        """The moment that is looked at: what was still to come stands back. None: nothing is, and the newest is in
        sight again.
        """
        was_past, self._delegate.until = self._delegate.until is not None, at
        self._list.viewport().update()
        if was_past and at is None:
            self._list.scrollToTop()
        place = next((place for place, row in enumerate(self._model.rows) if at is not None and row.at <= at), None)
        if place is not None:
            self._list.scrollTo(self._model.index(place))

    def copy(self) -> None:
        """The whole timeline to the clipboard."""
        room = self._room()
        if room is not None:
            QGuiApplication.clipboard().setText(timeline_text(room, self._model.rows))

    # --- how -------------------------------------------------------------------------------------------------------

    def _room(self) -> Room | None:
        return self._store.room(self._key) if self._key else None

    def _look_at(self, index: QModelIndex) -> None:
        self.moment_wanted.emit(index.data(ROW_ROLE).moment)

    def _restart(self) -> None:
        room = self._room()
        self._instance = room.instance if room else ""
        self._model.clear()
        self._list.scrollToTop()
        self._copy.allow(tr("There is nothing to copy yet."))
        if room is not None:
            self._ask()

    def _ask(self) -> None:
        if self._key is not None:
            self._say("" if self._model.rows else tr("Loading…"))
            self.history_wanted.emit(self._key, self._instance)

    def _add(self, events: Sequence[Event], room: Room) -> None:
        at_top = self._list.verticalScrollBar().value() == 0 and self._delegate.until is None
        self._model.add(
            timeline_row(event, room, place)
            for place, event in enumerate(events)
            if is_told(event) and not is_moot(event, room)
        )
        self._copy.allow("" if self._model.rows else tr("There is nothing to copy yet."))
        if self._model.rows:
            self._day.setText(times.day_words(self._model.rows[-1].at, self._store.now_ms()))
        if self._note.text() == self._nothing and self._model.rows:
            self._say("")
        if at_top:  # who reads further down is left there
            self._list.scrollToTop()

    def _say(self, note: str, *, retry: bool = False) -> None:
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._retry.setVisible(retry)
        if not self._model.rows:
            self._day.setText("")

    def _arrange(self, scrub: ScrubBar) -> None:
        self._list.setModel(self._model)
        self._list.setItemDelegate(self._delegate)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._note.setProperty("role", "muted")
        heading = QLabel(tr("Timeline"), self)
        heading.setProperty("role", "heading")
        title, notes, scrubbing = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        title.setContentsMargins(16, 0, 16, 0)
        title.setSpacing(8)
        notes.setContentsMargins(16, 0, 16, 0)
        scrubbing.setContentsMargins(8, 0, 8, 0)
        title.addWidget(heading)
        title.addWidget(self._day)
        title.addStretch()
        title.addWidget(self._copy)
        scrubbing.addWidget(scrub)
        notes.addWidget(self._note, 1)
        notes.addWidget(self._retry)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 8, 0, 12)
        rows.setSpacing(4)
        rows.addLayout(title)
        rows.addLayout(scrubbing)
        rows.addLayout(notes)
        rows.addWidget(self._list, 1)
        self._say("")


class TimelineView(QListView):
    """Rows of one height. Enter, or a double click, chooses one."""

    chosen = Signal(QModelIndex)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Timeline, newest first"))
        self.setAccessibleDescription(tr("Enter shows the room as it was then."))
        self.setMinimumHeight(28)
        self.doubleClicked.connect(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
            return
        if is_letter(spelled(event)):
            event.ignore()  # it may be about the room
            return
        super().keyPressEvent(event)
