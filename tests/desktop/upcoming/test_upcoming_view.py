"""The list of what is announced."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK, LIGHT
from moderator.desktop.upcoming.agenda import Agenda
from moderator.desktop.upcoming.upcoming_model import Column, UpcomingModel
from moderator.desktop.upcoming.upcoming_view import UpcomingView
from moderator.domain.fold import fold
from moderator.domain.ids import RoomId
from moderator.domain.rooms import Room
from tests.fakes.builders import an_entry, joined
from tests.fakes.desktop import NOW, FakeStore, a_store, an_appointment


class Shown:
    """The list on a store, with what it asked for."""

    def __init__(self, qtbot: QtBot, look: Look) -> None:
        self.store: FakeStore = a_store()
        self.wanted: list[Intent] = []
        self.told: list[Notice] = []
        self.agenda = Agenda(self.store)
        self.view = UpcomingView(self.agenda, self.store, look, KeyBindings())
        self.view.wanted.connect(self.wanted.append)
        self.view.told.connect(self.told.append)
        QAbstractItemModelTester(self.view.model, QAbstractItemModelTester.FailureReportingMode.Fatal, self.view)
        qtbot.addWidget(self.view)
        self.view.resize(900, 300)
        self.view.show()
        self.view.setFocus()

    def live(self) -> Room:
        """Bill is in the room of the first appointment."""
        came = replace(joined("c1", NOW - 400_000, user="bill", name="Bill"), room=RoomId("r1"))
        fold(self.store.session.state, an_entry(came))
        self.store.show(*self.store.session.state.all_rooms())
        return self.store.rooms()[0]

    def column(self, column: Column) -> list[str]:
        model = self.view.model
        return [model.index(row, column).data() for row in range(model.rowCount())]

    def texts(self) -> str:
        return "\n".join(one.text() for one in self.view.findChildren(QLabel) if one.isVisible())


@pytest.fixture
def shown(qtbot: QtBot, look: Look) -> Shown:
    """One that is on, from which somebody is missing, and one to come."""
    shown = Shown(qtbot, look)
    shown.live()
    shown.store.announce(
        an_appointment("appt-17", -400, "bill", "lee", room="r1"), an_appointment("appt-18", 1_800, "kim")
    )
    return shown


def test_it_lists_who_is_expected_and_who_is_missing(shown: Shown) -> None:
    assert shown.column(Column.NAME) == ["appt-17", "appt-18"]
    assert shown.column(Column.STATE) == ["Live now", "in 30 min"]
    assert shown.column(Column.EXPECTED) == ["Bill, lee", "kim"]
    assert shown.column(Column.MISSING) == ["lee", ""]
    first = shown.view.model.index(0, Column.NAME)
    assert first.data(int(Qt.ItemDataRole.AccessibleTextRole)).startswith("Appointment appt-17, ")


def test_enter_goes_to_the_room_or_says_that_there_is_none(shown: Shown) -> None:
    QTest.keyClick(shown.view.view, Qt.Key.Key_Return)
    assert shown.wanted == [Intent(action="select", room=shown.store.rooms()[0].key)]
    QTest.keyClick(shown.view.view, Qt.Key.Key_Down)
    QTest.keyClick(shown.view.view, Qt.Key.Key_Return)
    assert len(shown.wanted) == 1
    assert [one.text for one in shown.told] == ["appt-18 has no room yet: it is there when the first one comes."]


def test_the_selection_stays_with_its_appointment(shown: Shown) -> None:
    QTest.keyClick(shown.view.view, Qt.Key.Key_Down)
    shown.store.announce(
        an_appointment("appt-17", -400, room="r1"), an_appointment("new", 60), an_appointment("appt-18", 1_800)
    )
    assert shown.column(Column.NAME) == ["appt-17", "new", "appt-18"]
    assert shown.view.view.currentIndex().row() == 2
    shown.view.view.selectRow(1)
    shown.store.announce(an_appointment("appt-17", -400, room="r1"))
    assert not shown.view.view.selectionModel().hasSelection()


def test_words_filter_it(shown: Shown, qtbot: QtBot) -> None:
    shown.view.set_filter("kim")
    assert shown.column(Column.NAME) == ["appt-18"]
    shown.view.set_filter("nobody")
    assert "0 of 2 appointments match" in shown.texts()
    with qtbot.waitSignal(shown.view.filter_cleared):
        shown.view._empty.clear_wanted.emit()


def test_where_nothing_is_announced_it_says_how_that_is_done(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    assert "Nothing is announced for the next 24 hours" in shown.texts()
    assert "moderator appointments import" in shown.texts()


def test_escape_goes_back(shown: Shown, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shown.view.left):
        QTest.keyClick(shown.view.view, Qt.Key.Key_Escape)


def test_time_that_passes_is_painted(shown: Shown) -> None:
    shown.store.time.elapse(60_000)
    shown.view.second()
    assert shown.column(Column.STATE)[1] == "in 29 min"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_who_is_missing_is_seen_at_the_edge(shown: Shown, look: Look, theme: object) -> None:
    look.set_theme(theme)  # type: ignore[arg-type]
    shown.view.view.clearFocus()
    image = shown.view.view.viewport().grab().toImage()
    assert image.pixelColor(1, 16) == QColor(look.theme.warn)
    assert image.pixelColor(1, 48) != QColor(look.theme.warn)
    look.set_theme(LIGHT)


def test_the_model_alone_is_consistent(qtbot: QtBot) -> None:
    model = UpcomingModel(lambda: NOW)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())] == [
        *("Appointment", "Starts", "State", "Expected", "Missing", "Source"),
    ]
    assert tester.model() is model


def test_the_room_of_a_live_row_is_told_and_the_keys_of_rooms_mean_it(shown: Shown) -> None:
    rooms: list[object] = []
    shown.view.selected.connect(rooms.append)
    key = shown.store.rooms()[0].key
    for row in (1, 0):
        shown.view.view.selectRow(row)
    assert rooms[-1] == shown.view.room == key
    QTest.keyClick(shown.view.view, Qt.Key.Key_E)
    QTest.keyClick(shown.view.view, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    assert shown.wanted == [Intent(action="extend", room=key), Intent(action="extend_custom", room=key)]


def test_a_key_on_a_row_without_a_room_says_why_nothing_comes_of_it(shown: Shown) -> None:
    shown.view.view.selectRow(1)
    assert shown.view.room is None
    QTest.keyClick(shown.view.view, Qt.Key.Key_E)
    assert not shown.wanted
    assert "has no room yet" in shown.told[0].text


def test_who_is_expected_has_the_room_of_those_who_are_not_missing(shown: Shown) -> None:
    view = shown.view.view
    rects = [view.visualRect(view.model().index(row, Column.EXPECTED)) for row in (0, 1)]
    assert shown.column(Column.MISSING)[0]
    assert rects[1].width() > rects[0].width() + view.columnWidth(Column.MISSING) // 2
