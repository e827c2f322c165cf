"""What is seen of a row, read off the painted pixels."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.tables.columns import Column, text
from moderator.desktop.tables.rooms_delegate import RoomsDelegate
from moderator.desktop.tables.rooms_model import RoomsModel
from moderator.desktop.tables.rooms_view import RoomsView
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import LIGHT
from moderator.domain.rooms import Lock, Room, Source
from tests.fakes.desktop import NOW, FakeStore, a_person, a_room, a_store

THREE = [a_person(name) for name in "abc"]


def a_view(qtbot: QtBot, look: Look, store: FakeStore) -> RoomsView:
    view = RoomsView(RoomsModel(store), look, KeyBindings())
    qtbot.addWidget(view)
    view.resize(1000, 300)
    with qtbot.waitExposed(view):
        view.show()
    return view


def seen(view: RoomsView, column: Column, row: int = 0) -> QImage:
    """One cell, without the line below it."""
    area = view.visualRect(view.model().index(row, column)).adjusted(0, 0, 0, -1)
    return view.viewport().grab(area).toImage()


def share(image: QImage, color: str) -> float:
    """How much of it is of this colour, of 1."""
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return sum(image.pixelColor(x, y) == QColor(color) for x, y in points) / len(points)


@pytest.mark.parametrize(
    ("room", "color"),
    [
        (a_room(left_s=900), LIGHT.window),
        (a_room(left_s=290), LIGHT.warn),
        (a_room(left_s=50), LIGHT.critical),
        (a_room(left_s=-5), LIGHT.critical),
    ],
)
def test_the_edge_has_the_colour_of_the_level(qtbot: QtBot, look: Look, room: Room, color: str) -> None:
    view = a_view(qtbot, look, a_store(room))
    assert seen(view, Column.ROOM).pixelColor(1, 10).name().upper() == color


def test_the_edge_is_on_the_other_side_where_text_runs_from_right_to_left(qtbot: QtBot, look: Look) -> None:
    view = a_view(qtbot, look, a_store(a_room(left_s=50)))
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    cell = seen(view, Column.ROOM)
    assert cell.pixelColor(cell.width() - 2, 10).name().upper() == LIGHT.critical
    assert cell.pixelColor(1, 10).name().upper() == LIGHT.window


def test_time_that_is_up_is_a_filled_chip(qtbot: QtBot, look: Look) -> None:
    over = a_view(qtbot, look, a_store(a_room(left_s=-5)))
    soon = a_view(qtbot, look, a_store(a_room(left_s=5)))
    assert share(seen(over, Column.LEFT), LIGHT.critical) > 0.25
    assert share(seen(soon, Column.LEFT), LIGHT.critical) < 0.1


def test_too_many_people_are_critical(qtbot: QtBot, look: Look) -> None:
    view = a_view(qtbot, look, a_store(a_room("a", people=THREE), a_room("b")))
    assert share(seen(view, Column.PEOPLE, 0), LIGHT.critical) > 0
    assert share(seen(view, Column.PEOPLE, 1), LIGHT.critical) == 0


def test_a_stale_row_is_hatched(qtbot: QtBot, look: Look) -> None:
    store = a_store(a_room())
    view = a_view(qtbot, look, store)
    assert share(seen(view, Column.ROOM), LIGHT.line) == 0
    store.session.sources["clinic"] = Source(
        source="clinic",
        provider="vonage",
        state="failing",
        heard_at=NOW - 122_000,
        listed_at=None,
        clock_offset_ms=0,
        detail=None,
    )
    assert share(seen(view, Column.ROOM), LIGHT.line) > 0.05


def test_the_button_answers_the_pointer(qtbot: QtBot, look: Look) -> None:
    view = a_view(qtbot, look, a_store(a_room("a"), a_room("b", left_s=None)))
    assert share(seen(view, Column.EXTEND), LIGHT.hover) == 0
    for row in (1, 0):
        button = button_of(view, row)
        QTest.mouseMove(view.viewport(), button - QPoint(30, 0))
        QTest.mouseMove(view.viewport(), button)
    assert share(seen(view, Column.EXTEND, 0), LIGHT.hover) > 0.1
    assert share(seen(view, Column.EXTEND, 1), LIGHT.hover) == 0, "it cannot be extended"


def test_an_ended_room_has_no_button(qtbot: QtBot, look: Look) -> None:
    store = a_store(a_room("a"), a_room("b"))
    view = a_view(qtbot, look, store)
    view.hold_order()
    store.change(a_room("b", state="ended"))
    assert share(seen(view, Column.EXTEND, 0), LIGHT.window) < 1
    assert share(seen(view, Column.EXTEND, 1), LIGHT.window) == 1


def button_of(view: RoomsView, row: int) -> QPoint:
    """The middle of a row's button."""
    delegate, model = view.itemDelegate(), view.model()
    assert isinstance(delegate, RoomsDelegate)
    assert isinstance(model, RoomsModel)
    area = view.visualRect(model.index(row, Column.EXTEND))
    return delegate.button_rect(area, text(Column.EXTEND, model.glance(row)), view.layoutDirection()).center()


def test_a_locked_room_has_a_glyph_after_its_name(qtbot: QtBot, look: Look) -> None:
    room = a_room("ward-7", left_s=900)
    locked = replace(room, locked=Lock(by="m", at=NOW, people=()))
    pictures = []
    for shown in (room, locked, replace(room, name="w" * 200), replace(locked, name="w" * 200)):
        view = a_view(qtbot, look, a_store(shown))
        pictures.append(seen(view, Column.ROOM))
    assert pictures[0] != pictures[1]
    assert pictures[2] != pictures[3]
    glyph = pictures[3].copy(pictures[3].width() - 24, 0, 24, pictures[3].height())
    assert 0.5 < share(glyph, LIGHT.window) < 0.95
