"""Rooms or what is announced: how one gets from one to the other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from moderator.desktop.room.big_time import BigTime
from moderator.desktop.tables.filter_bar import UPCOMING, Chip
from moderator.desktop.theme.look import Look
from moderator.domain.rooms import Person
from tests.fakes.desktop import a_store, an_appointment
from tests.fakes.window import CALM, NEXT, OpenWindow, has_focus, opened

Key = Qt.Key


@pytest.fixture
async def open_(look: Look, tmp_path: Path) -> AsyncIterator[OpenWindow]:
    """Two rooms and an appointment."""
    store = a_store(CALM, NEXT)
    store.announce(an_appointment("appt-18", 1_800, "bill"))
    async with opened(store, look, tmp_path) as window:
        yield window


def chosen(open_: OpenWindow) -> str:
    return next(one.accessibleName() for one in open_.window.filter_bar.findChildren(Chip) if one.isChecked())


async def test_a_key_leads_there_and_back(open_: OpenWindow) -> None:
    window = open_.window
    open_.hands.press(Key.Key_F8)
    assert window.upcoming.isVisible()
    assert has_focus(window.upcoming)
    assert chosen(open_) == "Upcoming, 1 appointment"
    open_.hands.press(Key.Key_F8)
    assert has_focus(window.table)
    assert chosen(open_) == "All, 2 rooms"


async def test_escape_leads_back_to_the_filter_that_was(open_: OpenWindow) -> None:
    open_.window.filter_bar.chosen.emit("violations")
    open_.hands.press(Key.Key_F8)
    open_.hands.press(Key.Key_Escape)
    assert chosen(open_) == "Violations, 0 rooms"
    assert open_.window.table.model.filter.name == "violations"
    assert has_focus(open_.window.table)


async def test_the_chip_shows_it_and_f6_goes_there(open_: OpenWindow) -> None:
    window = open_.window
    window.filter_bar.chosen.emit(UPCOMING)
    window.top_bar.search.setFocus()
    open_.hands.press(Key.Key_F6)
    assert has_focus(window.upcoming)


async def test_a_room_that_is_to_be_seen_brings_the_rooms_back(open_: OpenWindow) -> None:
    open_.hands.press(Key.Key_F8)
    open_.window.show_room(CALM.key)
    assert open_.window.table.isVisible()
    assert open_.selected == ["calm"]


async def test_what_is_typed_looks_through_both(open_: OpenWindow) -> None:
    open_.hands.press(Key.Key_F8)
    open_.window.top_bar.search.setText("nothing like it")
    assert open_.window.upcoming.model.rowCount() == open_.window.table.model.rowCount() == 0
    open_.window.top_bar.search.clear()
    assert open_.window.upcoming.model.rowCount() == 1


async def test_the_menu_tells_who_is_on_duty(open_: OpenWindow) -> None:
    menu: QMenu = open_.window.top_bar.menu
    open_.store.put_on_duty(Person("otto", "Otto & Co"))
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "On duty: Otto && Co"


async def test_the_pane_shows_the_room_of_what_is_selected_in_the_list_that_is_shown(open_: OpenWindow) -> None:
    window = open_.window
    shown: list[object] = []
    window.lists.selected.connect(shown.append)
    open_.hands.press(Key.Key_F8)
    assert shown[-1:] == [None], "nothing is announced, so no room of the table is meant"
    assert not [one for one in window.pane.findChildren(BigTime) if one.isVisible()]
    open_.hands.press(Key.Key_F8)
    assert shown[-1] == window.table.view.selected_rooms()[0]
    assert [one for one in window.pane.findChildren(BigTime) if one.isVisible()]
