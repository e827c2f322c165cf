"""Everything that can be done with one person, as a menu made from the table of actions."""

from collections.abc import Callable
from typing import cast, get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from moderator.desktop.actions import ACTIONS
from moderator.desktop.intents import ActionName
from moderator.desktop.theme.look import Look


def person_menu(
    refusal: Callable[[ActionName], str], want: Callable[[ActionName], None], look: Look, parent: QWidget
) -> QMenu:
    """What cannot be done is there too, and its tooltip says why: that is what `refusal` answers."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    for entry in ACTIONS:
        if entry.place == "person" and entry.name in get_args(ActionName):
            name = cast("ActionName", entry.name)
            keys = f"\t{entry.keys[0]}" if entry.keys else ""  # shown only: the list listens to the key itself
            action = QAction(look.icon(entry.icon, "muted"), f"{entry.text}{keys}", menu)
            why = refusal(name)
            action.setEnabled(not why)
            action.setToolTip(why)
            action.triggered.connect(lambda _=False, name=name: want(name))
            menu.addAction(action)
    return menu
