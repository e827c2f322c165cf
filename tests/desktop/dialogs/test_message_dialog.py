from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from moderator.desktop.dialogs.message_dialog import MAX_CHARACTERS, MessageDialog, MessageOrder
from moderator.desktop.theme.look import Look
from moderator.domain.settings import Capability
from tests.fakes.desktop import ALL_BY_PROVIDER, FakeStore, a_room, a_store

ROOM = a_room()


class Opened:
    def __init__(self, qtbot: QtBot, look: Look, store: FakeStore) -> None:
        self.orders: list[MessageOrder] = []
        self.dialog = MessageDialog(store, look, store.time, [room.key for room in store.rooms()])
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        self.dialog.confirmed.connect(self.orders.append)
        self.dialog.open()
        store.time.elapse(300)
        self.field = self.dialog.findChildren(QPlainTextEdit)[0]

    def text(self) -> str:
        return "\n".join(label.text() for label in self.dialog.findChildren(QLabel) if not label.isHidden())


def test_enter_sends_and_shift_enter_begins_a_line(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(ROOM))
    QTest.keyClicks(opened.field, "Please finish")
    QTest.keyClick(opened.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(opened.field, "soon.")
    QTest.keyClick(opened.field, Qt.Key.Key_Return)
    assert opened.orders == [MessageOrder((ROOM.key,), "Please finish\nsoon.")]


def test_nothing_is_not_sent(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(ROOM))
    QTest.keyClicks(opened.field, "  ")
    QTest.keyClick(opened.field, Qt.Key.Key_Return)
    assert not opened.orders


def test_too_long_is_counted_and_nothing_is_lost(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(ROOM))
    opened.field.setPlainText("é" * (MAX_CHARACTERS + 2))
    assert "Too long by 2 characters." in opened.text()
    QTest.keyClick(opened.field, Qt.Key.Key_Return)
    assert not opened.orders
    assert len(opened.field.toPlainText()) == MAX_CHARACTERS + 2


def test_a_platform_without_messages_says_so(qtbot: QtBot, look: Look) -> None:
    mute = replace(ROOM, capabilities={**ALL_BY_PROVIDER, "message": Capability(None, "No call for messages")})
    assert "No call for messages" in Opened(qtbot, look, a_store(mute)).text()


def test_several_rooms_get_it_as_far_as_their_platforms_carry_it(qtbot: QtBot, look: Look) -> None:
    mute = replace(
        a_room("mute"), capabilities={**ALL_BY_PROVIDER, "message": Capability(None, "No call for messages")}
    )
    opened = Opened(qtbot, look, a_store(ROOM, a_room("neuro-3"), mute))
    assert opened.dialog.windowTitle() == "Message to 3 rooms"
    assert "Read by 4 people." in opened.text()
    lines = opened.text().splitlines()
    assert lines[lines.index("mute") + 1] == "No call for messages"
    QTest.keyClicks(opened.field, "Hello")
    assert opened.dialog.verb_button.text() == "Send to 2 of 3 rooms"
    QTest.keyClick(opened.field, Qt.Key.Key_Return)
    assert [key.room for key in opened.orders[0].rooms] == ["cardio-14", "neuro-3"]
