"""Keys are chosen where they are listed; what is taken already is said with whose it is."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.actions import ACTIONS, action
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.preferences import Preferences
from moderator.desktop.settings.key_field import KeyField
from moderator.desktop.settings.keys_page import KeysPage

Key, Held = Qt.Key, Qt.KeyboardModifier
LOCK = action("lock", "room")


class Shown:
    """The page, on keys of its own."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.keys = KeyBindings(Preferences(folder / "window.ini"))
        self.page = KeysPage(self.keys)
        qtbot.addWidget(self.page)
        self.page.show()

    def field(self, text: str) -> KeyField:
        return next(one for one in self.page.findChildren(KeyField) if one.accessibleName() == f"Key for: {text}")

    @property
    def lock(self) -> KeyField:
        return self.field(LOCK.text)

    def says(self, words: str) -> bool:
        return any(words in label.text() for label in self.page.findChildren(QLabel))


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path) -> Shown:
    return Shown(qtbot, tmp_path)


def press(field: KeyField, key: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier) -> None:
    """Enter on the field, then the key."""
    QTest.keyClick(field, Key.Key_Return)
    assert field.text() == "Press a key…"
    QTest.keyClick(field, key, held)


def test_every_action_is_there_with_its_key(shown: Shown) -> None:
    fields = shown.page.findChildren(KeyField)
    assert len(fields) == len(ACTIONS)
    assert (shown.lock.text(), shown.lock.accessibleDescription()) == ("L", "L")
    assert shown.field("Take the microphone away").text() == "none"


def test_the_next_key_becomes_the_new_one(shown: Shown) -> None:
    press(shown.lock, Key.Key_X, Held.ShiftModifier)
    assert shown.keys.keys(LOCK) == ("Shift+X",)
    assert (shown.lock.text(), shown.lock.property("kind")) == ("Shift+X", "chosen")


def test_a_key_that_is_taken_is_not_given_away(shown: Shown) -> None:
    press(shown.lock, Key.Key_M)
    assert shown.keys.keys(LOCK) == ("L",)
    assert shown.says("M already means “Message to the room…”.")


def test_what_moves_through_lists_stays_what_it_is(shown: Shown) -> None:
    press(shown.lock, Key.Key_Down)
    assert shown.keys.keys(LOCK) == ("L",)
    assert shown.says("Down moves through lists and the window.")


@pytest.mark.parametrize(("key", "left"), [(Key.Key_Escape, ("L",)), (Key.Key_Backspace, ()), (Key.Key_Tab, ("L",))])
def test_escape_leaves_it_and_backspace_takes_it_away(shown: Shown, key: Qt.Key, left: tuple[str, ...]) -> None:
    press(shown.lock, key)
    assert shown.keys.keys(LOCK) == left


def test_going_elsewhere_leaves_it_as_it_was(shown: Shown) -> None:
    shown.lock.setFocus()
    QTest.keyClick(shown.lock, Key.Key_Return)
    shown.lock.clearFocus()
    assert shown.lock.text() == "L"


def test_letters_are_switched_off_and_on(shown: Shown) -> None:
    (box,) = shown.page.findChildren(QCheckBox)
    box.setChecked(False)
    assert shown.keys.keys(LOCK) == ()
    assert shown.lock.text() == "none"
    box.setChecked(True)
    assert shown.keys.keys(LOCK) == ("L",)


def test_everything_can_be_as_it_was_at_first(shown: Shown) -> None:
    press(shown.lock, Key.Key_X)
    next(one for one in shown.page.findChildren(QPushButton) if one.text() == "Reset all keys").click()
    assert shown.keys.keys(LOCK) == ("L",)
    assert shown.lock.property("kind") == ""
