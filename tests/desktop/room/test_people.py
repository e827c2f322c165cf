import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from moderator.client.texts import clock_time
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.room.people import People, PeopleView
from moderator.desktop.room.people_list import people_of
from moderator.desktop.theme.look import Look
from moderator.domain.rooms import Block, Room, Stream
from moderator.domain.settings import Capability
from tests.fakes.desktop import NOW, FakeStore, a_person, a_room, a_store, a_violation, an_appointment

LEE = replace(a_person("c1", "Dr Lee", user="u1", joined_at=NOW - 2), streams=(Stream("s", "microphone", "", NOW),))
BILL = a_person("c2", "Bill Buffalo", user="u2", joined_at=NOW - 1)
ROOM = a_room(people=(LEE, BILL))


class Shown:
    """The people of a room, and what was wanted."""

    def __init__(self, qtbot: QtBot, look: Look, room: Room = ROOM, store: FakeStore | None = None) -> None:
        self.store = store or a_store(room)
        self.wanted: list[Intent] = []
        self.people = People(self.store, look, KeyBindings())
        qtbot.addWidget(self.people)
        self.people.wanted.connect(self.wanted.append)
        self.people.show_room(room.key)
        self.people.resize(400, 300)
        self.people.show()
        self.view = self.people.findChildren(PeopleView)[0]

    def change(self, room: Room) -> None:
        self.store.change(room)
        self.people.refresh()

    def button(self, text: str) -> QPushButton:
        return next(one for one in self.people.findChildren(QPushButton) if one.text() == text)

    def selected(self) -> list[str]:
        return [index.data() for index in self.view.selectedIndexes()]


def test_down_and_d_want_the_selected_person_disconnected(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.people.take_focus()
    QTest.keyClick(shown.view, Qt.Key.Key_Down)
    QTest.keyClick(shown.view, Qt.Key.Key_D)
    assert shown.wanted == [Intent(action="disconnect", room=ROOM.key, participant="c2", user="u2")]


def test_a_d_that_is_held_down_wants_it_once(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.people.take_focus()
    for repeat in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_D, Qt.KeyboardModifier.NoModifier, "d", repeat)
        QApplication.sendEvent(shown.view, event)
    assert len(shown.wanted) == 1


def test_d_without_anybody_selected_does_nothing(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    QTest.keyClick(shown.view, Qt.Key.Key_D)
    assert not shown.wanted
    assert shown.button("Disconnect…").toolTip() == plain_tip("Select a person first.")


def test_the_selection_stays_with_the_person_when_the_order_changes(qtbot: QtBot, look: Look) -> None:
    """Otherwise D would disconnect somebody else."""
    shown = Shown(qtbot, look)
    shown.people.select_person("c1")
    guest = a_person("c7", "guest")
    shown.change(replace(ROOM, participants=(LEE, BILL, guest), violations=(a_violation("c7"), a_violation("c2"))))
    assert [shown.view.model().index(row, 0).data() for row in range(3)] == ["guest", "Bill Buffalo", "Dr Lee"]
    assert shown.selected() == ["Dr Lee"]
    QTest.keyClick(shown.view, Qt.Key.Key_D)
    assert shown.wanted[0].participant == "c1"


def test_whoever_comes_back_is_addressed_by_the_connection_that_is_here(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.people.select_person("c2")
    left = replace(BILL, state="left", left_at=NOW)
    shown.change(replace(ROOM, participants=(LEE, left)))
    assert shown.button("Disconnect…").toolTip() == plain_tip("Bill Buffalo has left.")
    shown.change(replace(ROOM, participants=(LEE, left, replace(BILL, id="c9"))))
    shown.button("Disconnect…").click()
    assert shown.wanted[0].participant == "c9"


def test_another_room_has_nobody_selected(qtbot: QtBot, look: Look) -> None:
    other = a_room("physio-03", people=(LEE,))
    shown = Shown(qtbot, look, store=a_store(ROOM, other))
    shown.people.select_person("c1")
    shown.people.show_room(other.key)
    assert shown.selected() == []


def test_mute_is_off_where_nothing_is_shared(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.people.select_person("c2")
    assert not shown.button("Mute").isEnabled()
    assert "shares nothing" in shown.button("Mute").accessibleDescription()
    shown.people.select_person("c1")
    shown.button("Mute").click()
    assert [one.action for one in shown.wanted] == ["mute"]


def test_allow_is_offered_for_a_violation_only(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look, replace(ROOM, violations=(a_violation("c2"),)))
    shown.people.select_person("c1")
    assert shown.button("Let in").isHidden()
    shown.people.select_person("c2")
    shown.button("Let in").click()
    assert [(one.action, one.participant) for one in shown.wanted] == [("allow", "c2")]


def test_nothing_destructive_while_the_picture_is_out_of_date(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.people.select_person("c1")
    shown.store.time.elapse(20_000)
    shown.people.refresh()
    QTest.keyClick(shown.view, Qt.Key.Key_D)
    assert not shown.wanted
    assert shown.button("Disconnect…").toolTip() == plain_tip("Not while the picture is out of date.")


@pytest.mark.parametrize(("people", "text"), [((), "Nobody is in the room."), ((LEE, BILL, LEE), "2 of 2")])
def test_the_count_is_of_people(qtbot: QtBot, look: Look, people: tuple[()], text: str) -> None:
    shown = Shown(qtbot, look, a_room(people=people))
    assert text in [label.text() for label in shown.people.findChildren(QLabel) if not label.isHidden()]


def test_a_hundred_people_make_no_hundred_widgets(qtbot: QtBot, look: Look) -> None:
    few = Shown(qtbot, look)
    many = Shown(qtbot, look, a_room(people=[a_person(f"c{n}", f"P{n}") for n in range(100)]))
    many.people.grab()
    assert many.view.model().rowCount() == 100
    assert len(many.people.findChildren(QLabel)) == len(few.people.findChildren(QLabel))


def test_every_device_that_shares_something_is_muted(qtbot: QtBot, look: Look) -> None:
    silent, phone, tablet = (replace(LEE, id=id_, streams=()) for id_ in ("c1", "c5", "c6"))
    phone, tablet = (replace(one, streams=LEE.streams) for one in (phone, tablet))
    shown = Shown(qtbot, look, a_room(people=(silent, phone)))
    shown.people.select_person("c1")
    shown.button("Mute").click()
    shown.change(a_room(people=(silent, phone, tablet)))
    shown.button("Mute").click()
    one, both = shown.wanted
    assert one.participant == "c5"
    assert isinstance(both, tuple)
    assert [(wish.action, wish.participant) for wish in both] == [("mute", "c5"), ("mute", "c6")]


class Menu:
    """The menu of the selected person."""

    def __init__(self, shown: Shown) -> None:
        self._menu = shown.people.menu()

    def entries(self) -> dict[str, str]:
        """Each with why it is off."""
        return {one.text(): one.statusTip() for one in self._menu.actions() if one.data()}

    def painted(self) -> bool:
        """Whether each has an icon that can be painted."""
        return not any(one.icon().pixmap(16, 16).isNull() for one in self._menu.actions() if one.data())

    def choose(self, text: str) -> None:
        next(one for one in self._menu.actions() if one.text() == text).trigger()


def test_everything_about_a_person_is_in_one_menu_and_says_why_it_is_off(qtbot: QtBot, look: Look) -> None:
    vonage = {**ROOM.capabilities, "revoke": Capability(None, "It can mute only once")}
    shown = Shown(qtbot, look, replace(ROOM, capabilities=vonage))
    assert not shown.button("More").isEnabled()
    shown.people.select_person("c1")
    menu = Menu(shown)
    assert menu.painted()
    assert menu.entries() == {
        "Disconnect…\tD": "",
        "Mute": "",
        "Take the microphone away": "It can mute only once",
        "Give the microphone back": "It can mute only once",
        "Stop the shared screen": "Dr Lee shares no screen.",
        "Let in": "No policy objects to Dr Lee.",
        "Sessions and quality\tQ": "",
    }
    menu.choose("Mute")
    assert [one.action for one in shown.wanted] == ["mute"]


@pytest.mark.parametrize(
    ("text", "action"), [("Take the microphone away", "revoke"), ("Give the microphone back", "restore")]
)
def test_a_microphone_is_taken_from_every_device_also_while_it_is_off(
    qtbot: QtBot, look: Look, text: str, action: str
) -> None:
    silent = replace(BILL, id="c3", streams=())
    shown = Shown(qtbot, look, a_room(people=(BILL, silent)))
    shown.people.select_person("c2")
    Menu(shown).choose(text)
    (wishes,) = shown.wanted
    assert isinstance(wishes, tuple)
    assert [(one.action, one.participant) for one in wishes] == [(action, "c2"), (action, "c3")]


def test_a_shared_screen_is_stopped(qtbot: QtBot, look: Look) -> None:
    lee = replace(LEE, streams=(*LEE.streams, Stream("slides", "screen", "", NOW)))
    shown = Shown(qtbot, look, a_room(people=(lee,)))
    shown.people.select_person("c1")
    Menu(shown).choose("Stop the shared screen")
    assert [(one.action, one.stream) for one in shown.wanted] == [("stop_stream", "slides")]


def test_a_key_that_x11_repeats_as_releases_and_presses_wants_it_once(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.people.take_focus()
    kinds = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
    for kind, at_ms in ((kinds[0], 100), (kinds[1], 760), (kinds[0], 760), (kinds[1], 800), (kinds[0], 900)):
        event = QKeyEvent(kind, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
        event.setTimestamp(at_ms)
        QApplication.sendEvent(shown.view, event)
    assert len(shown.wanted) == 2, "pressed, held, and pressed once more"


def test_whom_policy_removed_can_be_let_in_again(qtbot: QtBot, look: Look) -> None:
    removed = replace(BILL, state="disconnected", left_at=NOW)
    shown = Shown(qtbot, look, replace(ROOM, participants=(LEE, removed)))
    shown.people.select_person("c2")
    assert not shown.button("Disconnect…").isEnabled()
    shown.button("Let in").click()
    assert [(one.action, one.participant) for one in shown.wanted] == [("allow", "c2")]


def test_nothing_can_be_done_with_who_is_only_expected(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look, replace(ROOM, appointment=an_appointment("appt-17", 0, "kim")))
    shown.view.setCurrentIndex(shown.view.model().index(shown.view.model().rowCount() - 1, 0))
    assert shown.selected() == ["kim"]
    assert shown.button("Disconnect…").accessibleDescription() == "kim has not come yet."
    shown.view.grab()


def test_a_key_that_cannot_be_done_says_why(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    told: list[Notice] = []
    shown.people.told.connect(told.append)
    QTest.keyClick(shown.view, Qt.Key.Key_D)
    assert [notice.text for notice in told] == ["Select a person first."]


def test_enter_on_somebody_shows_what_can_be_done(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.people.take_focus()
    shown.view.entered_row.disconnect()  # a menu cannot take the keyboard here
    with qtbot.waitSignal(shown.view.entered_row, timeout=0):
        QTest.keyClick(shown.view, Qt.Key.Key_Return)


def test_who_was_removed_and_is_not_kept_out_may_come_back() -> None:
    gone = replace(BILL, left_at=NOW, state="disconnected")
    kept_out = replace(ROOM, participants=(gone,), blocks=(Block(user="u2", until=None, by="m", reason="conduct"),))
    (blocked,), (readmitted,) = people_of(kept_out), people_of(replace(kept_out, blocks=()))
    time = clock_time(NOW, with_seconds=False)
    assert (blocked.details(NOW), readmitted.details(NOW)) == (f"removed {time}", f"removed {time}, may come back")
