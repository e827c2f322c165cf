from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from moderator.desktop.dialogs.end_room_dialog import EndOrder, EndRoomDialog
from moderator.desktop.theme.look import Look
from moderator.domain.rooms import Room, Viewer
from tests.fakes.desktop import NOW, a_person, a_room, a_store

ROOM = a_room()


class Opened:
    """A dialog that listens already. Its ticker stands still: the test ticks."""

    def __init__(self, qtbot: QtBot, look: Look, *rooms: Room) -> None:
        self.orders: list[EndOrder] = []
        shown = rooms or (ROOM,)
        self.store = a_store(*shown)
        self.dialog = EndRoomDialog(self.store, look, self.store.time, [room.key for room in shown])
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        self.dialog.confirmed.connect(self.orders.append)
        self.dialog.open()
        self.store.time.elapse(300)

    def elapse(self, ms: int) -> None:
        self.store.hear()
        self.store.time.elapse(ms)
        self.dialog.ticker.tick.emit()

    def text(self) -> str:
        return "\n".join(label.text() for label in self.dialog.findChildren(QLabel) if not label.isHidden())


def test_names_and_counts_are_shown(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look)
    assert "2 people are disconnected: Bill Buffalo, Dr Lee" in opened.text()
    opened.store.show(replace(ROOM, participants=tuple(a_person(f"p{n}", f"P{n}") for n in range(8))))
    assert "8 people are disconnected: P0, P1, P2, P3, P4, P5 and 2 more" in opened.text()


def test_it_ends_after_five_seconds_that_can_be_seen(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look)
    QTest.keyClick(opened.dialog.focusWidget(), Qt.Key.Key_Return)
    assert opened.dialog.verb_button.text() == "Ending in 5 s"
    opened.elapse(4_999)
    assert opened.dialog.verb_button.text() == "Ending in 1 s"
    assert not opened.orders
    opened.elapse(1)
    assert opened.orders == [EndOrder((ROOM.key,), "other")]
    assert not opened.dialog.isVisible()


def test_a_name_too_long_for_the_button_is_spoken_whole_and_the_count_too(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_room("consultation-of-the-cardiology-department"))
    button = QAccessible.queryAccessibleInterface(opened.dialog.verb_button)
    assert opened.dialog.verb_button.text() == "End consultation-of-the-cardiol…"
    assert button.text(QAccessible.Text.Name) == "End consultation-of-the-cardiology-department"
    opened.dialog.verb_button.click()
    assert button.text(QAccessible.Text.Name) == "Ending in 5 s"


def test_escape_stops_the_count(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look)
    opened.dialog.verb_button.click()
    opened.elapse(2_000)
    QTest.keyClick(opened.dialog.focusWidget(), Qt.Key.Key_Escape)
    opened.elapse(10_000)
    assert not opened.orders
    assert not opened.dialog.isVisible()


def test_enter_during_the_count_does_not_hasten_it(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look)
    opened.dialog.verb_button.click()
    QTest.keyClick(opened.dialog.focusWidget(), Qt.Key.Key_Return)
    assert not opened.orders


def test_a_picture_that_is_out_of_date_stops_the_count(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look)
    opened.dialog.verb_button.click()
    opened.elapse(20_000)
    assert not opened.orders
    assert "Not while the picture is out of date." in opened.text()
    assert opened.dialog.isVisible()


def test_a_room_that_ended_meanwhile_is_not_ended_again(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look)
    opened.dialog.verb_button.click()
    opened.store.show(replace(ROOM, state="ended"))
    opened.elapse(6_000)
    assert not opened.orders
    assert "The room has ended." in opened.text()


# --- several rooms -------------------------------------------------------------------------------------------------

OTHER, ENDED = a_room("neuro-3", people=[a_person("max", "Max")]), a_room("over-9", state="ended")


def several(qtbot: QtBot, look: Look) -> Opened:
    return Opened(qtbot, look, ROOM, OTHER, ENDED)


def test_several_rooms_are_listed_with_their_people_and_why_not(qtbot: QtBot, look: Look) -> None:
    opened = several(qtbot, look)
    assert (opened.dialog.windowTitle(), opened.dialog.verb_button.text()) == ("End 3 rooms", "End 2 of 3 rooms")
    assert "3 people are disconnected: Bill Buffalo, Dr Lee, Max" in opened.text()
    lines = opened.text().splitlines()
    assert lines[lines.index("over-9") + 1] == "The room has ended."
    assert lines[lines.index("neuro-3") + 1] == "1 person"


def test_those_that_can_be_ended_are_after_the_count(qtbot: QtBot, look: Look) -> None:
    opened = several(qtbot, look)
    opened.dialog.verb_button.click()
    opened.elapse(2_000)
    opened.store.change(replace(OTHER, state="ended"))
    opened.elapse(3_000)
    assert opened.orders == [EndOrder((ROOM.key,), "other")]


def test_who_else_looks_at_it_is_said(qtbot: QtBot, look: Look) -> None:
    watched = replace(ROOM, viewers=(Viewer("ana", "Ana", NOW),))
    assert "Ana is looking at this room too." in Opened(qtbot, look, watched).text()
    assert "2 people · Ana is looking" in Opened(qtbot, look, watched, OTHER).text()
