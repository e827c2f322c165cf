"""The menus, made from the table of actions: one for the window, one for the rooms that are selected."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from moderator.desktop.actions import ACTIONS, Action
from moderator.desktop.availability import why_none
from moderator.desktop.intents import ActionName, Intent
from moderator.desktop.live_store import LiveStore
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey


def window_actions(handlers: Mapping[str, Callable[[], None]], look: Look, window: QWidget) -> list[QAction]:
    """The window's own commands, with their keys, which count wherever the focus is."""
    made = []
    for entry in ACTIONS:
        if entry.place == "window" and entry.name in handlers:
            action = _made(entry, look, window)
            action.setShortcuts([QKeySequence(keys) for keys in entry.keys])
            action.triggered.connect(lambda _=False, handler=handlers[entry.name]: handler())
            window.addAction(action)
            made.append(action)
    return made


def room_menu(
    rooms: Sequence[RoomKey], store: LiveStore, look: Look, want: Callable[[str], None], parent: QWidget
) -> QMenu:
    """What can be done with these rooms. What cannot is there too, and its tooltip says why."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    for entry in ACTIONS:
        if entry.place == "room":
            action = _made(entry, look, menu)
            action.setText(f"{entry.text}\t{entry.keys[0]}")  # shown only: the table listens to the key itself
            reason = _refusal(entry, rooms, store)
            action.setEnabled(not reason)
            action.setToolTip(reason)
            action.triggered.connect(lambda _=False, entry=entry: want(entry.name))
            menu.addAction(action)
    return menu


def _made(entry: Action, look: Look, parent: QWidget) -> QAction:
    action = QAction(entry.text, parent)
    if entry.icon:
        action.setIcon(look.icon(entry.icon, "muted"))
    return action


def _refusal(entry: Action, rooms: Sequence[RoomKey], store: LiveStore) -> str:
    """Why it can be done in none of them."""
    wishes = [Intent(action=cast("ActionName", entry.name), room=key) for key in rooms]
    return why_none(wishes, store.why_not)
