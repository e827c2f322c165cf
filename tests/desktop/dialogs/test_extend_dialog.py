import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from moderator.client.link import Link
from moderator.client.texts import clock_time
from moderator.desktop.dialogs.extend_dialog import ExtendDialog
from moderator.desktop.dialogs.extension import ExtendOrder
from moderator.desktop.dialogs.room_grid import SHOWN
from moderator.desktop.dialogs.typed_times import parse_end
from moderator.desktop.theme.look import Look
from moderator.domain.rooms import Room, Viewer
from tests.fakes.desktop import MAYA, NOW, FakeStore, a_room, a_store, an_appointment


class Opened:
    """A dialog that listens already, and what it decided."""

    def __init__(self, qtbot: QtBot, look: Look, *rooms: Room, store: FakeStore | None = None) -> None:
        self.orders: list[ExtendOrder] = []
        self.store = store or a_store(*rooms)
        self.dialog = ExtendDialog(self.store, look, self.store.time, [room.key for room in rooms])
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        self.dialog.confirmed.connect(self.orders.append)
        self.dialog.open()
        self.store.time.elapse(300)

    @property
    def focused(self) -> QWidget:
        return self.dialog.focusWidget()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focused, text)

    def enter(self) -> None:
        QTest.keyClick(self.focused, Qt.Key.Key_Return)

    def text(self) -> str:
        return "\n".join(label.text() for label in self.dialog.findChildren(QLabel) if not label.isHidden())


def test_seven_and_enter(qtbot: QtBot, look: Look) -> None:
    room = a_room(left_s=60)
    opened = Opened(qtbot, look, room)
    opened.type("7")
    assert opened.dialog.verb_button.text() == "Extend by 7 min"
    opened.enter()
    assert opened.orders == [ExtendOrder((room.key,), 420)]


def test_the_usual_step_is_there_to_begin_with(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_room())
    opened.enter()
    assert opened.orders[0].seconds == 300


def test_a_preset_fills_the_field_and_enter_on_it_presses_it(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_room())
    preset = next(one for one in opened.dialog.findChildren(QPushButton) if one.text() == "+15 min")
    preset.setFocus()
    opened.enter()
    assert not opened.orders
    opened.dialog.verb_button.click()
    assert opened.orders[0].seconds == 900


def test_nonsense_and_more_than_is_allowed_are_refused_in_words(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_room(allowance_ms=360_000))
    for typed, why in (("x", "Type minutes"), ("7", "At most 6 min may be added.")):
        opened.type(typed)
        opened.enter()
        assert why in opened.text()
        assert not opened.orders
        opened.dialog._field.clear()
    opened.type("90s")
    opened.enter()
    assert opened.orders[0].seconds == 90


def test_several_rooms_and_only_those_that_can(qtbot: QtBot, look: Look) -> None:
    rooms = [replace(a_room(f"physio-{n:02}"), room=f"r{n}") for n in range(13)]
    rooms[12] = replace(rooms[12], deadline=None)
    opened = Opened(qtbot, look, *rooms)
    assert opened.dialog.windowTitle() == "Extend 13 rooms"
    assert opened.dialog.verb_button.text() == "Extend 12 of 13 rooms by 5 min"
    assert f"and {13 - SHOWN} more" in opened.text()
    assert "has no deadline" in opened.text()
    opened.enter()
    assert opened.orders == [ExtendOrder(tuple(room.key for room in rooms[:12]), 300)]


def test_a_room_without_an_end_is_given_one(qtbot: QtBot, look: Look) -> None:
    room = a_room(left_s=None)
    opened = Opened(qtbot, look, room)
    assert opened.dialog.windowTitle() == f"Set the end of {room.name}"
    assert [one.text() for one in opened.dialog.findChildren(QPushButton)][2:] == ["In 30 min", "In 1 h"]
    opened.enter()
    assert opened.orders == [ExtendOrder((room.key,), ends_at=opened.store.now_ms() + 1_800_000)]


@pytest.mark.parametrize("typed", ["14:30", "45", "1h 5m"])
def test_an_end_is_a_time_of_day_or_so_far_from_now(qtbot: QtBot, look: Look, typed: str) -> None:
    opened = Opened(qtbot, look, a_room(left_s=None))
    opened.type(typed)
    ends_at = parse_end(typed, opened.store.now_ms())
    assert opened.dialog.verb_button.text() == f"End at {clock_time(ends_at, with_seconds=False)}"
    opened.enter()
    assert opened.orders[0].ends_at == ends_at


def test_an_end_that_is_none_is_refused_in_words(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_room(left_s=None))
    opened.type("noon")
    opened.enter()
    assert not opened.orders
    assert "Type a time such as 14:30" in opened.text()
    assert opened.dialog.verb_button.text() == "Set the end"


def test_a_room_that_got_an_end_meanwhile_is_not_given_another(qtbot: QtBot, look: Look) -> None:
    room = a_room(left_s=None)
    opened = Opened(qtbot, look, room)
    opened.store.change(replace(a_room(), room=room.room))
    opened.enter()
    assert not opened.orders
    assert "Has a deadline by now." in opened.text()


def test_a_room_that_is_gone_is_said(qtbot: QtBot, look: Look) -> None:
    room = a_room(left_s=None)
    opened = Opened(qtbot, look, room)
    opened.store.drop(room.key)
    opened.enter()
    assert not opened.orders
    assert "The room is gone." in opened.text()


def test_a_deadline_that_was_moved_meanwhile_shows(qtbot: QtBot, look: Look) -> None:
    room = a_room(allowance_ms=600_000)
    opened = Opened(qtbot, look, room)
    opened.type("7")
    assert room.deadline
    opened.store.change(replace(room, deadline=replace(room.deadline, allowance_ms=300_000)))
    opened.enter()
    assert not opened.orders
    assert "At most 5 min may be added." in opened.text()


def test_a_token_that_may_not_is_told_so(qtbot: QtBot, look: Look) -> None:
    room = a_room()
    opened = Opened(qtbot, look, room, store=a_store(room, me=replace(MAYA, scopes=())))
    assert "(rooms:extend)" in opened.text()
    opened.enter()
    assert not opened.orders


def test_it_says_that_it_takes_time_from_the_next_appointment(qtbot: QtBot, look: Look) -> None:
    room = replace(a_room("cardio-14", left_s=240), next_appointment=an_appointment("appt-18", 600))
    opened = Opened(qtbot, look, room)
    assert "This takes time from" not in opened.text()
    opened.type("10")
    assert "This takes time from appt-18." in opened.text()
    at = clock_time(an_appointment("appt-18", 600).starts_at, with_seconds=False)
    assert f"appt-18 begins at {at} in this room." in opened.text()
    assert opened.dialog.verb_button.text() == "Extend into appt-18"
    assert opened.dialog.verb_button.accessibleName() == "Extend into appt-18"
    opened.enter()
    assert opened.orders == [ExtendOrder((room.key,), 600, into_next=True)]


def test_of_several_those_that_run_into_their_next_appointment_are_marked(qtbot: QtBot, look: Look) -> None:
    booked = replace(a_room("booked", left_s=240), next_appointment=an_appointment("appt-18", 300))
    opened = Opened(qtbot, look, booked, a_room("free"))
    assert "into appt-18" in opened.text()
    assert "begins at" not in opened.text()
    assert opened.dialog.verb_button.text() == "Extend by 5 min"
    opened.enter()
    assert opened.orders[0].into_next


def test_an_end_within_the_next_appointment_is_said_too(qtbot: QtBot, look: Look) -> None:
    room = replace(a_room("open", left_s=None), next_appointment=an_appointment("appt-18", 600))
    opened = Opened(qtbot, look, room)
    assert opened.dialog.verb_button.text() == "End within appt-18"
    opened.enter()
    assert opened.orders[0].into_next


def test_a_minus_takes_time_away(qtbot: QtBot, look: Look) -> None:
    room = a_room(left_s=600)
    opened = Opened(qtbot, look, room)
    opened.type("-5")
    assert (opened.dialog.windowTitle(), opened.dialog.verb_button.text()) == ("Shorten cardio-14", "Shorten by 5 min")
    opened.enter()
    assert opened.orders == [ExtendOrder((room.key,), -300)]


def test_who_extended_it_before_and_who_looks_at_it_are_said(qtbot: QtBot, look: Look) -> None:
    room = a_room()
    assert room.deadline
    moved = replace(room.deadline, changed_by="ana", changed_by_name="Ana", moved_ms=300_000, changed_at=NOW)
    text = Opened(qtbot, look, replace(room, deadline=moved, viewers=(Viewer("ana", "Ana", NOW),))).text()
    assert "Ana added 5 min at " in text
    assert "Ana is looking at this room too." in text


def test_several_rooms_are_not_extended_while_the_connection_is_away(qtbot: QtBot, look: Look) -> None:
    rooms = (a_room("one"), a_room("two"))
    opened = Opened(qtbot, look, *rooms)
    opened.store.link_changed(Link("reconnecting", "trying again"))
    opened.enter()
    assert not opened.orders
    assert "Not for several rooms at once while the connection is being restored." in opened.text()
