import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from moderator.desktop.room.columns import Columns, Part
from moderator.desktop.theme.look import Look

NAMES = ("Room", "People", "Timeline")


class Shown:
    """Three parts at some width."""

    def __init__(self, qtbot: QtBot, width: int) -> None:
        self.contents = {name: QLabel(name) for name in NAMES}
        parts = [Part(name, self.contents[name], int(name != "Room")) for name in NAMES]
        self.columns = Columns(parts)
        qtbot.addWidget(self.columns)
        self.columns.resize(width, 300)
        self.columns.show()

    @property
    def seen(self) -> list[str]:
        return [name for name, content in self.contents.items() if content.isVisible()]

    @property
    def tabs(self) -> dict[str, bool]:
        """Those that are there, and whether each is the one that is shown."""
        return {one.text(): one.isChecked() for one in self.columns.findChildren(QPushButton) if one.isVisible()}


@pytest.mark.parametrize(
    ("width", "seen", "tabs"),
    [
        (1068, ["Room", "People", "Timeline"], {}),
        (900, ["Room", "People", "Timeline"], {}),
        (899, ["Room", "People"], {"People": True, "Timeline": False}),
        (640, ["Room", "People"], {"People": True, "Timeline": False}),
        (420, ["People"], {"Room": False, "People": True, "Timeline": False}),
    ],
)
def test_as_many_parts_as_there_is_room_for(
    qtbot: QtBot, look: Look, width: int, seen: list[str], tabs: dict[str, bool]
) -> None:
    shown = Shown(qtbot, width)
    assert (shown.seen, shown.tabs) == (seen, tabs)


def test_nothing_overlaps_however_narrow(qtbot: QtBot, look: Look) -> None:
    for width in (320, 640, 800, 1068):
        shown = Shown(qtbot, width)
        QApplication.sendPostedEvents(shown.columns, QEvent.Type.LayoutRequest)
        areas = [shown.contents[name].parentWidget().geometry() for name in shown.seen]  # type: ignore[union-attr]
        assert all(not one.intersects(other) for one in areas for other in areas if one is not other)
        assert all(area.right() < width for area in areas)


def test_a_tab_shows_its_part_and_stays_chosen_while_the_window_is_narrow(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, 640)
    next(one for one in shown.columns.findChildren(QPushButton) if one.text() == "Timeline").click()
    assert shown.seen == ["Room", "Timeline"]
    shown.columns.resize(420, 300)
    assert shown.seen == ["Timeline"]
    shown.columns.resize(1068, 300)
    assert shown.seen == list(NAMES)


def test_what_is_asked_for_comes_to_sight(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, 420)
    shown.columns.show_part(2)
    assert shown.seen == ["Timeline"]
    shown.columns.resize(1068, 300)
    shown.columns.show_part(1)
    assert shown.seen == list(NAMES)


def test_it_can_always_get_narrower(qtbot: QtBot, look: Look) -> None:
    assert Shown(qtbot, 1068).columns.minimumSizeHint().width() < 320
