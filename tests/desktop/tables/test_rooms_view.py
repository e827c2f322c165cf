"""Keys, clicks and what stays where it is, on a real table."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QPaintEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.tables.columns import Column, text
from moderator.desktop.tables.rooms_delegate import RoomsDelegate
from moderator.desktop.tables.rooms_fonts import ROW_PX
from moderator.desktop.tables.rooms_model import RoomsModel
from moderator.desktop.tables.rooms_view import RoomsView
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from tests.fakes.desktop import NOW, FakeStore, a_room, a_store, limits

ROOMS = [a_room(name, left_s=600 + number) for number, name in enumerate("abcde")]
A, B, C, *_ = [room.key for room in ROOMS]
LONG = 1_000_000


class Table:
    """A shown view with everything it tells."""

    def __init__(self, qtbot: QtBot, look: Look, store: FakeStore, hold_ms: int = LONG) -> None:
        self.qtbot, self.store = qtbot, store
        self.model = RoomsModel(store)
        self.view = RoomsView(self.model, look, KeyBindings(), hold_ms=hold_ms)
        self.wanted: list[tuple[Intent, ...]] = []
        self.selected: list[object] = []
        self.view.wanted.connect(self._note_wanted)
        self.view.selected.connect(self._note_selected)
        qtbot.addWidget(self.view)
        self.view.resize(1000, 400)
        with qtbot.waitExposed(self.view):
            self.view.show()

    def _note_wanted(self, intents: tuple[Intent, ...]) -> None:
        self.wanted.append(intents)

    def _note_selected(self, key: RoomKey | None) -> None:
        self.selected.append(key)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def button(self, row: int) -> QPoint:
        """The middle of the row's button."""
        delegate = self.view.itemDelegate()
        assert isinstance(delegate, RoomsDelegate)
        area = self.view.visualRect(self.model.index(row, Column.EXTEND))
        label = text(Column.EXTEND, self.model.glance(row))
        return delegate.button_rect(area, label, self.view.layoutDirection()).center()

    def click(self, where: QPoint) -> None:
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)

    def names(self) -> list[str]:
        return [self.model.room_at(row).name for row in range(self.model.rowCount())]


Make = Callable[..., Table]


@pytest.fixture
def make(qtbot: QtBot, look: Look) -> Make:
    return lambda *rooms, **options: Table(qtbot, look, a_store(*(rooms or ROOMS)), **options)


def extended(room: Room, left_s: int) -> Room:
    assert room.deadline is not None
    return replace(room, deadline=replace(room.deadline, ends_at=NOW + left_s * 1000))


@pytest.mark.parametrize(
    ("key", "modifier", "action"),
    [
        (Qt.Key.Key_E, Qt.KeyboardModifier.NoModifier, "extend"),
        (Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier, "extend_custom"),
        (Qt.Key.Key_D, Qt.KeyboardModifier.NoModifier, "disconnect"),
        (Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "acknowledge"),
        (Qt.Key.Key_C, Qt.KeyboardModifier.NoModifier, "claim"),
        (Qt.Key.Key_M, Qt.KeyboardModifier.NoModifier, "message"),
    ],
)
def test_a_letter_is_a_wish_for_the_selected_room(
    make: Make, key: Qt.Key, modifier: Qt.KeyboardModifier, action: ActionName
) -> None:
    table = make()
    assert table.view.select_room(B)
    table.press(key, modifier)
    assert table.wanted == [(Intent(action=action, room=B),)]


def test_a_letter_without_a_selection_is_a_wish_for_no_room(make: Make) -> None:
    """So that somebody can be told; a key that does nothing leaves people wondering."""
    table = make()
    table.press(Qt.Key.Key_D)
    assert table.wanted == [()]


def test_several_rooms_are_one_wish_top_first(make: Make) -> None:
    table = make()
    table.view.select_room(A)
    table.press(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    table.press(Qt.Key.Key_E)
    assert table.wanted == [(Intent(action="extend", room=A), Intent(action="extend", room=B))]


def test_the_wish_is_for_the_room_not_the_row(make: Make) -> None:
    table = make()
    table.view.select_room(A)
    table.store.change(extended(ROOMS[0], 9_000))
    assert table.names() == ["b", "c", "d", "e", "a"]
    table.press(Qt.Key.Key_E)
    assert table.wanted == [(Intent(action="extend", room=A),)]


def test_when_the_selected_room_is_gone_no_other_takes_its_place(make: Make) -> None:
    table = make()
    table.view.select_room(B)
    table.store.drop(B)
    table.press(Qt.Key.Key_D)
    assert (table.wanted, table.selected) == ([()], [B, None])


def test_the_button_extends_its_room_and_selects_nothing(make: Make) -> None:
    table = make()
    table.click(table.button(2))
    assert (table.wanted, table.selected) == ([(Intent(action="extend", room=C),)], [])
    table.click(table.view.visualRect(table.model.index(2, Column.ROOM)).center())
    assert (len(table.wanted), table.selected) == (1, [C])


def test_a_press_that_ends_elsewhere_is_taken_back(make: Make) -> None:
    table = make()
    viewport = table.view.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, table.button(2))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, table.button(3))
    assert table.wanted == []


@pytest.mark.parametrize("room", [a_room(left_s=None), a_room(allowance_ms=0), a_room(rules=limits(step_ms=0))])
def test_the_button_does_nothing_where_extending_is_not_possible(make: Make, room: Room) -> None:
    table = make(room)
    table.click(table.button(0))
    assert table.wanted == []


def test_enter_goes_to_the_details(make: Make) -> None:
    table = make()
    table.view.select_room(A)
    with table.qtbot.waitSignal(table.view.detail_wanted):
        table.press(Qt.Key.Key_Return)


def test_arrows_and_ends_select_rows(make: Make) -> None:
    table = make()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Down):
        table.press(key)
    assert table.selected == [ROOMS[-1].key, A, B]


def test_the_order_is_held_by_a_key_and_let_go_by_r(make: Make) -> None:
    table = make()
    table.press(Qt.Key.Key_Down)
    table.store.change(extended(ROOMS[0], 9_000))
    assert (table.names(), table.model.moved) == (list("abcde"), 1)
    table.press(Qt.Key.Key_R)
    assert (table.names(), table.model.moved) == (list("bcdea"), 0)
    assert table.view.selected_rooms() == [A]


def test_the_order_is_held_by_the_pointer_and_let_go_after_a_while(make: Make) -> None:
    table = make(hold_ms=50)
    QTest.mouseMove(table.view.viewport(), QPoint(50, 50))
    QTest.mouseMove(table.view.viewport(), QPoint(60, 50))
    table.store.change(extended(ROOMS[0], 9_000))
    assert table.names() == list("abcde")
    table.qtbot.waitUntil(lambda: table.names() == list("bcdea"))


def test_a_narrow_table_keeps_what_matters(make: Make) -> None:
    table = make()
    table.view.resize(620, 300)
    hidden = {column for column in Column if table.view.isColumnHidden(column)}
    assert hidden == {Column.SOURCE, Column.OWNER, Column.ENDS, Column.PEOPLE}
    table.view.resize(1000, 300)
    assert not any(table.view.isColumnHidden(column) for column in Column)


def test_rows_have_three_heights(make: Make) -> None:
    table = make()
    for density, height in ROW_PX.items():
        table.view.set_density(density)
        assert table.view.rowHeight(0) == height


class Paints(QObject):
    """The areas that a widget is asked to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.areas: list[QRect] = []

    def eventFilter(  # noqa: N802  # Qt's name
        self, watched: QObject, event: QEvent
    ) -> bool:
        if isinstance(event, QPaintEvent):
            self.areas.append(event.region().boundingRect())
        return False


def test_a_tick_paints_the_countdown_and_nothing_else(make: Make) -> None:
    table, paints = make(), Paints()
    view = table.view
    view.tick()
    table.qtbot.wait(50)  # everything that was to be painted is
    view.viewport().installEventFilter(paints)
    table.store.time.elapse(1000)
    view.tick()
    table.qtbot.waitUntil(lambda: bool(paints.areas))
    left, width = view.columnViewportPosition(Column.LEFT), view.columnWidth(Column.LEFT)
    rows_px = view.rowHeight(0) * table.model.rowCount()
    assert paints.areas == [QRect(left, 0, width, rows_px)]


def test_a_tick_paints_nothing_that_reads_as_before(make: Make) -> None:
    table, paints = make(), Paints()
    table.view.tick()
    table.qtbot.wait(50)
    table.view.viewport().installEventFilter(paints)
    table.view.tick()
    table.qtbot.wait(50)
    assert paints.areas == []


def test_coming_by_tab_selects_the_row_with_the_frame(make: Make) -> None:
    table = make()
    table.view.clearFocus()
    table.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert table.view.selected_rooms() == [A]


def test_down_begins_where_the_frame_is(make: Make) -> None:
    table = make()
    table.view.setFocus()
    table.press(Qt.Key.Key_Down)
    table.press(Qt.Key.Key_Down)
    assert table.selected == [A, B]


def test_another_theme_paints_other_colours(make: Make, look: Look) -> None:
    table = make()
    light = table.view.grab().toImage().pixelColor(200, 300)
    look.set_theme(DARK)
    assert table.view.grab().toImage().pixelColor(200, 300) != light


def test_a_screen_reader_hears_the_row(make: Make) -> None:
    table = make(a_room("cardio-14", left_s=252))
    found = QAccessible.queryAccessibleInterface(table.view)
    assert found.text(QAccessible.Text.Name) == "Rooms"
    cells = [found.child(number) for number in range(found.childCount())]
    spoken = [cell.text(QAccessible.Text.Name) for cell in cells if cell.role() == QAccessible.Role.Cell]
    assert "Room cardio-14, 4 minutes 12 seconds left, warning, 2 of 2 people" in spoken


def test_the_frame_goes_with_the_room_that_is_selected(qtbot: QtBot, look: Look) -> None:
    """Seen in the window: the frame stayed where the room had been, around another one."""
    store = a_store(*ROOMS)
    table = Table(qtbot, look, store, hold_ms=0)
    table.view.activateWindow()
    table.view.setFocus()
    qtbot.waitUntil(table.view.hasFocus)
    table.view.select_room(A)
    delegate = table.view.itemDelegate()
    assert isinstance(delegate, RoomsDelegate)
    store.change(a_room("new", left_s=10))
    assert delegate.current_row == table.model.row_of(A) == 1
    store.change(a_room("e", left_s=20))
    assert delegate.current_row == table.model.row_of(A) == 2


def test_without_a_selected_room_no_row_has_the_frame(qtbot: QtBot, look: Look) -> None:
    """No key means a room then."""
    store = a_store(*ROOMS)
    table = Table(qtbot, look, store, hold_ms=0)
    table.view.activateWindow()
    table.view.setFocus()
    qtbot.waitUntil(table.view.hasFocus)
    table.view.select_room(B)
    delegate = table.view.itemDelegate()
    assert isinstance(delegate, RoomsDelegate)
    store.drop(B)
    assert (table.view.selected_rooms(), delegate.current_row) == ([], -1)
