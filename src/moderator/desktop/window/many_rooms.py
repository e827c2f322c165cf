"""When the window turns to many rooms: the overview above the table, those that need somebody on top, rows closer
together. It goes back when there are few again, or when somebody says so.
"""

from typing import Final

from PySide6.QtCore import QObject

from moderator.desktop.live_store import LiveStore
from moderator.desktop.overview.overview import Overview
from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.tables.rooms_fonts import DENSITY, density
from moderator.desktop.window.lists import Lists

MANY: Final = 200
STILL_MANY: Final = 180
"""Fewer than `MANY`, so that the table does not jump while rooms come and go."""
SHOWN: Final = Preference("overview/shown", "automatic")
"""`automatic`, `always` or `never`."""


def is_wanted(live: int, choice: str, *, shown: bool) -> bool:
    """Whether the overview is to be shown with so many live rooms; `shown`: it is now."""
    if choice in {"always", "never"}:
        return choice == "always"
    return live >= (STILL_MANY if shown else MANY)


class ManyRooms(QObject):
    """Give it the seconds."""

    def __init__(self, store: LiveStore, overview: Overview, lists: Lists, preferences: Preferences) -> None:
        super().__init__(overview)
        self._store = store
        self._overview = overview
        self._lists = lists
        self._preferences = preferences
        self._shown = False
        overview.hide()
        overview.chosen.connect(lists.narrow)
        lists.filtered.connect(overview.show_chosen)
        preferences.changed.connect(self._follow)
        self.look()

    def toggle(self) -> None:
        """Show the overview, however few rooms there are, or hide it, however many."""
        choice = "never" if self._shown else "always"
        by_itself = is_wanted(self._store.census.live, "automatic", shown=not self._shown) == (choice == "always")
        self._preferences.put(SHOWN, "automatic" if by_itself else choice)

    def second(self) -> None:
        """Rooms may have come or gone."""
        self.look()
        self._overview.second()

    def _follow(self, preference: object) -> None:
        if preference in {SHOWN, DENSITY}:
            self.look()

    def look(self) -> None:
        """Decide again."""
        wanted = is_wanted(self._store.census.live, self._preferences.get(SHOWN), shown=self._shown)
        if wanted != self._shown:
            self._shown = wanted
            self._overview.setVisible(wanted)
            self._overview.refresh()
            self._lists.table.model.put_exceptions_first(wanted)
        chosen = density(self._preferences.get(DENSITY))
        self._lists.table.view.set_density("compact" if wanted and chosen == DENSITY.default else chosen)
