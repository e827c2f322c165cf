"""Driven by keys, as a moderator does. The store's clock is the dialog's clock, and stands still."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from moderator.desktop.dialogs.disconnect_dialog import DisconnectDialog
from moderator.desktop.orders.intents import DisconnectOrder
from moderator.desktop.room.people_list import people_of
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomId, RoomKey, SourceName
from moderator.domain.rooms import Pending, Room
from moderator.domain.settings import Capability
from tests.fakes.desktop import ALL_BY_PROVIDER, MAYA, NOW, FakeStore, a_person, a_room, a_store, a_violation

KEY = RoomKey(SourceName("clinic"), RoomId("cardio-14"))
LEE = a_person("c1", "Dr Lee", user="lee")
GUEST = a_person("c7", "guest-91", user="u7", joined_at=NOW - 40_000)
ROOM = a_room(people=(LEE, GUEST), violations=[replace(a_violation("c7"), reason="not_listed")])


class Opened:
    """A dialog about the guest that listens already, and what it decided."""

    def __init__(self, qtbot: QtBot, look: Look, store: FakeStore, participant: str = "c7", *, listens: bool = True):
        self.orders: list[DisconnectOrder] = []
        self.store = store
        self.dialog = DisconnectDialog(store, look, store.time, KEY, participant)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        self.dialog.confirmed.connect(self.orders.append)
        self.dialog.open()
        if listens:
            store.time.elapse(300)

    def press(self, key: Qt.Key, *, repeat: bool = False) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", repeat)
        QApplication.sendEvent(self.focused, event)

    @property
    def focused(self) -> QWidget:
        return self.dialog.focusWidget()

    def text(self) -> str:
        return "\n".join(label.text() for label in self.dialog.findChildren(QLabel) if not label.isHidden())


def test_enter_disconnects_and_keeps_out_whom_policy_does_not_allow(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(ROOM))
    assert opened.dialog.windowTitle() == "Disconnect guest-91 from cardio-14"
    assert opened.dialog.verb_button.text() == "Disconnect guest-91"
    opened.press(Qt.Key.Key_Return)
    (order,) = opened.orders
    assert (order.room, order.participants, order.user, order.reason) == (KEY, ("c7",), "u7", "not_listed")
    assert isinstance(order.block, int)
    assert order.block > 1800
    assert not opened.dialog.isVisible()


def test_a_key_that_is_still_down_decides_nothing(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(ROOM))
    for _ in range(3):
        opened.press(Qt.Key.Key_Return, repeat=True)
    opened.press(Qt.Key.Key_Enter, repeat=True)
    assert not opened.orders
    assert opened.dialog.isVisible()


def test_everything_in_the_first_300_ms_is_ignored(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(ROOM), listens=False)
    opened.store.time.elapse(299)
    opened.press(Qt.Key.Key_Return)
    opened.press(Qt.Key.Key_Escape)
    QTest.mouseClick(opened.dialog.verb_button, Qt.MouseButton.LeftButton)
    assert not opened.orders
    assert opened.dialog.isVisible()
    opened.store.time.elapse(1)
    opened.press(Qt.Key.Key_Return)
    assert len(opened.orders) == 1


def test_a_click_on_the_verb_decides(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(ROOM))
    QTest.mouseClick(opened.dialog.verb_button, Qt.MouseButton.LeftButton)
    assert len(opened.orders) == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_escape_and_enter_on_cancel_decide_nothing(qtbot: QtBot, look: Look, key: Qt.Key) -> None:
    opened = Opened(qtbot, look, a_store(ROOM))
    opened.dialog.cancel_button.setFocus()
    opened.press(key)
    assert not opened.orders
    assert not opened.dialog.isVisible()


def test_the_effect_is_the_platforms_own(qtbot: QtBot, look: Look) -> None:
    by_gateway = replace(ROOM, capabilities={**ALL_BY_PROVIDER, "block": Capability("gateway")})
    by_platform = Opened(qtbot, look, a_store(ROOM))
    assert "Re-disconnected by the gateway" in by_platform.text(), "for a time: no platform lets go by itself"
    chip = next(one for one in by_platform.dialog.findChildren(QPushButton) if one.text() == "for good")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert "Cannot rejoin" in by_platform.text()
    assert "Re-disconnected by the gateway" in Opened(qtbot, look, a_store(by_gateway)).text()


def test_nobody_without_identity_is_blocked(qtbot: QtBot, look: Look) -> None:
    guest = replace(GUEST, user="")
    opened = Opened(qtbot, look, a_store(replace(ROOM, participants=(LEE, guest))))
    assert "Cannot be blocked: no identity is known. Can rejoin with the same link." in opened.text()
    opened.press(Qt.Key.Key_Return)
    assert opened.orders[0].block is False


def test_for_good_is_one_click(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(ROOM))
    chip = next(one for one in opened.dialog.findChildren(QPushButton) if one.text() == "for good")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    opened.dialog.verb_button.click()
    assert opened.orders[0].block is True


def test_every_device_of_the_person_is_disconnected(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(replace(ROOM, participants=(LEE, GUEST, replace(GUEST, id="c8")))))
    assert "2 devices: both are disconnected." in opened.text()
    opened.press(Qt.Key.Key_Return)
    assert opened.orders[0].participants == ("c7", "c8")


def test_another_reason_is_chosen_by_arrow_and_technical_ones_keep_nobody_out(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(replace(ROOM, violations=())))
    opened.press(Qt.Key.Key_Up)
    opened.press(Qt.Key.Key_Return)
    assert (opened.orders[0].reason, opened.orders[0].block) == ("technical", False)


def test_enter_at_once_accuses_nobody_and_keeps_nobody_out(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(replace(ROOM, violations=())))
    opened.press(Qt.Key.Key_Return)
    assert (opened.orders[0].reason, opened.orders[0].block) == ("other", False)


def test_what_the_moderator_chose_outlives_another_reason(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(replace(ROOM, violations=())))
    QTest.mouseClick(opened.dialog._keep_out, Qt.MouseButton.LeftButton)
    opened.dialog._reasons.take_focus()
    opened.press(Qt.Key.Key_Up)
    opened.press(Qt.Key.Key_Return)
    assert opened.orders[0].reason == "technical"
    assert opened.orders[0].block


@pytest.mark.parametrize(
    ("room", "why"),
    [
        (replace(ROOM, participants=(LEE, replace(GUEST, state="left", left_at=NOW))), "guest-91 has left meanwhile."),
        (replace(ROOM, state="ended"), "The room has ended."),
        (
            replace(ROOM, pending=(Pending(command="disconnect", target="c7", by="ana", at=NOW, id="x"),)),
            "guest-91 is being disconnected already.",
        ),
        (replace(ROOM, capabilities={"disconnect": Capability(None, "Not here")}), "Not here"),
    ],
)
def test_what_cannot_be_done_any_more_is_off_and_says_why(qtbot: QtBot, look: Look, room: Room, why: str) -> None:
    opened = Opened(qtbot, look, a_store(ROOM))
    opened.store.show(room)
    assert why in opened.text()
    assert opened.dialog.verb_button.accessibleDescription() == why
    opened.press(Qt.Key.Key_Return)
    assert not opened.orders
    opened.store.show(ROOM)
    opened.press(Qt.Key.Key_Return)
    assert len(opened.orders) == 1


def test_a_room_that_is_gone_is_no_crash(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(ROOM))
    opened.store.drop(KEY)
    assert not opened.dialog.verb_button.isEnabled()


def test_a_picture_that_is_out_of_date_is_noticed_when_enter_is_pressed(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(ROOM))
    opened.store.time.elapse(20_000)
    opened.press(Qt.Key.Key_Return)
    assert not opened.orders
    assert "Not while the picture is out of date." in opened.text()


def test_a_token_that_may_not_is_told_so(qtbot: QtBot, look: Look) -> None:
    store = a_store(ROOM, me=replace(MAYA, scopes=("rooms:read",)))
    assert "(participants:disconnect)" in Opened(qtbot, look, store).text()


def test_an_early_report_completes_the_id_and_the_person_is_still_found(qtbot: QtBot, look: Look) -> None:
    """A platform that reuses ids: the join time is part of the id, and an earlier join was reported late."""
    guest = replace(GUEST, id=f"7@{NOW - 60_000}", joined_at=NOW - 60_000)
    opened = Opened(qtbot, look, a_store(replace(ROOM, participants=(LEE, guest))), f"7@{NOW - 40_000}")
    opened.press(Qt.Key.Key_Return)
    assert opened.orders[0].participants == (f"7@{NOW - 60_000}",)


def test_how_long_somebody_is_here_is_counted_as_in_the_list_of_people(qtbot: QtBot, look: Look) -> None:
    """A stay before this one counts: coming back does not set the time to zero."""
    before = replace(GUEST, id="c5", state="left", joined_at=NOW - 300_000, left_at=NOW - 100_000)
    room = replace(ROOM, participants=(LEE, before, GUEST))
    (row,) = [one for one in people_of(room) if one.user == "u7"]
    opened = Opened(qtbot, look, a_store(room))
    assert row.details(NOW) == "here 4 min"
    assert "Here 4 min." in opened.text()


def test_what_a_removal_means_on_this_platform_is_said(qtbot: QtBot, look: Look) -> None:
    why = "every device of the person is disconnected, not only this one"
    stream = replace(ROOM, capabilities=ALL_BY_PROVIDER | {"disconnect": Capability("provider", why)})
    assert (
        "Every device of the person is disconnected, not only this one." in Opened(qtbot, look, a_store(stream)).text()
    )
    assert "device" not in Opened(qtbot, look, a_store(ROOM)).text()


def test_a_name_too_long_for_a_button_is_spoken_whole(qtbot: QtBot, look: Look) -> None:
    named = replace(GUEST, name="Dr María del Carmen Villanueva Ortega")
    opened = Opened(qtbot, look, a_store(replace(ROOM, participants=(LEE, named))))
    button = QAccessible.queryAccessibleInterface(opened.dialog.verb_button)
    assert opened.dialog.verb_button.text() == "Disconnect Dr María del Carmen Villanu…"
    assert button.text(QAccessible.Text.Name) == "Disconnect Dr María del Carmen Villanueva Ortega"


def test_of_two_of_one_name_it_says_which(qtbot: QtBot, look: Look) -> None:
    twin = a_person("c8", "guest-91", user="user-1234", joined_at=NOW)
    opened = Opened(qtbot, look, a_store(replace(ROOM, participants=(GUEST, twin))), "c8")
    assert opened.dialog.windowTitle() == "Disconnect guest-91 (1234) from cardio-14"
    assert opened.dialog.verb_button.text() == "Disconnect guest-91 (1234)"


def test_a_long_name_does_not_hide_which_of_two_is_meant_and_who_comes_later_counts(qtbot: QtBot, look: Look) -> None:
    name = "Dr María del Carmen Villanueva"
    one, other = (a_person(f"c{n}", name, user=f"user-{n}{n}{n}{n}") for n in (1, 2))
    opened = Opened(qtbot, look, a_store(replace(ROOM, participants=(one,))), "c1")
    assert opened.dialog.windowTitle() == f"Disconnect {name} from cardio-14"
    opened.store.show(replace(ROOM, participants=(one, other)))
    assert opened.dialog.windowTitle() == f"Disconnect {name} (1111) from cardio-14"
    assert opened.dialog.verb_button.text() == "Disconnect Dr María del Carmen Villanu… (1111)"
    assert opened.dialog.verb_button.accessibleName() == f"Disconnect {name} (1111)"


def test_an_ampersand_in_a_name_is_shown_and_is_no_key(qtbot: QtBot, look: Look) -> None:
    opened = Opened(qtbot, look, a_store(replace(ROOM, participants=(replace(GUEST, name="A&B"),))))
    assert opened.dialog.verb_button.text() == "Disconnect A&&B"
    assert opened.dialog.verb_button.shortcut().isEmpty()
    assert opened.dialog.verb_button.accessibleName() == "Disconnect A&B"
