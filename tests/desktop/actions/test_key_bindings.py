"""One source says which keys are in force."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.action import Place
from moderator.desktop.actions.actions import ACTIONS, action
from moderator.desktop.actions.key_bindings import LETTERS, KeyBindings, is_letter, spelled
from moderator.desktop.preferences import Preferences

Key, Held = Qt.Key, Qt.KeyboardModifier
EXTEND, LOCK = action("extend", "room"), action("lock", "room")


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


def press(key: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, held)


@pytest.mark.parametrize(
    ("key", "held", "text"),
    [
        (Key.Key_E, Held.NoModifier, "E"),
        (Key.Key_E, Held.ShiftModifier, "Shift+E"),
        (Key.Key_E, Held.ShiftModifier | Held.ControlModifier, "Ctrl+Shift+E"),
        (Key.Key_Return, Held.NoModifier, "Enter"),
        (Key.Key_Enter, Held.KeypadModifier, "Enter"),
        (Key.Key_Question, Held.ShiftModifier, "?"),
        (Key.Key_Slash, Held.ShiftModifier, "/"),
        (Key.Key_Delete, Held.NoModifier, "Del"),
        (Key.Key_Shift, Held.ShiftModifier, ""),
    ],
)
def test_keys_are_spelled_as_in_the_table(key: Qt.Key, held: Qt.KeyboardModifier, text: str) -> None:
    assert spelled(press(key, held)) == text


@pytest.mark.parametrize(
    ("key", "expected"), [("E", True), ("Shift+E", True), ("?", True), ("Ctrl+E", False), ("F6", False), ("Del", False)]
)
def test_what_would_write_something_is_a_letter(key: str, expected: bool) -> None:
    assert is_letter(key) is expected


@pytest.mark.parametrize(
    ("place", "expected"), [("room", "disconnect"), ("person", "disconnect"), ("alert", ""), ("window", "")]
)
def test_a_key_means_what_the_table_says_where_the_focus_is(place: Place, expected: str) -> None:
    assert KeyBindings().pressed(place, press(Key.Key_D)) == expected


def test_a_chosen_key_takes_the_place_of_the_first(preferences: Preferences, qtbot: QtBot) -> None:
    keys = KeyBindings(preferences)
    with qtbot.waitSignal(keys.changed):
        keys.choose(EXTEND, ("X",))
    assert keys.pressed("room", press(Key.Key_X)) == "extend"
    assert keys.pressed("room", press(Key.Key_E)) == ""
    assert KeyBindings(preferences).keys(EXTEND) == ("X",), "it is remembered"
    keys.reset()
    assert keys.keys(EXTEND) == ("E",)


def test_letters_can_be_switched_off(preferences: Preferences) -> None:
    keys = KeyBindings(preferences)
    preferences.put(LETTERS, False)
    assert keys.pressed("room", press(Key.Key_E)) == ""
    assert keys.pressed("room", press(Key.Key_E, Held.ShiftModifier | Held.ControlModifier)) == "end"
    assert keys.keys(action("disconnect", "person")) == ("Del",)
    assert keys.chosen(EXTEND) == ("E",), "which it is stays known"


def test_an_action_may_have_no_key(preferences: Preferences) -> None:
    keys = KeyBindings(preferences)
    keys.choose(EXTEND, ())
    assert keys.key("extend", "room") == ""


@pytest.mark.parametrize(
    ("key", "holder"),
    [("M", "room/message"), ("Ctrl+K", "window/palette"), ("Q", None), ("X", None), ("L", None)],
)
def test_a_key_that_means_something_there_already_is_a_conflict(key: str, holder: str | None) -> None:
    conflict = KeyBindings().conflict(LOCK, key)
    assert (conflict and conflict.holder and conflict.holder.id) == holder


def test_what_moves_through_lists_cannot_be_had() -> None:
    conflict = KeyBindings().conflict(LOCK, "Up")
    assert conflict is not None
    assert conflict.holder is None


def test_at_first_no_key_means_two_things() -> None:
    keys = KeyBindings()
    assert [(one.id, key) for one in ACTIONS for key in one.keys if keys.conflict(one, key)] == []
