from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView
from pytestqt.qtbot import QtBot

from moderator.desktop.tables.arrangement import Filter
from moderator.desktop.tables.columns import Column
from moderator.desktop.tables.rooms_model import BULK, RoomsModel
from moderator.desktop.tables.sorting import SORTABLE, Sort, place
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Person, Room, Source
from tests.fakes.desktop import MAYA, NOW, FakeStore, a_person, a_room, a_store

FEW, MANY = 4, BULK * 3
"""So that a change of all is made step by step, and as a whole."""


def rooms_of(count: int) -> list[Room]:
    return [a_room(f"room-{number:03}", left_s=60 * (number + 1)) for number in range(count)]


def a_model(qtbot: QtBot, store: FakeStore) -> RoomsModel:
    """A model that Qt's own tester watches: what it complains about fails the test."""
    model = RoomsModel(store)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    return model


def names(model: RoomsModel) -> list[str]:
    return [model.room_at(row).name for row in range(model.rowCount())]


def ending_in(room: Room, left_s: int) -> Room:
    assert room.deadline is not None
    return replace(room, deadline=replace(room.deadline, ends_at=NOW + left_s * 1000))


def turned_round(rooms: Sequence[Room]) -> list[Room]:
    return [ending_in(room, 60 * (len(rooms) - number)) for number, room in enumerate(rooms)]


@pytest.mark.parametrize("count", [FEW, MANY])
def test_rows_follow_the_deadlines(qtbot: QtBot, count: int) -> None:
    rooms = rooms_of(count)
    store = a_store(*rooms)
    model = a_model(qtbot, store)
    assert names(model) == [room.name for room in rooms]
    store.change(*turned_round(rooms))
    assert names(model) == [room.name for room in reversed(rooms)]
    assert [model.row_of(model.key_at(row)) for row in range(count)] == list(range(count))


@pytest.mark.parametrize("count", [FEW, MANY])
def test_rooms_come_and_go(qtbot: QtBot, count: int) -> None:
    rooms = rooms_of(count)
    store = a_store()
    model = a_model(qtbot, store)
    store.change(*rooms)
    assert len(names(model)) == count
    store.change(*(replace(room, state="ended") for room in rooms[1:]))
    assert names(model) == ["room-000"]
    store.drop(*(room.key for room in rooms))
    assert names(model) == []
    assert model.counts["all"] == 0


@pytest.mark.parametrize("count", [FEW, MANY])
def test_the_selection_stays_on_its_room(qtbot: QtBot, count: int) -> None:
    rooms = rooms_of(count)
    store = a_store(*rooms)
    model = a_model(qtbot, store)
    view = QTableView()
    qtbot.addWidget(view)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setModel(model)
    chosen = [rooms[0].key, rooms[2].key]
    for key in chosen:
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        view.selectionModel().select(model.index(model.row_of(key) or 0, 0), flags)
    view.selectionModel().setCurrentIndex(model.index(2, 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    store.change(*turned_round(rooms))
    assert selected(view, model) == set(chosen)
    assert model.key_at(view.currentIndex().row()) == rooms[2].key

    store.drop(rooms[0].key)
    assert selected(view, model) == {rooms[2].key}
    model.set_filter(Filter("all", "room-001"))
    assert selected(view, model) == set(), "another room must not take the place of the one that is not shown"


def selected(view: QTableView, model: RoomsModel) -> set[RoomKey]:
    return {model.key_at(index.row()) for index in view.selectionModel().selectedRows()}


def test_a_held_order_keeps_rows_and_counts_what_has_moved(qtbot: QtBot) -> None:
    rooms = rooms_of(FEW)
    store = a_store(*rooms)
    model = a_model(qtbot, store)
    told: list[int] = []
    model.moved_changed.connect(told.append)
    model.hold_order(True)
    store.change(ending_in(rooms[0], 9_000))
    store.change(a_room("new", left_s=1))
    store.change(replace(rooms[1], state="ended"))
    assert names(model) == ["room-000", "room-001", "room-002", "room-003", "new"]
    assert (told, model.is_over(1), model.is_over(2)) == ([1, 2, 3], True, False)
    model.hold_order(False)
    assert names(model) == ["new", "room-002", "room-003", "room-000"]
    assert model.moved == 0


def test_a_room_that_is_no_more_keeps_its_row_while_the_order_is_held(qtbot: QtBot) -> None:
    rooms = rooms_of(2)
    store = a_store(*rooms)
    model = a_model(qtbot, store)
    model.hold_order(True)
    store.show(rooms[1])
    assert (names(model), model.is_over(0), model.counts["all"]) == (["room-000", "room-001"], True, 1)
    store.show(*rooms)
    assert (model.is_over(0), model.counts["all"]) == (False, 2)
    store.drop(rooms[0].key)
    model.hold_order(False)
    assert names(model) == ["room-001"]


def test_an_empty_table_holds_nothing(qtbot: QtBot) -> None:
    store = a_store()
    model = a_model(qtbot, store)
    model.hold_order(True)
    store.change(*reversed(rooms_of(2)))
    assert (names(model), model.moved) == (["room-000", "room-001"], 0)


def test_time_brings_rooms_into_a_filter(qtbot: QtBot) -> None:
    store = a_store(a_room("soon", left_s=301), a_room("later", left_s=900))
    model = a_model(qtbot, store)
    model.set_filter(Filter("ending"))
    assert names(model) == []
    store.time.elapse(1000)
    with qtbot.waitSignal(model.counts_changed):
        model.look_again()
    assert (names(model), model.counts["ending"]) == (["soon"], 1)


def test_a_source_that_falls_silent_makes_its_rooms_stale(qtbot: QtBot) -> None:
    store = a_store(a_room("a", source="clinic"), a_room("b", source="night"))
    model = a_model(qtbot, store)
    store.session.sources["night"] = Source(
        source="night",
        provider="janus",
        state="failing",
        heard_at=NOW - 122_000,
        listed_at=None,
        clock_offset_ms=0,
        detail=None,
    )
    with qtbot.waitSignal(model.dataChanged):
        model.look_again()
    model.set_filter(Filter("stale"))
    assert (names(model), model.counts["stale"]) == (["b"], 1)
    assert model.index(0, Column.STATE).data() == "Stale 122 s"
    assert model.index(0, Column.LEFT).data() == "≈ 30:00"


def test_whose_rooms_are_mine_is_known_once_the_gateway_said_who_i_am(qtbot: QtBot) -> None:
    store = a_store(a_room("a", owner=Person(MAYA.id, "Maya")), me=None)
    model = a_model(qtbot, store)
    assert (model.counts["mine"], model.index(0, Column.OWNER).data()) == (0, "Maya")
    store.signed_in(MAYA)
    assert (model.counts["mine"], model.index(0, Column.OWNER).data()) == (1, "you")


def test_a_row_is_spoken_in_one_sentence(qtbot: QtBot) -> None:
    model = a_model(qtbot, a_store(a_room("cardio-14", left_s=252)))
    spoken = model.index(0, Column.ROOM).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Room cardio-14, 4 minutes 12 seconds left, warning, 2 of 2 people"


def test_a_name_is_no_markup(qtbot: QtBot) -> None:
    model = a_model(qtbot, a_store(a_room("<b>bold</b>")))
    assert model.index(0, Column.ROOM).data() == "<b>bold</b>"
    assert "&lt;b&gt;" in model.index(0, Column.ROOM).data(Qt.ItemDataRole.ToolTipRole)


sorts = st.builds(Sort, st.sampled_from(sorted(SORTABLE)), st.booleans())
some_rooms = st.builds(
    a_room,
    st.sampled_from(["gp-1", "gp-10", "GP-2", "x"]),
    room=st.sampled_from("abcdef"),
    left_s=st.none() | st.integers(-2, 4),
    source=st.sampled_from(["clinic", "night"]),
    people=st.sampled_from([(), (a_person("a"),), (a_person("a"), a_person("b"))]),
    owner=st.sampled_from([None, Person("ana", "Ana"), Person("bo", "Bo")]),
    state=st.sampled_from(["live", "ended"]),
)


@given(st.lists(some_rooms | sorts | st.booleans(), max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_every_order_rows_stand_where_a_new_sort_would_put_them(qapp: QApplication, steps: list[object]) -> None:
    store = a_store()
    model = RoomsModel(store)
    for step in steps:
        if isinstance(step, Sort):
            model.set_sort(step)
        elif isinstance(step, bool):
            model.hold_order(step)
        elif isinstance(step, Room):
            store.change(step)
    model.hold_order(False)
    live = [room for room in store.rooms() if room.state != "ended"]
    live.sort(key=lambda room: place(room, model.sort_order))
    assert [model.key_at(row) for row in range(model.rowCount())] == [room.key for room in live]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(st.tuples(st.integers(0, 49), st.integers(10, 4000)), max_size=12),
    chosen=st.sets(st.integers(0, 49), max_size=5),
    top=st.integers(0, 49),
)
def test_who_holds_a_room_holds_the_same_however_rows_move_out_of_sight(
    qapp: QApplication, moves: list[tuple[int, int]], chosen: set[int], top: int
) -> None:
    rooms = rooms_of(50)
    store = a_store(*rooms)
    model = RoomsModel(store)
    model.in_sight = lambda: range(top, min(top + 10, 50))
    selection = QItemSelectionModel(model)
    rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in chosen:
        selection.select(model.index(row, 0), rows)
    held = {model.key_at(row) for row in chosen}
    for number, left_s in moves:
        seen = [model.key_at(row) for row in model.in_sight()]
        told: list[object] = []
        model.rowsMoved.connect(lambda *_, told=told: told.append(1))
        store.change(ending_in(rooms[number], left_s))
        assert {model.key_at(index.row()) for index in selection.selectedRows()} == held
        assert told or seen == [model.key_at(row) for row in model.in_sight()], "whoever looks is told"


def test_qt_is_not_told_of_what_nobody_sees(qapp: QApplication) -> None:
    rooms = rooms_of(50)
    store = a_store(*rooms)
    model = RoomsModel(store)
    model.in_sight = lambda: range(10)
    told: list[str] = []
    model.rowsMoved.connect(lambda *_: told.append("moved"))
    model.dataChanged.connect(lambda first, _: told.append(f"row {first.row()}"))
    store.change(ending_in(rooms[20], 4000))
    assert (told, names(model)[-1]) == ([], "room-020")
    store.change(ending_in(rooms[30], 0))
    assert told == ["moved", "row 0"]


def test_of_two_rooms_of_one_name_each_says_which_it_is(qapp: QApplication) -> None:
    store = a_store(a_room("gp", source="east"))
    model = RoomsModel(store)
    assert shown_names(model) == ["gp"]
    repainted: list[int] = []
    model.dataChanged.connect(lambda first, last: repainted.extend(range(first.row(), last.row() + 1)))
    store.change(a_room("gp", source="west"))
    assert shown_names(model) == ["gp · east", "gp · west"]
    assert 0 in repainted
    store.drop(a_room("gp", source="west").key)
    assert shown_names(model) == ["gp"]


def shown_names(model: RoomsModel) -> list[str]:
    return [str(model.index(row, Column.ROOM).data()) for row in range(model.rowCount())]
