"""The eleven things a moderator does, each with the keys it takes. Every event of an input device is counted, from the
window as it opens; the room that ends next is selected then.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from moderator.desktop.orders.intents import DisconnectOrder, Intent
from moderator.desktop.reviews.policy.policy_window import PolicyWindow
from tests.fakes.gallery import CARDIO, SCENES, TUTOR, with_history
from tests.fakes.reviews import Answers
from tests.fakes.scenes import Shown, on_stage
from tests.fakes.window import RecordedOrders, until

Key, Control, Shift = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
MINUTE_S: Final = 60


class Hands:
    """Presses keys where the focus is, and clicks; counts both."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self.events = 0

    async def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.events += 1
        await self._shown.press(key, modifiers)

    async def type(self, text: str) -> None:
        for letter in text:
            self.events += 1
            await self._shown.type(letter)

    async def click(self, widget: QWidget) -> None:
        self.events += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        await self._shown.settle()


class Desk:
    """A moderator at work in the window with twenty rooms."""

    def __init__(self, shown: Shown) -> None:
        self.shown, self.window, self.desk, self.store = shown, shown.window, shown.desk, shown.store
        self.orders = RecordedOrders()
        self.desk.routing.orders = self.orders
        self.answers = Answers()
        self.desk.reviews.questions = self.answers.questions()
        self.hands = Hands(shown)

    async def ordered(self, count: int) -> object:
        """The last of so many orders."""
        await until(lambda: len(self.orders.asked) >= count)
        return self.orders.asked[count - 1]

    async def in_dialog(self) -> QWidget:
        """The dialog that has come up, once it listens."""
        await until(lambda: self.desk.routing.dialog is not None and self.desk.routing.dialog.isActiveWindow())
        self.store.time.elapse(300)
        assert self.desk.routing.dialog is not None
        return self.desk.routing.dialog

    def button(self, words: str) -> QPushButton:
        """The visible button that says this."""
        found = [one for one in self.window.findChildren(QPushButton) if one.text() == words and one.isVisible()]
        return found[0]


@pytest.fixture
async def desk(qapp: QApplication, tmp_path: Path) -> AsyncIterator[Desk]:
    async with on_stage(qapp, SCENES["twenty-rooms"], tmp_path) as shown:
        await with_history(shown)
        yield Desk(shown)


async def test_1_which_room_ends_next_is_the_top_row(desk: Desk) -> None:
    model = desk.window.table.model
    ends = [room.deadline.ends_at for row in range(model.rowCount()) if (room := model.room_at(row)).deadline]
    assert ends == sorted(ends)
    assert model.key_at(0) == CARDIO
    assert desk.hands.events == 0


async def test_2_one_key_extends_the_room(desk: Desk) -> None:
    await desk.hands.press(Key.Key_E)
    assert await desk.ordered(1) == (Intent(action="extend", room=CARDIO),)
    assert desk.hands.events == 1


async def test_3_three_keys_extend_by_an_amount_of_ones_own(desk: Desk) -> None:
    await desk.hands.press(Key.Key_E, Shift)
    await desk.in_dialog()
    await desk.hands.press(Key.Key_7)
    await desk.hands.press(Key.Key_Return)
    assert await desk.ordered(1) == (Intent(action="extend", room=CARDIO, seconds=7 * MINUTE_S),)
    assert desk.hands.events == 3


async def remove_the_guest(desk: Desk) -> None:
    cards = [one for one in desk.window.alerts.findChildren(QWidget) if one.accessibleName().startswith("tutor-maths")]
    cards[0].setFocus()
    await desk.hands.press(Key.Key_Return)
    await desk.in_dialog()
    await desk.hands.press(Key.Key_Return)


async def test_4_two_keys_on_the_alert_disconnect_and_block(desk: Desk) -> None:
    await remove_the_guest(desk)
    order = await desk.ordered(1)
    assert isinstance(order, DisconnectOrder)
    assert (order.room, order.user, bool(order.block)) == (TUTOR, "guest-91", True)
    assert desk.hands.events == 2


async def test_5_one_key_readmits(desk: Desk) -> None:
    await remove_the_guest(desk)
    await desk.ordered(1)
    before = desk.hands.events
    await desk.hands.press(Key.Key_Z, Control)
    assert await desk.ordered(2) == (Intent(action="readmit", room=TUTOR, user="guest-91"),)
    assert desk.hands.events - before == 1


async def test_5_or_one_click_in_the_list_of_the_blocked(desk: Desk) -> None:
    await desk.hands.click(desk.button("Re-admit"))
    assert await desk.ordered(1) == (Intent(action="readmit", room=CARDIO, user="guest-88"),)
    assert desk.hands.events == 1


@pytest.mark.parametrize(("letters", "room"), [("phys", "physio-03"), ("vogel", "tutor-maths-b")])
async def test_6_a_few_letters_lead_to_any_room_or_person(desk: Desk, letters: str, room: str) -> None:
    await desk.hands.press(Key.Key_K, Control)
    await desk.hands.type(letters)
    await desk.hands.press(Key.Key_Return)
    assert [key.room for key in desk.window.table.view.selected_rooms()] == [room]
    assert desk.hands.events == 1 + len(letters) + 1


async def test_7_one_key_acknowledges(desk: Desk) -> None:
    await desk.hands.press(Key.Key_A)
    assert await desk.ordered(1) == (Intent(action="acknowledge", room=CARDIO),)
    assert desk.hands.events == 1


async def test_8_many_rooms_are_extended_after_a_preview(desk: Desk) -> None:
    await desk.hands.press(Key.Key_F, Control)
    await desk.hands.type("physio")
    await desk.hands.press(Key.Key_Down)
    await desk.hands.press(Key.Key_A, Control)
    await desk.hands.press(Key.Key_E)
    await desk.in_dialog()
    assert desk.orders.asked == []
    await desk.hands.press(Key.Key_Return)
    wishes = await desk.ordered(1)
    assert isinstance(wishes, tuple)
    assert {one.room.room for one in wishes} == {"physio-03", "physio-07"}
    assert desk.hands.events == 1 + len("physio") + 4


async def test_9_whether_it_is_live_stands_in_one_place(desk: Desk) -> None:
    def words() -> list[str]:
        return [one.text() for one in desk.window.top_bar.findChildren(QLabel) if one.isVisible()]

    assert "Live" in words()
    desk.store.time.elapse(16_000)
    desk.window.ticker.tick.emit()
    assert "Stale" in words()
    assert desk.hands.events == 0


async def test_10_why_somebody_was_cut_off_is_one_click_away(desk: Desk) -> None:
    await desk.hands.click(desk.button("Copy"))
    copied = QGuiApplication.clipboard().text()
    assert "cardio-14" in copied
    assert any("guest-88" in line and "Maya" in line and "not on the" in line for line in copied.splitlines()), copied
    assert desk.hands.events == 1


async def test_11_one_key_shows_what_policies_would_have_done(desk: Desk) -> None:
    await desk.hands.press(Key.Key_F9)
    await until(lambda: desk.answers.asked)
    windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, PolicyWindow) and one.isVisible()]
    assert len(windows) == 1
    assert desk.hands.events == 1
