"""The menus say what the table of actions says, and what cannot be done says why."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.actions import ACTIONS, action
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.actions.menu_entries import Command
from moderator.desktop.preferences import Preferences
from moderator.desktop.theme.look import Look
from moderator.desktop.window.menus import WINDOW_MENU, WindowMenu, room_menu, window_keys
from moderator.domain.ids import RoomKey
from tests.fakes.desktop import a_room, a_store

TIMED, ENDED = a_room("timed"), a_room("ended", state="ended")
OWN = [one for one in ACTIONS if one.place == "window"]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def menu(window: QWidget, look: Look, rooms: list[RoomKey], wanted: list[str]) -> QMenu:
    return room_menu(rooms, a_store(TIMED, ENDED), look, wanted.append, window, KeyBindings())


def entry(found: QMenu, id_: str) -> QAction:
    return next(one for one in every_entry(found) if one.data() == id_)


def every_entry(found: QMenu) -> list[QAction]:
    """What stands in it and in the menus below."""
    below = [one for inner in found.findChildren(QMenu) for one in inner.actions()]
    return [one for one in [*found.actions(), *below] if one.data()]


def test_the_windows_keys_do_its_commands_and_follow_what_is_chosen(window: QWidget, tmp_path: Path) -> None:
    done: list[str] = []
    keys = KeyBindings(Preferences(tmp_path / "window.ini"))
    made = window_keys({one.name: Command(partial(done.append, one.name)) for one in OWN}, keys, window)
    for one in made.values():
        one.trigger()
    assert sorted(done) == sorted(one.name for one in OWN)
    assert made["undo"].shortcuts() == [QKeySequence("Ctrl+Z")]
    assert set(made.values()) <= set(window.actions()), "keys count wherever the focus is"
    keys.choose(action("undo"), ("Ctrl+U",))
    assert made["undo"].shortcuts() == [QKeySequence("Ctrl+U")]


def test_the_windows_menu_has_every_command_in_its_group(window: QWidget, look: Look) -> None:
    made = WindowMenu(look, lambda: "Nobody is on duty", window)
    made.offer({one.name: Command(lambda: None) for one in OWN}, KeyBindings())
    made.aboutToShow.emit()
    assert {one.data() for one in every_entry(made)} == {one.id for one in OWN}
    assert made.actions()[0].text() == "Nobody is on duty"
    assert not made.actions()[0].isEnabled()
    submenus = [one.text() for one in made.actions() if one.menu() is not None]
    assert submenus == [name for _, name in WINDOW_MENU if name]


def test_the_windows_menu_says_why_something_is_off(window: QWidget, look: Look) -> None:
    made = WindowMenu(look, str, window)
    made.offer({"undo": Command(lambda: None, lambda: "There is nothing to undo.")}, KeyBindings())
    made.fill()
    undo = entry(made, "window/undo")
    assert (undo.text(), undo.isEnabled(), undo.statusTip()) == ("Undo\tCtrl+Z", False, "There is nothing to undo.")


def test_every_command_about_rooms_is_there_and_wanted_by_its_name(window: QWidget, look: Look) -> None:
    wanted: list[str] = []
    found = menu(window, look, [TIMED.key], wanted)
    assert {one.data() for one in every_entry(found)} == {one.id for one in ACTIONS if one.place == "room"}
    entry(found, "room/extend").trigger()
    assert wanted == ["extend"]


@pytest.mark.parametrize(("rooms", "heading"), [([TIMED.key], "timed"), ([TIMED.key, ENDED.key], "2 rooms")])
def test_whom_it_is_about_stands_on_top(window: QWidget, look: Look, rooms: list[RoomKey], heading: str) -> None:
    assert menu(window, look, rooms, []).actions()[0].text() == heading


def test_what_cannot_be_done_is_off_and_says_why(window: QWidget, look: Look) -> None:
    extend = entry(menu(window, look, [ENDED.key], []), "room/extend")
    assert (extend.isEnabled(), extend.statusTip()) == (False, "The room has ended.")
    assert entry(menu(window, look, [ENDED.key, TIMED.key], []), "room/extend").isEnabled(), "one of them can be"
