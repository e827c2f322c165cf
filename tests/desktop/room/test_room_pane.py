from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.preferences import Preferences
from moderator.desktop.room.big_time import BigTime
from moderator.desktop.room.people import PeopleView
from moderator.desktop.room.room_pane import RoomPane
from moderator.desktop.room.timeline import TimelineView
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK
from moderator.domain.rooms import Block
from tests.fakes.desktop import FakeStore, a_person, a_room, a_store

ROOM = a_room()
OTHER = a_room("physio-03", people=(a_person("ana", "Ana"),), left_s=90)


def a_pane(qtbot: QtBot, look: Look, store: FakeStore) -> RoomPane:
    pane = RoomPane(store, look, KeyBindings())
    qtbot.addWidget(pane)
    pane.resize(1100, 300)
    pane.show()
    return pane


def people(pane: RoomPane) -> list[str]:
    model = pane.findChildren(PeopleView)[0].model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def visible(pane: RoomPane) -> list[str]:
    return [label.text() for label in pane.findChildren(QLabel) if label.isVisible()]


def test_nothing_selected_says_what_to_do(qtbot: QtBot, look: Look) -> None:
    pane = a_pane(qtbot, look, a_store(ROOM))
    assert "No room selected" in visible(pane)


def test_it_follows_the_selected_room(qtbot: QtBot, look: Look) -> None:
    pane = a_pane(qtbot, look, a_store(ROOM, OTHER))
    asked: list[object] = []
    pane.history_wanted.connect(lambda key, instance: asked.append((key, instance)))
    pane.show_room(ROOM.key)
    assert people(pane) == ["Bill Buffalo", "Dr Lee"]
    pane.show_room(OTHER.key)
    assert people(pane) == ["Ana"]
    assert pane.findChildren(BigTime)[0].text == "01:30"
    assert asked == [(ROOM.key, "0"), (OTHER.key, "0")]
    pane.show_room(None)
    assert "No room selected" in visible(pane)


def test_it_changes_with_its_room_and_no_other(qtbot: QtBot, look: Look) -> None:
    store = a_store(ROOM, OTHER)
    pane = a_pane(qtbot, look, store)
    pane.show_room(ROOM.key)
    store.change(replace(OTHER, participants=()))
    assert people(pane) == ["Bill Buffalo", "Dr Lee"]
    store.change(replace(ROOM, participants=(a_person("ana", "Ana"),)))
    assert people(pane) == ["Ana"]


def test_a_room_that_went_leaves_the_pane_empty_until_it_is_back(qtbot: QtBot, look: Look) -> None:
    store = a_store(ROOM)
    pane = a_pane(qtbot, look, store)
    pane.show_room(ROOM.key)
    store.drop(ROOM.key)
    assert "No room selected" in visible(pane)
    store.change(ROOM)
    assert "No room selected" not in visible(pane)


def test_what_happened_while_the_link_was_down_is_asked_for(qtbot: QtBot, look: Look) -> None:
    store = a_store(ROOM)
    pane = a_pane(qtbot, look, store)
    asked: list[object] = []
    pane.history_wanted.connect(lambda key, instance: asked.append((key, instance)))
    pane.show_room(ROOM.key)
    store.show(ROOM)
    assert asked == [(ROOM.key, "0")] * 2


def test_every_column_wants_through_the_pane(qtbot: QtBot, look: Look) -> None:
    blocked = replace(ROOM, blocks=(Block(user="u9", until=None, by="maya", reason="conduct"),))
    pane = a_pane(qtbot, look, a_store(blocked))
    wanted: list[Intent] = []
    pane.wanted.connect(wanted.append)
    pane.show_room(ROOM.key)
    pane.select_person("bill")
    for name in ("Extend 5 min", "Disconnect…", "Re-admit u9"):
        button(pane, name).click()
    assert [one.action for one in wanted] == ["extend", "disconnect", "readmit"]


def button(pane: RoomPane, name: str) -> QPushButton:
    return next(one for one in pane.findChildren(QPushButton) if name in {one.text(), one.accessibleName()})


def named(pane: RoomPane) -> dict[str, QAccessibleInterface]:
    """Everything in the pane that a screen reader can reach and press, by name."""
    found: dict[str, QAccessibleInterface] = {}
    todo = [QAccessible.queryAccessibleInterface(pane)]
    while todo:
        one = todo.pop()
        if one.role() in {QAccessible.Role.Button, QAccessible.Role.List}:
            found[one.text(QAccessible.Text.Name)] = one
        todo += [one.child(index) for index in range(one.childCount())]
    return found


def test_everything_that_can_be_used_has_a_name(qtbot: QtBot, look: Look) -> None:
    pane = a_pane(qtbot, look, a_store(ROOM))
    pane.show_room(ROOM.key)
    names = named(pane)
    assert "" not in names
    assert {"People in the room", "Timeline, newest first", "Copy", "End room…"} <= set(names)


def test_another_theme_is_painted_at_once(qtbot: QtBot, look: Look) -> None:
    pane = a_pane(qtbot, look, a_store(ROOM))
    pane.show_room(ROOM.key)
    light = pane.grab().toImage()
    look.set_theme(DARK)
    dark = pane.grab().toImage()
    corner = light.width() - 2, light.height() - 2
    assert light.pixelColor(*corner).lightness() > 200 > 60 > dark.pixelColor(*corner).lightness()


@pytest.mark.parametrize(
    ("key", "action"), [(Qt.Key.Key_E, "extend"), (Qt.Key.Key_C, "claim"), (Qt.Key.Key_A, "acknowledge")]
)
@pytest.mark.parametrize("part", [PeopleView, TimelineView, QPushButton])
def test_the_keys_of_rooms_count_wherever_in_the_pane(
    qtbot: QtBot, look: Look, part: type[QWidget], key: Qt.Key, action: ActionName
) -> None:
    pane = a_pane(qtbot, look, a_store(ROOM))
    pane.show_room(ROOM.key)
    wanted: list[Intent] = []
    pane.wanted.connect(wanted.append)
    QTest.keyClick(pane.findChildren(part)[0], key)
    assert wanted == [Intent(action=action, room=ROOM.key)]


def test_letters_that_are_off_do_nothing_in_the_pane(qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    keys = KeyBindings(Preferences(tmp_path / "window.ini"))
    keys.letters_on(False)
    pane = RoomPane(a_store(ROOM), look, keys)
    qtbot.addWidget(pane)
    pane.show_room(ROOM.key)
    wanted: list[Intent] = []
    pane.wanted.connect(wanted.append)
    QTest.keyClick(pane.findChildren(PeopleView)[0], Qt.Key.Key_E)
    assert not wanted


def test_alone_the_timeline_has_more_room_than_two_people(qtbot: QtBot, look: Look) -> None:
    pane = a_pane(qtbot, look, a_store(ROOM))
    pane.show_room(ROOM.key)
    people_, timeline = pane.findChildren(PeopleView)[0], pane.findChildren(TimelineView)[0]
    pane.set_large(large=True)
    qtbot.waitUntil(lambda: timeline.width() > 1.2 * people_.width())
    pane.set_large(large=False)
    qtbot.waitUntil(lambda: abs(timeline.width() - people_.width()) < 40)
