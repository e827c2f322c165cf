"""Entries of menus, made from the table of actions: the same words, icon, key and reason in every menu."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QWidget, QWidgetAction

from moderator.desktop.actions.action import Action
from moderator.desktop.actions.key_bindings import KeyBindings, shown
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look


class Command(Struct, frozen=True):
    """What one of the window's own actions does, and a sentence why it cannot be done now, if so."""

    do: Callable[[], None]
    why_not: Callable[[], str] = str


def context_menu(parent: QWidget, heading: str = "") -> QMenu:
    """A menu that goes when it is closed; whom it is about stands on top."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    if heading:
        add_heading(menu, heading)
    return menu


def add_entry(
    menu: QMenu, action: Action, look: Look, keys: KeyBindings | None, do: Callable[[], None], why_not: str = ""
) -> QAction:
    """An entry for this action. What cannot be done now is there too, and its tooltip says why. Without `keys` none is
    shown: none counts there.
    """
    key = next(iter(keys.keys(action)), "") if keys else ""
    text = plain(action.words)
    entry = QAction(f"{text}\t{shown(key)}" if key else text, menu)  # shown only: who has the focus listens to it
    if action.icon:
        entry.setIcon(look.icon(action.icon, "muted"))
    entry.setEnabled(not why_not)
    entry.setToolTip(plain_tip(why_not))
    entry.setStatusTip(why_not)
    entry.setData(action.id)
    entry.triggered.connect(lambda _=False: do())
    menu.addAction(entry)
    return entry


def add_heading(menu: QMenu, text: str) -> None:
    """A line that cannot be chosen. (A section's text is not painted where there is a stylesheet.)"""
    label = QLabel(text, menu)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "menu")
    line = QWidgetAction(menu)
    line.setDefaultWidget(label)
    line.setText(plain(text))
    line.setEnabled(False)
    menu.addAction(line)


def plain(text: str) -> str:
    """Menus and buttons take an ampersand for the mark of a key."""
    return text.replace("&", "&&")
