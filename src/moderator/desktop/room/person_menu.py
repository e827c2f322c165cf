"""Everything that can be done with one person, as a menu made from the table of actions."""

from collections.abc import Callable
from functools import partial
from typing import Final, cast

from PySide6.QtWidgets import QMenu, QWidget

from moderator.desktop.actions.actions import ACTIONS
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.actions.menu_entries import add_entry, context_menu
from moderator.desktop.orders.intents import ActionName
from moderator.desktop.theme.look import Look
from moderator.language import marked, tr

_NO_WAY_BACK: Final = marked(
    "It cannot be taken back from here. They may be able to share again only when they rejoin."
)
"""No platform has a call that gives a stopped screen back."""


def person_menu(
    who: str,
    refusal: Callable[[ActionName], str],
    want: Callable[[ActionName], None],
    look: Look,
    keys: KeyBindings,
    parent: QWidget,
) -> QMenu:
    """What cannot be done is there too, and its tooltip says why: that is what `refusal` answers."""
    menu = context_menu(parent, who)
    for one in ACTIONS:
        if one.place == "person" and not one.with_focus:
            name = cast("ActionName", one.name)
            entry = add_entry(menu, one, look, keys, partial(want, name), refusal(name))
            if name == "stop_stream" and entry.isEnabled():
                entry.setToolTip(tr(_NO_WAY_BACK))
    return menu
