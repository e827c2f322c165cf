import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from moderator.desktop.dialogs.shorten_dialog import ShortenDialog, leaves_little
from moderator.desktop.orders.intents import Intent
from moderator.desktop.theme.look import Look
from moderator.domain.rooms import Room
from tests.fakes.desktop import NOW, a_room, a_store


def shorter(room: Room, seconds: int = -300) -> Intent:
    return Intent(action="extend", room=room.key, seconds=seconds)


@pytest.mark.parametrize(
    ("left_s", "seconds", "little"),
    [(360, -300, False), (359, -300, True), (30, 300, False), (30, 0, False), (None, -300, False)],
)
def test_less_than_a_minute_is_little(left_s: int | None, seconds: int, little: bool) -> None:
    room = a_room(left_s=left_s)
    assert leaves_little([shorter(room, seconds)], {room.key: room}.get, NOW) is little


def test_of_several_one_is_enough_and_what_is_gone_does_not_count() -> None:
    calm, short = a_room("calm"), a_room("short", left_s=310)
    assert leaves_little([shorter(calm), shorter(short)], {one.key: one for one in (calm, short)}.get, NOW)
    assert not leaves_little([shorter(short), Intent(action="hold")], lambda _: None, NOW)


def test_what_is_undone_before_the_picture_has_it_is_not_asked_about() -> None:
    room = a_room(left_s=200)
    assert room.deadline
    assert not leaves_little([shorter(room)], {room.key: room}.get, NOW, undoing=True)
    told = replace(room, deadline=replace(room.deadline, ends_at=NOW + 330_000, extended_ms=300_000))
    assert leaves_little([shorter(told)], {told.key: told}.get, NOW, undoing=True)


def test_what_would_be_left_is_shown_and_enter_on_cancel_does_nothing(qtbot: QtBot, look: Look) -> None:
    rooms = (a_room("calm"), a_room("short", left_s=310))
    store = a_store(*rooms)
    decided: list[bool] = []
    dialog = ShortenDialog(store, look, store.time, [shorter(room) for room in rooms])
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.confirmed.connect(lambda: decided.append(True))
    dialog.open()
    store.time.elapse(300)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert (dialog.windowTitle(), dialog.verb_button.text()) == ("Shorten 2 rooms?", "Shorten 2 rooms")
    assert {"4 people have to go then.", "10 s left", "25 min left"} <= set(texts)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert (decided, dialog.isVisible()) == ([], False)


def test_the_verb_decides_and_a_room_that_is_gone_is_said(qtbot: QtBot, look: Look) -> None:
    room = a_room("short", left_s=290)
    store = a_store(room)
    decided: list[bool] = []
    dialog = ShortenDialog(store, look, store.time, [shorter(room)])
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.confirmed.connect(lambda: decided.append(True))
    dialog.open()
    store.time.elapse(300)
    assert dialog.windowTitle() == "Leave short less than a minute?"
    assert "time is up" in [label.text() for label in dialog.findChildren(QLabel)]
    store.show()
    assert not dialog.verb_button.isEnabled()
    store.show(room)
    dialog.verb_button.click()
    assert decided == [True]
