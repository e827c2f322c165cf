"""A review's table by keyboard, and for a screen reader."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from moderator.desktop.reviews.rows_model import Column
from moderator.desktop.reviews.rows_view import RowsView
from moderator.desktop.theme.look import Look

COLUMNS = (
    Column[int](title="Number", text=str, width=80, right=True),
    Column[int](title="Twice", text=lambda n: str(2 * n)),
    Column[int](title="Odd", text=lambda n: "odd" if n % 2 else ""),
)


@pytest.fixture
def view(look: Look) -> Iterator[RowsView[int]]:
    view: RowsView[int] = RowsView(COLUMNS, "Numbers", look)
    view.resize(400, 200)
    view.show()
    view.show_rows(range(5))
    yield view
    view.hide()


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ([Qt.Key.Key_Home, Qt.Key.Key_Down], 1),
        ([Qt.Key.Key_End], 4),
        ([Qt.Key.Key_End, Qt.Key.Key_Up], 3),
        ([Qt.Key.Key_End, Qt.Key.Key_Home], 0),
        ([Qt.Key.Key_End, Qt.Key.Key_Left], 4),
    ],
)
def test_keys_choose_rows(view: RowsView[int], keys: list[Qt.Key], chosen: int) -> None:
    for key in keys:
        QTest.keyClick(view, key)
    assert view.selected == chosen


def test_a_row_is_spoken_as_a_whole(view: RowsView[int]) -> None:
    spoken = view.rows.data(view.rows.index(3, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Number 3, Twice 6, Odd odd"
    assert view.rows.spoken(2) == "Number 2, Twice 4"


def test_more_rows_leave_the_selection(view: RowsView[int]) -> None:
    heard: list[object] = []
    view.choose(2)
    view.chosen.connect(lambda: heard.append(view.selected))
    view.rows.add([5, 6])
    view.rows.renew([10, 11, 12, 13, 14, 15, 16])
    assert (view.selected, view.rows.rowCount(), heard) == (12, 7, [])
    view.show_rows([])
    assert (view.selected, heard) == (None, [None])


def test_a_state_covers_the_rows(view: RowsView[int], qapp: QApplication) -> None:
    view.panel.say("lock", "No", "A sentence", button="Try again")
    view.panel.show()
    view.resize(700, 300)
    qapp.processEvents()
    assert view.panel.size() == view.viewport().size()
    assert view.panel.accessibleName() == "No. A sentence"
    pressed: list[bool] = []
    view.panel.pressed.connect(lambda: pressed.append(True))
    view.panel.button.click()
    assert pressed == [True]
