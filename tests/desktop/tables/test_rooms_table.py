import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from moderator.client.link import Link
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.orders.intents import Intent
from moderator.desktop.tables.rooms_table import RoomsTable
from moderator.desktop.theme.look import Look
from moderator.domain.rooms import Source
from moderator.feed.session import FeedSession
from tests.fakes.desktop import NOW, FakeStore, a_room, a_store


def a_table(qtbot: QtBot, look: Look, store: FakeStore) -> RoomsTable:
    table = RoomsTable(store, look, KeyBindings())
    qtbot.addWidget(table)
    table.resize(900, 400)
    with qtbot.waitExposed(table):
        table.show()
    return table


def words(widget: QWidget) -> str:
    """Everything that can be read on labels."""
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text())


def test_no_live_rooms(qtbot: QtBot, look: Look) -> None:
    store = a_store()
    table = a_table(qtbot, look, store)
    assert words(table) == "No live rooms | No source has been heard of yet."
    source = Source(
        source="clinic", provider="janus", state="live", heard_at=NOW, listed_at=None, clock_offset_ms=0, detail=None
    )
    store.session.sources["clinic"] = source
    table.second()
    assert "Last checked at" in words(table)
    store.change(a_room())
    assert words(table) == ""


def test_first_load_says_what_is_waited_for(qtbot: QtBot, look: Look) -> None:
    store = a_store()
    store.watch(FeedSession(), store.time)
    table = a_table(qtbot, look, store)
    store.link_changed(Link("connecting", "connecting to the gateway"))
    assert words(table) == "Loading rooms | connecting to the gateway"
    store.link_changed(Link("signed_out", "nobody is signed in"))
    assert words(table) == "Signed out | nobody is signed in"


def test_no_match_offers_the_way_out(qtbot: QtBot, look: Look) -> None:
    table = a_table(qtbot, look, a_store(a_room("a"), a_room("b")))
    table.set_filter("all", "<i>zebra")
    assert words(table) == "0 of 2 rooms match | <i>zebra"
    (clear,) = (button for button in table.findChildren(QPushButton) if button.isVisible())
    with qtbot.waitSignal(table.filter_cleared):
        QTest.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert (table.model.rowCount(), words(table)) == (2, "")


@pytest.mark.parametrize(("moved", "sentence"), [(1, "1 room has moved."), (2, "2 rooms have moved.")])
def test_a_held_order_is_told(qtbot: QtBot, look: Look, moved: int, sentence: str) -> None:
    rooms = [a_room(name, left_s=600 + number) for number, name in enumerate("abcd")]
    store = a_store(*rooms)
    table = a_table(qtbot, look, store)
    table.view.hold_order()
    assert words(table) == ""
    store.change(*(replace(room, state="ended") for room in rooms[:moved]))
    assert sentence in words(table)
    table.view.sort_again()
    assert words(table) == ""


def test_one_wish_and_many(qtbot: QtBot, look: Look) -> None:
    rooms = [a_room("a", left_s=1), a_room("b", left_s=2)]
    table = a_table(qtbot, look, a_store(*rooms))
    table.view.select_room(rooms[0].key)
    with qtbot.waitSignal(table.wanted) as one:
        QTest.keyClick(table.view, Qt.Key.Key_E)
    assert one.args == [Intent(action="extend", room=rooms[0].key)]
    table.view.selectAll()
    with qtbot.waitSignal(table.wanted_for_many) as many:
        QTest.keyClick(table.view, Qt.Key.Key_E)
    assert many.args == [tuple(Intent(action="extend", room=room.key) for room in rooms)]


def test_counts_are_kept_while_nobody_looks(qtbot: QtBot, look: Look) -> None:
    store = a_store(a_room(left_s=301))
    table = a_table(qtbot, look, store)
    table.hide()
    store.time.elapse(1000)
    with qtbot.waitSignal(table.counts_changed) as told:
        table.second()
        table.tick()
    assert told.args is not None
    assert told.args[0]["ending"] == 1
