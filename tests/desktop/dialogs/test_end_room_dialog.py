from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from moderator.desktop.dialogs.end_room_dialog import EndOrder, EndRoomDialog
from moderator.desktop.theme.look import Look
from tests.fakes.desktop import a_person, a_room, a_store

ROOM = a_room()


class Opened:
    """A dialog that listens already. Its ticker stands still: the test ticks."""

    def __init__(self, qtbot: QtBot, look: Look) -> None:
        self.orders: list[EndOrder] = []
        self.store = a_store(ROOM)
        self.dialog = EndRoomDialog(self.store, look, self.store.time, ROOM.key)
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
    assert opened.orders == [EndOrder(ROOM.key, "other")]
    assert not opened.dialog.isVisible()


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
