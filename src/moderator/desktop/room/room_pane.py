"""The pane of the selected room: three parts that follow one room, as it is or as it was. What they show is theirs."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from moderator.client.telling import is_about
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.actions.key_repeats import KeyRepeats
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.past.as_of import AsOf
from moderator.desktop.past.framed import Framed
from moderator.desktop.past.looking_back import LookingBack
from moderator.desktop.past.past_bar import PastBar, title
from moderator.desktop.past.scrub_bar import ScrubBar
from moderator.desktop.room.columns import LEAST, Columns, Part
from moderator.desktop.room.people import People
from moderator.desktop.room.summary import Summary
from moderator.desktop.room.timeline import Timeline
from moderator.desktop.theme.look import Look
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.language import tr

SUMMARY_PX: Final = 296
LARGE_SUMMARY_PX: Final = 400
SHARES: Final = (0, 1, 1)
LARGE_SHARES: Final = (0, 3, 5)
"""Of the room, its people and its timeline: two people need less room than what happened."""


class RoomPane(QStackedWidget):
    """Give it the ticks: `tick` five times and `second` once a second."""

    wanted = Signal(object)
    """`Intent` or a tuple of them."""
    told = Signal(object)
    """`Notice`: why nothing comes of a key."""
    history_wanted = Signal(object, str)
    """`RoomKey` and instance: answer with `set_history` or `history_failed`."""

    def __init__(self, store: LiveStore, look: Look, keys: KeyBindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._keys = keys
        self._held = KeyRepeats()
        self._key: RoomKey | None = None
        self._picture = AsOf(store)
        self._past_bar = PastBar(look)
        self._scrub = ScrubBar(look)
        self._summary = Summary(self._picture, look, keys)
        self._people = People(self._picture, look, keys)
        self._timeline = Timeline(store, look, self._scrub)
        self._looking_back = LookingBack(store, self._picture, self._scrub, self._past_bar)
        self._summary_area = _scrolled(self._summary)
        self._columns = self._make_columns()
        self._framed = Framed(look, self._past_bar, self._columns)
        self._empty = self._make_empty(look)
        self.addWidget(self._empty)
        self.addWidget(self._framed)
        self.setAccessibleName(tr("Selected room"))
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._escape.setEnabled(False)
        self._connect()

    def show_room(self, key: RoomKey | None) -> None:
        """Follow another room as it is, or none."""
        if key == self._key:
            return
        self._key = key
        room = self._room()
        self._looking_back.show_room(key, room.instance if room else "")
        if key is not None:
            for part in (self._summary, self._people, self._timeline):
                part.show_room(key)
        self._refresh()

    @property
    def people(self) -> People:
        """Who is in the room."""
        return self._people

    def set_large(self, *, large: bool) -> None:
        """The only room there is fills the window; a pane among many is small."""
        self._summary.set_large(large=large)
        self._summary_area.setMinimumWidth(LARGE_SUMMARY_PX if large else SUMMARY_PX)
        self._people.set_cards(cards=large)
        self._columns.share(*(LARGE_SHARES if large else SHARES))

    def select_person(self, participant: str) -> None:
        """Select somebody in the room that is shown."""
        self._columns.show_part(1)
        self._people.select_person(participant)

    def take_focus(self) -> None:
        """The keyboard goes to the people."""
        if self._key is not None:
            self._columns.show_part(1)
            self._people.take_focus()

    def look_at(self, at: int | None) -> None:
        """Show the room as it was at this moment, in milliseconds since the epoch; None: as it is."""
        self._looking_back.look_at(at)

    @property
    def looks_back(self) -> bool:
        """Whether an earlier moment is shown."""
        return self._looking_back.then is not None

    def set_history(self, key: RoomKey, instance: str, events: Sequence[Event]) -> None:
        """The answer to `history_wanted`."""
        history = self._looking_back.history
        if history is not None and (key, instance) == (history.key, history.instance):
            self._looking_back.add(events)
            self._people.show_history(history)
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
        self._looking_back.second()

    def minimumSizeHint(self) -> QSize:
        return LEAST

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the rooms mean this one, wherever in the pane the focus is."""
        repeats, action = self._held.repeats(event), self._keys.wish_for_room(event)
        if action is None or self._room() is None:
            super().keyPressEvent(event)
        elif not repeats:
            self._want(Intent(action=action, room=self._key))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._held.repeats(event)
        super().keyReleaseEvent(event)

    # --- how -------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._summary.wanted.connect(self.wanted)
        self._people.wanted.connect(self.wanted)
        self._people.told.connect(self.told)
        self._timeline.history_wanted.connect(self.history_wanted)
        self._timeline.moment_wanted.connect(self._looking_back.look_at)
        self._looking_back.changed.connect(self._show_moment)
        self._escape.activated.connect(self._looking_back.return_to_now)
        self._store.replaced.connect(self._replaced)
        self._store.rooms_updated.connect(self._rooms_updated)
        self._store.events_arrived.connect(self._add)
        self._store.me_updated.connect(self._refresh)
        self._store.link_updated.connect(self._refresh)

    def _want(self, wish: Intent) -> None:
        """What is possible now is asked for, unless it is the past that is looked at."""
        if self.looks_back and (why := self._picture.why_not(wish)):
            self.told.emit(Notice(tone="info", text=why))
        else:
            self.wanted.emit(wish)

    def _room(self) -> Room | None:
        """As it is."""
        return self._store.room(self._key) if self._key else None

    def _replaced(self) -> None:
        """A snapshot tells how things are, not what happened before it."""
        self._refresh()
        self._timeline.refresh(missed=True)

    def _rooms_updated(self, keys: frozenset[RoomKey]) -> None:
        if self._key in keys:
            self._refresh()

    def _add(self, events: Sequence[Event]) -> None:
        room = self._room()
        mine = [one for one in events if room is not None and is_about(one, room)]
        if room is not None and mine:
            self._looking_back.add(mine)
            self._timeline.add(mine)

    def _refresh(self) -> None:
        room = self._room()
        self.setCurrentWidget(self._framed if room else self._empty)
        if room is not None and self._key is not None:
            history = self._looking_back.history
            if history is None or history.instance != room.instance:
                self._looking_back.show_room(self._key, room.instance)
            self._summary.refresh()
            self._people.refresh()
            self._timeline.refresh()

    def _show_moment(self) -> None:
        then = self._looking_back.then
        focused = QApplication.focusWidget()
        if then is not None and focused is not None and self._summary.isAncestorOf(focused):
            self._scrub.setFocus()  # what goes off would pass the focus on to wherever
        if then is None and focused is not None and self._past_bar.isAncestorOf(focused):
            self._scrub.setFocus()
        self._framed.set_past(past=then is not None)
        self._summary.set_past(past=then is not None)
        self._escape.setEnabled(then is not None)
        self._timeline.show_moment(then.at if then else None)
        self._summary.refresh()
        self._people.refresh()
        self._people.second()
        words = title(then.at) if then else tr("Back to live.")
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._scrub, words))

    def _make_columns(self) -> Columns:
        self._summary_area.setMinimumWidth(SUMMARY_PX)
        parts = (
            Part(tr("Room"), self._summary_area, SHARES[0]),
            Part(tr("People"), _scrolled(self._people), SHARES[1]),
            Part(tr("Timeline"), self._timeline, SHARES[2]),
        )
        return Columns(parts, self)

    def _make_empty(self, look: Look) -> QWidget:
        empty = QWidget(self)
        title_ = QLabel(tr("No room selected"), empty)
        title_.setFont(look.font("body", "semibold"))
        hint = QLabel(tr("Select a room to see who is in it and what happened."), empty)
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        rows = QVBoxLayout(empty)
        rows.setSpacing(4)
        rows.addStretch()
        for label in (title_, hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            rows.addWidget(label)
        rows.addStretch()
        return empty


def _scrolled(content: QWidget) -> QScrollArea:
    """In a low window nothing of it is squeezed."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(content)
    return scroll
