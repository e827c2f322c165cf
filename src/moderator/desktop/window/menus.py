"""The menus of the window, made from the table of actions: its own, and one for the rooms that are selected."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Final, cast

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from moderator.client.texts import safe
from moderator.desktop.actions.action import Action, Group
from moderator.desktop.actions.actions import ACTIONS
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.actions.menu_entries import Command, add_entry, add_heading, context_menu
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.availability import why_none
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.language import marked, ntr, tr

WINDOW_MENU: Final[tuple[tuple[Group, str], ...]] = (
    ("work", ""),
    ("go", marked("Go to")),
    ("records", marked("Look back")),
    ("view", marked("View")),
    ("program", ""),
)
"""The groups in their order; those with a name are menus of their own."""


def window_keys(commands: Mapping[str, Command], keys: KeyBindings, window: QWidget) -> dict[str, QAction]:
    """The keys of the window's own commands, which count wherever the focus is; they follow `keys`."""
    made: dict[str, QAction] = {}
    for one in _own(commands):
        made[one.name] = listening = QAction(one.words, window)
        listening.triggered.connect(lambda _=False, do=commands[one.name].do: do())
        window.addAction(listening)

    def follow() -> None:
        for one in _own(commands):
            made[one.name].setShortcuts([QKeySequence(key) for key in keys.keys(one)])

    follow()
    keys.changed.connect(follow)
    return made


class WindowMenu(QMenu):
    """Filled anew whenever it is opened: what can be done changes."""

    def __init__(self, look: Look, summary: Callable[[], str], parent: QWidget) -> None:
        """`summary` is the line on top."""
        super().__init__(parent)
        self._look = look
        self._summary = summary
        self._commands: Mapping[str, Command] = {}
        self._keys: KeyBindings | None = None
        """None until there are commands."""
        self._submenus: list[QMenu] = []
        self.aboutToShow.connect(self.fill)

    def offer(self, commands: Mapping[str, Command], keys: KeyBindings) -> None:
        """These stand in the menu from now on."""
        self._commands, self._keys = commands, keys

    def fill(self) -> None:
        """Show how it is now."""
        self.clear()
        while self._submenus:  # clearing a menu does not delete them
            self._submenus.pop().deleteLater()
        add_heading(self, self._summary())
        for number, (group, name) in enumerate(WINDOW_MENU):
            found = [one for one in _own(self._commands) if one.group == group]
            if found and not name and number:
                self.addSeparator()
            self._add(found, self._submenu(name) if found and name else self)

    def _add(self, found: Sequence[Action], menu: QMenu) -> None:
        for one in found:
            command = self._commands[one.name]
            add_entry(menu, one, self._look, self._keys, command.do, command.why_not())

    def _submenu(self, name: str) -> QMenu:
        menu = self.addMenu(tr(name))
        menu.setToolTipsVisible(True)
        self._submenus.append(menu)
        return menu


def room_menu(
    rooms: Sequence[RoomKey],
    store: LiveStore,
    look: Look,
    want: Callable[[str], None],
    parent: QWidget,
    keys: KeyBindings,
) -> QMenu:
    """What can be done with these rooms. What cannot is there too, and its tooltip says why."""
    menu = context_menu(parent, _named(rooms, store))
    shown = [one for one in ACTIONS if one.place == "room" and not one.with_focus]
    order = list(dict.fromkeys(one.group for one in shown))
    shown.sort(key=lambda one: order.index(one.group))
    for number, (_, group) in enumerate(groupby(shown, key=lambda one: one.group)):
        if number:
            menu.addSeparator()
        for one in group:
            reason = _refusal(one, rooms, store)
            add_entry(menu, one, look, keys, partial(want, one.name), reason)
    return menu


def _own(commands: Mapping[str, Command]) -> list[Action]:
    return [one for one in ACTIONS if one.place == "window" and one.name in commands]


def _named(rooms: Sequence[RoomKey], store: LiveStore) -> str:
    room = store.room(rooms[0]) if len(rooms) == 1 else None
    return safe(room.name) if room else ntr("1 room", "{count} rooms", len(rooms)).format(count=len(rooms))


def _refusal(entry: Action, rooms: Sequence[RoomKey], store: LiveStore) -> str:
    """Why it can be done in none of them."""
    wishes = [Intent(action=cast("ActionName", entry.name), room=key) for key in rooms]
    return why_none(wishes, store.why_not)
