"""The band of counts: what it says, what is pressed in it, and that the table follows."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from moderator.desktop.census.parts import Part
from moderator.desktop.tables.rooms_fonts import DENSITY
from moderator.desktop.theme.look import Look
from moderator.desktop.window.many_rooms import MANY, SHOWN, is_wanted
from moderator.domain.ids import RoomId, RoomKey, SourceName
from moderator.domain.rooms import Person
from tests.fakes.desktop import a_person, a_room, a_store, a_violation, a_warning
from tests.fakes.window import OpenWindow, opened, until

LATE = a_room("late", left_s=3000, people=[a_person("eve", "Eve")], violations=[a_violation("eve")])
SOON = a_room("soon", left_s=200, warnings=[a_warning(300, raised_at=0)])
CALM = [a_room(f"calm-{number:03}", left_s=1000 + number, owner=Person("leo")) for number in range(MANY)]


@pytest.fixture
async def open_(look: Look, tmp_path: Path) -> AsyncIterator[OpenWindow]:
    async with opened(a_store(LATE, SOON, *CALM), look, tmp_path) as found:
        await until(found.window.overview.isVisible)
        yield found


def _button(open_: OpenWindow, name: str) -> QAbstractButton:
    buttons = open_.window.overview.findChildren(QAbstractButton)
    return next(one for one in buttons if one.accessibleName() == name)


def _shown(open_: OpenWindow) -> list[str]:
    model = open_.window.table.model
    return [model.room_at(row).room for row in range(min(3, model.rowCount()))]


@pytest.mark.parametrize(
    ("live", "choice", "shown", "wanted"),
    [
        (MANY, "automatic", False, True),
        (MANY - 1, "automatic", False, False),
        (MANY - 1, "automatic", True, True),
        (179, "automatic", True, False),
        (3, "always", False, True),
        (5000, "never", True, False),
    ],
)
def test_it_comes_with_many_rooms_or_when_somebody_wants_it(
    live: int, choice: str, *, shown: bool, wanted: bool
) -> None:
    assert is_wanted(live, choice, shown=shown) is wanted


async def test_everything_in_it_has_a_sentence(open_: OpenWindow) -> None:
    names = [one.accessibleName() for one in open_.window.overview.findChildren(QAbstractButton)]
    assert names == [
        "202 rooms are live",
        "1 room ends within 5 minutes",
        "1 room ends within 5 minutes and nobody looks after it",
        "1 warning was not acknowledged within 20 seconds",
        "1 room has a violation",
        "0 rooms are out of date",
        "0 rooms end within 1 minute",
        "1 room ends in 1 to 5 minutes",
        "0 rooms end in 5 to 15 minutes",
        "200 rooms end in 15 to 30 minutes",
        "1 room ends in 30 to 60 minutes",
        "0 rooms end later",
    ]


async def test_what_needs_somebody_is_on_top_and_the_rest_below_by_its_deadline(open_: OpenWindow) -> None:
    await until(lambda: _shown(open_) == ["soon", "late", "calm-000"])
    assert open_.window.table.model.rowCount() == MANY + 2


async def test_a_bar_is_a_filter_and_pressed_again_none(open_: OpenWindow) -> None:
    bar = _button(open_, "1 room ends in 1 to 5 minutes")
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Space)
    assert _shown(open_) == ["soon"]
    assert bar.isChecked()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton)
    assert open_.window.table.model.rowCount() == MANY + 2
    assert not bar.isChecked()


async def test_a_number_is_a_filter_and_a_chip_takes_it_away(open_: OpenWindow) -> None:
    unowned = _button(open_, "1 room ends within 5 minutes and nobody looks after it")
    unowned.click()
    assert _shown(open_) == ["soon"]
    open_.window.lists.narrow("violations")
    assert _shown(open_) == ["late"]
    assert not unowned.isChecked()
    assert _button(open_, "1 room has a violation").isChecked()


async def test_a_room_that_leaves_its_stretch_leaves_the_table(open_: OpenWindow) -> None:
    open_.window.lists.narrow(Part("ends", bucket=1))
    open_.store.time.elapse(150_000)
    open_.window.table.second()
    assert open_.window.table.model.rowCount() == 0


async def test_rows_are_close_together_unless_somebody_chose(open_: OpenWindow) -> None:
    view, preferences = open_.window.table.view, open_.window.many_rooms._preferences
    assert view.verticalHeader().defaultSectionSize() == 24
    preferences.put(DENSITY, "roomy")
    assert view.verticalHeader().defaultSectionSize() == 40


async def test_it_can_be_put_away_and_goes_by_itself_when_there_are_few(open_: OpenWindow) -> None:
    many, preferences = open_.window.many_rooms, open_.window.many_rooms._preferences
    many.toggle()
    assert open_.window.overview.isHidden()
    assert preferences.get(SHOWN) == "never"
    many.toggle()
    assert preferences.get(SHOWN) == "automatic"
    open_.store.drop(*(RoomKey(SourceName("clinic"), RoomId(f"calm-{number:03}")) for number in range(100)))
    many.second()
    assert open_.window.overview.isHidden()
    assert open_.window.table.view.verticalHeader().defaultSectionSize() == 32
