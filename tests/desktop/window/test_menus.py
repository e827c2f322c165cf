"""The menus say what the table of actions says, and what cannot be done says why."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from moderator.desktop.actions import ACTIONS
from moderator.desktop.theme.look import Look
from moderator.desktop.window.menus import room_menu, window_actions
from moderator.domain.ids import RoomKey
from tests.fakes.desktop import a_room, a_store

TIMED, ENDED = a_room("timed"), a_room("ended", state="ended")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def menu(window: QWidget, look: Look, rooms: list[RoomKey], wanted: list[str]) -> QMenu:
    return room_menu(rooms, a_store(TIMED, ENDED), look, wanted.append, window)


def entry(found: QMenu, key: str) -> QAction:
    return next(action for action in found.actions() if action.text().endswith(f"\t{key}"))


def test_the_windows_commands_have_their_keys_and_are_done(window: QWidget, look: Look) -> None:
    done: list[str] = []
    handlers: dict[str, Callable[[], None]] = {
        one.name: partial(done.append, one.name) for one in ACTIONS if one.place == "window"
    }
    made = window_actions(handlers, look, window)
    for action in made:
        action.trigger()
    assert done == list(handlers)
    assert QKeySequence("Ctrl+Z") in made[0].shortcuts()
    assert set(made) <= set(window.actions()), "keys count wherever the focus is"


def test_every_command_about_rooms_is_there_and_wanted_by_its_name(window: QWidget, look: Look) -> None:
    wanted: list[str] = []
    found = menu(window, look, [TIMED.key], wanted)
    assert len(found.actions()) == sum(one.place == "room" for one in ACTIONS)
    entry(found, "E").trigger()
    assert wanted == ["extend"]


def test_what_cannot_be_done_is_off_and_says_why(window: QWidget, look: Look) -> None:
    extend = entry(menu(window, look, [ENDED.key], []), "E")
    assert (extend.isEnabled(), extend.toolTip()) == (False, "The room has ended.")
    assert entry(menu(window, look, [ENDED.key, TIMED.key], []), "E").isEnabled(), "one of them can be extended"
