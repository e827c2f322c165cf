"""The pane of the selected room: three columns that follow one room. What they show is theirs."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from moderator.desktop.live_store import LiveStore
from moderator.desktop.room.people import People
from moderator.desktop.room.summary import Summary
from moderator.desktop.room.timeline import Timeline
from moderator.desktop.theme.look import Look
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.language import tr

SUMMARY_PX: Final = 280


class RoomPane(QStackedWidget):
    """Give it the ticks: `tick` five times and `second` once a second."""

    wanted = Signal(object)
    """`Intent` or a tuple of them."""
    history_wanted = Signal(object, str)
    """`RoomKey` and instance: answer with `set_history` or `history_failed`."""

    def __init__(self, store: LiveStore, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._key: RoomKey | None = None
        self._summary = Summary(store, look, self)
        self._people = People(store, look, self)
        self._timeline = Timeline(store, look, self)
        self._columns = self._make_columns()
        self._empty = self._make_empty(look)
        self.addWidget(self._empty)
        self.addWidget(self._columns)
        self.setAccessibleName(tr("Selected room"))
        self._summary.wanted.connect(self.wanted)
        self._people.wanted.connect(self.wanted)
        self._timeline.history_wanted.connect(self.history_wanted)
        store.replaced.connect(self._replaced)
        store.rooms_updated.connect(self._rooms_updated)
        store.events_arrived.connect(self._timeline.add)
        store.me_updated.connect(self._refresh)
        store.link_updated.connect(self._refresh)

    def show_room(self, key: RoomKey | None) -> None:
        """Follow another room, or none."""
        if key == self._key:
            return
        self._key = key
        if key is not None:
            for part in (self._summary, self._people, self._timeline):
                part.show_room(key)
        self._refresh()

    def select_person(self, participant: str) -> None:
        """Select somebody in the room that is shown."""
        self._people.select_person(participant)

    def take_focus(self) -> None:
        """The keyboard goes to the people."""
        if self._key is not None:
            self._people.take_focus()

    def set_history(self, key: RoomKey, instance: str, events: Sequence[Event]) -> None:
        """The answer to `history_wanted`."""
        self._timeline.set_history(key, instance, events)

    def history_failed(self, key: RoomKey, instance: str, why: str) -> None:
        """The other answer: a sentence why not."""
        self._timeline.history_failed(key, instance, why)

    def tick(self) -> None:
        """Paint what counts down."""
        self._summary.tick()

    def second(self) -> None:
        """Paint ages; see whether the picture is out of date by now."""
        self._summary.refresh()
        self._people.refresh()
        self._people.second()

    # --- how -------------------------------------------------------------------------------------------------------

    def _replaced(self) -> None:
        """A snapshot tells how things are, not what happened before it."""
        self._refresh()
        self._timeline.refresh(missed=True)

    def _rooms_updated(self, keys: frozenset[RoomKey]) -> None:
        if self._key in keys:
            self._refresh()

    def _refresh(self) -> None:
        room = self._store.room(self._key) if self._key else None
        self.setCurrentWidget(self._columns if room else self._empty)
        if room is not None:
            self._summary.refresh()
            self._people.refresh()
            self._timeline.refresh()

    def _make_columns(self) -> QWidget:
        columns = QWidget(self)
        row = QHBoxLayout(columns)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._scrolled(self._summary))
        row.addWidget(_upright(columns))
        row.addWidget(self._people, 1)
        row.addWidget(_upright(columns))
        row.addWidget(self._timeline, 1)
        return columns

    def _scrolled(self, summary: QWidget) -> QScrollArea:
        """In a low window nothing of it is squeezed."""
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFixedWidth(SUMMARY_PX)
        scroll.setWidget(summary)
        return scroll

    def _make_empty(self, look: Look) -> QWidget:
        empty = QWidget(self)
        title = QLabel(tr("No room selected"), empty)
        title.setFont(look.font(13, "semibold"))
        hint = QLabel(tr("Select a room to see who is in it and what happened."), empty)
        hint.setProperty("role", "muted")
        rows = QVBoxLayout(empty)
        rows.setSpacing(4)
        rows.addStretch()
        for label in (title, hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            rows.addWidget(label)
        rows.addStretch()
        return empty


def _upright(parent: QWidget) -> QFrame:
    """A hairline between columns."""
    line = QFrame(parent)
    line.setProperty("role", "upright")
    return line
