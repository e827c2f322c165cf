"""How the rooms table was left, from one start of the program to the next: its columns, its order, its density."""

from typing import Final

from PySide6.QtCore import QObject

from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.tables.rooms_fonts import DENSITY, ROW_PX, density
from moderator.desktop.tables.rooms_view import RoomsView
from moderator.desktop.tables.table_layout import TableLayout, read, written

LAYOUT: Final = Preference("table/layout", "")


class RememberedTable(QObject):
    """Keeps a view and the preferences in step."""

    def __init__(self, view: RoomsView, preferences: Preferences) -> None:
        super().__init__(view)
        self._view = view
        self._preferences = preferences
        view.arranging.arrange(read(preferences.get(LAYOUT)))
        view.set_density(density(preferences.get(DENSITY)))
        view.arranging.changed.connect(self._keep)
        preferences.changed.connect(self._follow)

    def other_density(self) -> None:
        """The next one, and from the widest the closest again."""
        names = list(ROW_PX)
        place = names.index(density(self._preferences.get(DENSITY)))
        self._preferences.put(DENSITY, names[(place + 1) % len(names)])

    def reset(self) -> None:
        """Columns and order as they were at first."""
        self._view.arranging.arrange(TableLayout())
        self._keep(TableLayout())

    def _keep(self, layout: TableLayout) -> None:
        if layout == TableLayout():
            self._preferences.forget(LAYOUT)
        else:
            self._preferences.put(LAYOUT, written(layout))

    def _follow(self, preference: object) -> None:
        if preference is DENSITY:
            self._view.set_density(density(self._preferences.get(DENSITY)))
