"""What the palette offers in this window now, and what is done when something is chosen."""

from typing import Final, cast

from PySide6.QtCore import QObject, QPoint, QRect, QTimer

from moderator.desktop.actions.action import Action
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.palette.entries import Entry, filters, person_commands, room_commands, window_commands
from moderator.desktop.palette.index import Index
from moderator.desktop.palette.palette import ROOMS_AT_ONCE, Palette
from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.tables.arrangement import FilterName
from moderator.desktop.theme.look import Look
from moderator.desktop.window.main_window import MainWindow
from moderator.domain.ids import RoomKey

RECENT: Final = Preference("palette/recent", "")
"""Ids of actions, the last first. Never names of rooms or people."""
MOST_RECENT: Final = 5
WARM_UP_MS: Final = 20


class Finding(QObject):
    """Of one main window."""

    def __init__(self, window: MainWindow, store: LiveStore, look: Look, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._preferences = preferences
        self._index = Index(store.room)
        self.palette = Palette(self._index, look, window)
        self.palette.chosen.connect(self._take)
        self._to_warm_up = 0
        """Rooms to look at before the first opening. What changes later is looked at when it is opened."""
        self._warming_up = QTimer(self)
        self._warming_up.setInterval(WARM_UP_MS)
        self._warming_up.timeout.connect(self._warm_up)
        window.put_away.connect(self.palette.close_)
        window.top_bar.search.palette_wanted.connect(self.open)
        store.replaced.connect(self._start_over)
        store.rooms_updated.connect(self._index.note)
        if store.ready:
            self._start_over()

    def open(self, query: str = "") -> None:
        """Show the palette; put it away where it is shown."""
        if self.palette.isVisible():
            self.palette.close_()
            return
        search = self._window.top_bar.search
        place = QRect(search.mapTo(self._window, QPoint(0, -4)), search.size())
        covered = self._window.curtain.is_drawn
        commands = self._own_commands() if covered else self._commands()
        self.palette.open(commands, self._recent(), place, query or search.text(), everybody=not covered)

    @property
    def ready(self) -> bool:
        """Everybody can be found."""
        return self._store.ready and not self._warming_up.isActive()

    # --- how -------------------------------------------------------------------------------------------------------

    def _commands(self) -> list[Entry]:
        window, store = self._window, self._store
        rooms = [room for key in window.table.view.selected_rooms() if (room := store.room(key))]
        person = window.pane.people.selected_name if len(rooms) == 1 else ""
        return [
            *room_commands(rooms, self._key, store.why_not),
            *(person_commands(person, rooms[0], self._key, window.pane.people.refusal) if person else ()),
            *self._own_commands(),
            *filters(window.filter_bar.titles(), window.table.model.counts),
        ]

    def _own_commands(self) -> list[Entry]:
        """Those of the window, which name nobody."""
        return window_commands({name: one.why_not() for name, one in self._window.commands.items()}, self._key)

    def _key(self, action: Action) -> str:
        return next(iter(self._window.keys.keys(action)), "")

    def _take(self, entry: Entry) -> None:
        if entry.id:
            self._remember(entry.id)
        if isinstance(entry.choice, str):
            self._do(entry.choice)
        else:
            self._wish(entry.choice)

    def _wish(self, wishes: tuple[Intent, ...]) -> None:
        window, wish = self._window, wishes[0]
        if len(wishes) > 1:
            window.take_for_many(wishes)
            return
        window.take(wish)
        if wish.action == "select":  # the next key is meant for what was gone to
            (window.pane if wish.participant else window.lists).take_focus()

    def _do(self, id_: str) -> None:
        """What has no ids of rooms in it: the part of the window that is meant knows the rest."""
        place, _, name = id_.partition("/")
        match place:
            case "window":
                self._window.commands[name].do()
            case "filter":
                self._window.lists.choose(cast("FilterName", name))
            case "person":
                self._window.pane.people.want(cast("ActionName", name))
            case "room":
                self._window.table.view.want(name)

    def _recent(self) -> list[str]:
        return self._preferences.get(RECENT).split()

    def _remember(self, id_: str) -> None:
        others = [one for one in self._recent() if one != id_]
        self._preferences.put(RECENT, " ".join([id_, *others][:MOST_RECENT]))

    def _start_over(self) -> None:
        rooms = _keys(self._store)
        self._index.start_over(rooms)
        self._to_warm_up = len(rooms)
        self._warming_up.start()

    def _warm_up(self) -> None:
        """So that the first opening finds everybody at once."""
        self._to_warm_up -= ROOMS_AT_ONCE
        if not self._index.work(ROOMS_AT_ONCE) or self._to_warm_up <= 0:
            self._warming_up.stop()


def _keys(store: LiveStore) -> list[RoomKey]:
    return [room.key for room in store.rooms()]
