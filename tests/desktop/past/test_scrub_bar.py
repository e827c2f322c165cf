import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from moderator.client.texts import clock_time
from moderator.desktop.past.scrub_bar import SCALE, ScrubBar
from moderator.desktop.theme.look import Look

BEGIN = 1_700_000_000_000
MOMENTS = (BEGIN, BEGIN + 10_000, BEGIN + 60_000)


class Bar:
    """An hour's slider, and where it wanted to go."""

    def __init__(
        self, qtbot: QtBot, look: Look, direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight
    ) -> None:
        self.bar = ScrubBar(look)
        self.bar.setLayoutDirection(direction)
        qtbot.addWidget(self.bar)
        self.bar.resize(320, 24)
        self.bar.show()
        self.bar.show_range(BEGIN, BEGIN + 3_600_000, MOMENTS)
        self.wanted: list[int | None] = []
        self.bar.moment_wanted.connect(self._want)

    def _want(self, at: int | None) -> None:
        self.wanted.append(at)
        self.bar.show_moment(at)


def test_keys_go_from_event_to_event(qtbot: QtBot, look: Look) -> None:
    shown = Bar(qtbot, look)
    keys = (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp)
    for key in keys:
        QTest.keyClick(shown.bar, key)
    assert shown.wanted == [BEGIN + 60_000, BEGIN + 10_000, BEGIN + 60_000, BEGIN, None, BEGIN]


def test_mirrored_the_keys_go_where_they_point(qtbot: QtBot, look: Look) -> None:
    shown = Bar(qtbot, look, Qt.LayoutDirection.RightToLeft)
    QTest.keyClick(shown.bar, Qt.Key.Key_Right)
    QTest.keyClick(shown.bar, Qt.Key.Key_Left)
    assert shown.wanted == [BEGIN + 60_000, None]


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_click_shows_that_moment_and_dragging_goes_on(
    qtbot: QtBot, look: Look, direction: Qt.LayoutDirection
) -> None:
    shown = Bar(qtbot, look, direction)
    mirrored = direction == Qt.LayoutDirection.RightToLeft
    QTest.mousePress(shown.bar, Qt.MouseButton.LeftButton, pos=QPoint(160, 12))
    QTest.mouseMove(shown.bar, QPoint(80, 12))
    end = QPoint(0 if mirrored else 319, 12)
    QTest.mouseMove(shown.bar, end)
    QTest.mouseRelease(shown.bar, Qt.MouseButton.LeftButton, pos=end)
    half, quarter, live = shown.wanted
    assert half is not None
    assert quarter is not None
    assert live is None
    assert abs(half - BEGIN - 1_800_000) < 90_000
    assert abs(quarter - BEGIN - (2_700_000 if mirrored else 900_000)) < 90_000


def test_time_that_goes_on_moves_the_end_and_not_what_is_looked_at(qtbot: QtBot, look: Look) -> None:
    shown = Bar(qtbot, look)
    assert shown.bar.value() == SCALE
    shown.bar.show_range(BEGIN, BEGIN + 3_601_000, MOMENTS)
    assert shown.bar.value() == SCALE
    shown.bar.show_moment(BEGIN + 900_000)
    shown.bar.show_range(BEGIN, BEGIN + 7_200_000, MOMENTS)
    assert (shown.bar.value(), shown.wanted) == (SCALE // 8, [])


def test_a_screen_reader_is_told_what_it_is(qtbot: QtBot, look: Look) -> None:
    shown = Bar(qtbot, look)
    interface = QAccessible.queryAccessibleInterface(shown.bar)
    assert interface.role() == QAccessible.Role.Slider
    assert interface.text(QAccessible.Text.Name) == "Moment that is shown"
    assert interface.text(QAccessible.Text.Description) == "now"
    shown.bar.show_moment(BEGIN)
    assert interface.text(QAccessible.Text.Description) == clock_time(BEGIN)


def test_where_something_happened_there_is_a_tick(qtbot: QtBot, look: Look) -> None:
    shown = Bar(qtbot, look)
    without = ScrubBar(look)
    qtbot.addWidget(without)
    without.resize(320, 24)
    without.show_range(BEGIN, BEGIN + 3_600_000, ())
    assert shown.bar.grab().toImage() != without.grab().toImage()
