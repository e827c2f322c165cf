"""The wallboard's window: nothing on it acts, and two keys leave it."""

from collections.abc import Iterator
from gettext import NullTranslations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from moderator import language
from moderator.client.link import Link
from moderator.desktop.languages import catalogue
from moderator.desktop.theme.look import Look
from moderator.desktop.wallboard.wallboard import Wallboard, fitting_px
from tests.fakes.desktop import FakeStore, a_room, a_store, a_violation

INSIDE = (150, 500)
"""On a tile, beside its words."""
HEADLINE_ENDS = 124
"""The foot of the headline's line."""
ROOMS = [a_room("Mrs Miller 7", left_s=100), a_room("calm", left_s=3000)]


@pytest.fixture
def store() -> FakeStore:
    return a_store(*ROOMS)


@pytest.fixture
def board(store: FakeStore, look: Look, qtbot: QtBot) -> Iterator[Wallboard]:
    window = QWidget()
    qtbot.addWidget(window)
    made = Wallboard(store, look, window)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.resize(1920, 1080)
    made.show()
    yield made
    made.close()


def test_where_nobody_is_let_in_it_shows_no_rooms(board: Wallboard, store: FakeStore) -> None:
    board.hide_help()
    shown = board.grab().toImage()
    store.link_changed(Link("signed_out", "your session has ended: sign in"))
    with_rooms, bare = shown.pixelColor(*INSIDE), board.grab().toImage().pixelColor(*INSIDE)
    assert with_rooms != bare == board.grab().toImage().pixelColor(2, board.height() - 2)


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F11])
def test_two_keys_leave_it(board: Wallboard, qtbot: QtBot, key: Qt.Key) -> None:
    with qtbot.waitSignal(board.left, timeout=2000):
        QTest.keyClick(board, key)
    assert not board.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_E, Qt.Key.Key_D, Qt.Key.Key_A, Qt.Key.Key_Return, Qt.Key.Key_Delete])
def test_no_other_key_does_anything_but_tell_of_those(board: Wallboard, key: Qt.Key) -> None:
    QTest.keyClick(board, key)
    QTest.mouseClick(board, Qt.MouseButton.LeftButton, pos=QPoint(200, 500))
    assert board.isVisible()
    assert board.state_line() == "Esc or F11 leaves"


def test_it_says_when_it_was_updated_once_the_help_is_gone(board: Wallboard, store: FakeStore) -> None:
    board.hide_help()
    assert board.state_line().startswith("Connecting · updated ") or board.state_line().startswith("Live · updated ")


def test_what_is_worst_is_its_name_for_screen_readers(board: Wallboard, store: FakeStore) -> None:
    board.grab()
    assert board.accessibleName() == "1 room ends within 5 minutes"
    store.time.elapse(22_000)
    board.grab()
    assert board.accessibleName() == "Old picture: nothing heard for 22 s"


@pytest.mark.parametrize(
    ("text", "least_px", "most_px"), [("All calm", 72, 72), ("Somebody is not allowed " * 3, 30, 60)]
)
def test_a_long_headline_is_written_smaller(look: Look, text: str, least_px: int, most_px: int) -> None:
    px = fitting_px(look, text, 72, "semibold", 1500)
    assert least_px <= px <= most_px
    assert QFontMetrics(look.font(px, "semibold")).horizontalAdvance(text) <= 1510


def test_the_longest_headline_has_place_beside_the_time(look: Look) -> None:
    assert fitting_px(look, "Somebody is not allowed in 99 rooms", 72, "semibold", 1500) == 72


def test_an_old_picture_looks_different_all_around(board: Wallboard, store: FakeStore, look: Look) -> None:
    fresh = board.grab().toImage().pixelColor(2, 500).name()
    store.time.elapse(22_000)
    old = board.grab().toImage().pixelColor(2, 500).name()
    assert fresh.upper() == look.theme.window
    assert old.upper() == look.theme.stale


def test_other_rooms_are_shown_within_a_second(board: Wallboard, store: FakeStore, qtbot: QtBot) -> None:
    store.show(a_room("other", left_s=-9))
    board.grab()
    assert board.accessibleName() == "Time is up in 1 room"


def test_letters_below_the_line_are_whole(board: Wallboard, store: FakeStore) -> None:
    """Without the dots under its last letter a word is another."""
    language.use(catalogue("ar"))
    try:
        board.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        store.change(a_room("elsewhere", violations=[a_violation("guest")]))
        shown = board.grab().toImage()
    finally:
        language.use(NullTranslations())
    below = [shown.pixelColor(x, y) for y in range(HEADLINE_ENDS, HEADLINE_ENDS + 8) for x in range(500, 1800)]
    assert any(color.red() - color.green() > 60 for color in below)
