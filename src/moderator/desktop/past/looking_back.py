"""Looking back at the selected room: its history, the moment that is looked at, and who is told of it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from moderator.client.telling import is_told
from moderator.desktop.live_store import LiveStore
from moderator.desktop.past.as_of import AsOf, Then
from moderator.desktop.past.past_bar import PastBar
from moderator.desktop.past.scrub_bar import ScrubBar
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.rewinding import History, moment_of

FOLD_MS: Final = 30
"""Between two looks while the handle is dragged: folding costs more than moving the handle."""


class LookingBack(QObject):
    """Changes what `picture` shows. Events that come meanwhile are kept, and move nothing that is shown."""

    changed = Signal()
    """Another moment is shown, or what is now again: read `picture` once more."""

    def __init__(self, store: LiveStore, picture: AsOf, scrub: ScrubBar, bar: PastBar) -> None:
        super().__init__(scrub)
        self._store = store
        self._picture = picture
        self._scrub = scrub
        self._bar = bar
        self._history: History | None = None
        self._told: tuple[int, ...] = ()
        """When something happened that people are told of."""
        self._begin: int | None = None
        self._wanted: int | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setTimerType(Qt.TimerType.PreciseTimer)
        self._soon.setInterval(FOLD_MS)
        self._soon.timeout.connect(self._look)
        scrub.moment_wanted.connect(self.look_at)
        bar.back_wanted.connect(self.return_to_now)

    @property
    def then(self) -> Then | None:
        """What is looked at; None while everything is shown as it is."""
        return self._picture.then

    @property
    def history(self) -> History | None:
        """What is known of the room that is shown."""
        return self._history

    def show_room(self, key: RoomKey | None, instance: str) -> None:
        """Another room, or another instance of it: shown as it is, and nothing is known of its past yet."""
        self.return_to_now()
        around = self._store.surroundings(key) if key is not None else None
        self._history = History(key, instance, around) if key is not None and around is not None else None
        self._told, self._begin = (), None
        self.second()

    def add(self, events: Sequence[Event]) -> None:
        """More is known of the room that is shown."""
        if self._history is None:
            return
        new = [one for one in events if one.key == self._history.key]
        self._history.add(new)
        self._told = tuple(sorted({*self._told, *(moment_of(one) for one in new if is_told(one))}))
        self._begin = self._history.begin
        self.second()

    def second(self) -> None:
        """The time went on: so did the end of the slider."""
        if self._begin is None:
            self._scrub.setEnabled(False)
            return
        self._scrub.setEnabled(True)
        self._scrub.show_range(self._begin, self._store.now_ms(), self._told)
        if self.then is not None:
            self._say(self.then.at)

    def look_at(self, at: int | None) -> None:
        """Show the room as it was at this moment; None: as it is."""
        if at is None:
            self.return_to_now()
            return
        self._wanted = at if self._begin is None else max(at, self._begin)
        self._scrub.show_moment(self._wanted)
        if not self._soon.isActive():
            self._soon.start()

    def return_to_now(self) -> None:
        """Show the room as it is."""
        self._soon.stop()
        self._wanted = None
        self._scrub.show_moment(None)
        if self.then is not None:
            self._picture.then = None
            self.changed.emit()

    def _look(self) -> None:
        room = self._history.room_at(self._wanted) if self._history and self._wanted is not None else None
        if room is None or self._wanted is None:
            self.return_to_now()
            return
        self._picture.then = Then(room, self._wanted)
        self._say(self._wanted)
        self.changed.emit()

    def _say(self, at: int) -> None:
        cut = self._begin if self._history is not None and self._history.is_cut else None
        self._bar.show_moment(at, self._store.now_ms(), cut)
