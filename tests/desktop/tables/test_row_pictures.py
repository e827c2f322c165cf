"""Which rows are painted anew, counted by the cells that the delegate is asked for."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.tables.columns import Column
from moderator.desktop.tables.rooms_delegate import Cell, RoomsDelegate
from moderator.desktop.tables.rooms_model import RoomsModel
from moderator.desktop.tables.rooms_view import RoomsView
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK
from moderator.domain.rooms import Person, Viewer
from moderator.domain.viewing import BELIEVED_MS
from tests.fakes.desktop import FakeStore, a_room, a_store


class Table:
    """A view of three rooms, and the cells that were painted since somebody asked."""

    def __init__(self, qtbot: QtBot, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
        self._painted: list[tuple[str, Column]] = []
        paint_cell = RoomsDelegate.paint_cell

        def noted(delegate: RoomsDelegate, cell: Cell, column: Column, *, selected: bool, current: bool) -> None:
            self._painted.append((cell.glance.room.name, column))
            paint_cell(delegate, cell, column, selected=selected, current=current)

        monkeypatch.setattr(RoomsDelegate, "paint_cell", noted)
        self.look = look
        self.store: FakeStore = a_store(a_room("a", left_s=600), a_room("b", left_s=700), a_room("c", left_s=800))
        self.view = RoomsView(RoomsModel(self.store), look, KeyBindings())
        qtbot.addWidget(self.view)
        self.view.resize(1000, 300)
        with qtbot.waitExposed(self.view):
            self.view.show()
        QApplication.processEvents()
        self.painted()

    def painted(self) -> list[tuple[str, Column]]:
        """Paint everything, and tell for which cells that took more than putting a picture there."""
        self.view.viewport().repaint()
        found, self._painted = self._painted, []
        return found

    def rows(self) -> set[str]:
        """The rooms of which any cell was painted."""
        return {room for room, _ in self.painted()}


@pytest.fixture
def table(qtbot: QtBot, look: Look, monkeypatch: pytest.MonkeyPatch) -> Table:
    return Table(qtbot, look, monkeypatch)


def test_what_reads_the_same_is_not_painted_again(table: Table) -> None:
    assert table.painted() == []


def test_only_the_row_of_a_room_that_changed_is_painted(table: Table) -> None:
    table.store.change(a_room("b", left_s=700, owner=Person("maya", "Maya")))
    assert table.rows() == {"b"}


def test_a_row_that_moves_takes_its_picture_with_it(table: Table) -> None:
    table.store.change(a_room("a", left_s=750))
    assert table.rows() == {"a"}, "it reads differently; the one that it passed does not"


def test_a_second_later_only_the_time_that_is_left_is_painted(table: Table) -> None:
    table.store.time.elapse(1000)
    assert table.painted() == [(room, Column.LEFT) for room in "abc"]


def test_a_threshold_that_is_crossed_paints_the_whole_row(table: Table) -> None:
    table.store.time.elapse(301_000)
    table.store.hear()
    painted = table.painted()
    assert {column for room, column in painted if room == "a"} > {Column.LEFT, Column.STATE, Column.ROOM}
    assert [column for room, column in painted if room == "c"] == [Column.LEFT]


def test_what_is_selected_is_painted_and_what_was(table: Table) -> None:
    table.view.select_room(table.store.rooms()[0].key)
    assert table.rows() == {"a"}
    table.view.select_room(table.store.rooms()[1].key)
    assert table.rows() == {"a", "b"}


def test_in_another_size_or_theme_or_direction_everything_is(table: Table) -> None:
    everything = {"a", "b", "c"}
    table.view.resize(900, 300)
    assert table.rows() == everything
    table.look.set_theme(DARK)
    assert table.rows() == everything
    table.view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert table.rows() == everything
    table.view.set_density("roomy")
    assert table.rows() == everything


def test_a_room_that_ended_while_rows_are_held_is_painted(table: Table) -> None:
    table.view.hold_order()
    table.store.change(replace(a_room("c", left_s=800), state="ended"))
    assert table.rows() == {"c"}


def test_the_eye_of_somebody_who_is_not_heard_of_any_more_goes(table: Table) -> None:
    looking = Viewer("otto", "Otto", table.store.now_ms())
    table.store.change(replace(a_room("b", left_s=700), deadline=None, viewers=(looking,)))
    assert table.rows() == {"b"}
    table.store.time.elapse(BELIEVED_MS + 1_000)
    table.store.hear()
    assert "b" in table.rows()
