"""Columns that are moved, drawn and hidden by hand, and what the rows are sorted by."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.preferences import Preferences
from moderator.desktop.tables.columns import Column, title
from moderator.desktop.tables.remembering import RememberedTable
from moderator.desktop.tables.rooms_fonts import DENSITY, ROW_PX
from moderator.desktop.tables.rooms_model import RoomsModel
from moderator.desktop.tables.rooms_view import RoomsView
from moderator.desktop.tables.sorting import Sort
from moderator.desktop.tables.table_layout import TableLayout
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from tests.fakes.desktop import a_room, a_store

ROOMS = [a_room("gp-10", left_s=100), a_room("gp-2", left_s=300), a_room("gp-1", left_s=200)]


class Remembered:
    """A shown table, as it is after a start of the program."""

    def __init__(self, qtbot: QtBot, look: Look, folder: Path) -> None:
        self.preferences = Preferences(folder / "window.ini")
        self.model = RoomsModel(a_store(*ROOMS))
        self.view = RoomsView(self.model, look, KeyBindings())
        self.memory = RememberedTable(self.view, self.preferences)
        qtbot.addWidget(self.view)
        self.view.resize(1000, 300)
        with qtbot.waitExposed(self.view):
            self.view.show()

    @property
    def names(self) -> list[str]:
        return [self.model.room_at(row).name for row in range(self.model.rowCount())]

    @property
    def shown(self) -> list[Column]:
        header = self.view.header
        columns = [Column(header.logicalIndex(place)) for place in range(header.count())]
        return [column for column in columns if not header.isSectionHidden(column)]

    def click(self, column: Column) -> None:
        header = self.view.header
        place = QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) // 2, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    def choose(self, *path: str) -> None:
        """In the header's menu, submenu by submenu."""
        menu = whole = self.view.arranging.menu()
        for words in path:
            (action,) = [one for one in menu.actions() if one.text() == words]
            assert isinstance(action, QAction)
            below = action.menu()
            menu = below if isinstance(below, QMenu) else menu
        action.trigger()
        whole.deleteLater()

    def restart(self, qtbot: QtBot, look: Look, folder: Path) -> "Remembered":
        return Remembered(qtbot, look, folder)


@pytest.fixture
def table(qtbot: QtBot, look: Look, tmp_path: Path) -> Remembered:
    return Remembered(qtbot, look, tmp_path)


def test_a_click_on_a_title_sorts_and_another_turns_it_round(table: Remembered) -> None:
    assert table.names == ["gp-10", "gp-1", "gp-2"]
    table.click(Column.ROOM)
    assert table.names == ["gp-1", "gp-2", "gp-10"]
    table.click(Column.ROOM)
    assert table.names == ["gp-10", "gp-2", "gp-1"]
    table.click(Column.EXTEND)
    assert table.names == ["gp-10", "gp-2", "gp-1"]
    assert table.view.selected_rooms() == [], "a title selects nothing"


def test_the_selection_goes_with_its_room(table: Remembered) -> None:
    chosen: RoomKey = ROOMS[1].key
    table.view.select_room(chosen)
    table.click(Column.ROOM)
    assert table.view.selected_rooms() == [chosen]


def test_the_arrow_is_painted_and_spoken_where_it_is_sorted(table: Remembered) -> None:
    header, pictures = table.view.header, []
    for _ in range(3):
        pictures.append(header.grab().toImage())
        table.click(Column.LEFT)
    assert pictures[0] != pictures[1]
    assert pictures[0] == pictures[2]
    titles = [
        table.model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)
        for column in (Column.ROOM, Column.LEFT)
    ]
    assert titles == ["Room", "Left, sorted, last first"]


def test_columns_stay_as_they_were_arranged(table: Remembered, qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    header = table.view.header
    header.moveSection(header.visualIndex(Column.STATE), 1)
    header.resizeSection(Column.STATE, 230)
    table.choose("Owner")
    table.click(Column.PEOPLE)
    for one in (table, table.restart(qtbot, look, tmp_path)):
        assert one.shown[:3] == [Column.ROOM, Column.STATE, Column.LEFT]
        assert Column.OWNER not in one.shown
        assert one.view.header.sectionSize(Column.STATE) == 230
        assert one.model.sort_order == Sort(Column.PEOPLE)


def test_name_and_button_keep_their_places(table: Remembered) -> None:
    header = table.view.header
    header.moveSection(header.visualIndex(Column.EXTEND), 2)
    assert table.shown == list(Column)
    header.moveSection(header.visualIndex(Column.OWNER), 0)
    assert (table.shown[0], table.shown[1], table.shown[-1]) == (Column.ROOM, Column.OWNER, Column.EXTEND)


def test_the_menu_does_all_of_it_by_keyboard(table: Remembered) -> None:
    table.choose("Sort by", "Room")
    assert table.names == ["gp-1", "gp-2", "gp-10"]
    table.choose("Sort by", "Last first")
    assert table.names == ["gp-10", "gp-2", "gp-1"]
    table.choose("Extend button")
    assert Column.EXTEND not in table.shown
    table.choose("Reset the table")
    assert (table.view.arranging.layout, table.shown) == (TableLayout(), list(Column))
    assert table.names == ["gp-10", "gp-1", "gp-2"]


def test_reset_forgets(table: Remembered, qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    table.choose("Source")
    table.memory.reset()
    assert table.shown == list(Column)
    assert table.restart(qtbot, look, tmp_path).shown == list(Column)


def test_rows_have_the_chosen_height_now_and_later(table: Remembered, qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    heights = []
    for _ in range(4):
        heights.append(table.view.rowHeight(0))
        table.memory.other_density()
    assert heights == [32, 40, 24, 32]
    assert table.restart(qtbot, look, tmp_path).view.rowHeight(0) == ROW_PX["roomy"]
    table.preferences.put(DENSITY, "airy")
    assert table.view.rowHeight(0) == ROW_PX["normal"], "no density of ours"


def test_no_title_is_cut_and_every_width_is_of_the_density(table: Remembered) -> None:
    header = table.view.header
    for density in ROW_PX:
        table.view.set_density(density)
        for column in table.shown:
            needed = header.fontMetrics().horizontalAdvance(title(column))
            assert header.sectionSize(column) >= needed


def test_titles_stand_above_their_cells_also_from_right_to_left(table: Remembered) -> None:
    """Read off the pixels: where the title's letters begin and end."""
    view, spans = table.view, {}
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        view.setLayoutDirection(direction)
        header = view.header
        for column in (Column.ROOM, Column.LEFT, Column.STATE):
            left = header.sectionViewportPosition(column)
            picture = header.grab(QRect(left, 0, header.sectionSize(column), header.height() - 1)).toImage()
            inked = [x for x in range(picture.width()) if _has_ink(picture, x)]
            spans[direction, column] = (inked[0], picture.width() - 1 - inked[-1])
    for column in (Column.ROOM, Column.LEFT, Column.STATE):
        here, there = (spans[direction, column] for direction in Qt.LayoutDirection if (direction, column) in spans)
        assert here == pytest.approx(there[::-1], abs=2)


def _has_ink(picture: QImage, x: int) -> bool:
    return any(picture.pixelColor(x, y).lightness() < 160 for y in range(picture.height()))
