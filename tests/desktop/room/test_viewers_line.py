"""Who else looks at the room, and who has seen its warning, below its owner."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from moderator.desktop.room.viewers_line import ViewersLine
from moderator.desktop.theme.look import Look
from moderator.domain.rooms import Viewer
from moderator.domain.viewing import BELIEVED_MS
from tests.fakes.desktop import NOW, FakeStore, a_room, a_warning

WATCHED = replace(a_room(warnings=[a_warning(300, by="ana")]), viewers=(Viewer("max", "Max", NOW),))


@pytest.fixture
def line(qtbot: QtBot, store: FakeStore, look: Look) -> ViewersLine:
    line = ViewersLine(store, look)
    qtbot.addWidget(line)
    return line


def words(line: ViewersLine) -> list[str]:
    return [label.text() for label in line.findChildren(QLabel) if label.text() and not line.isHidden()]


def test_nobody_is_nothing(line: ViewersLine) -> None:
    line.show_room(a_room())
    assert words(line) == []


def test_who_looks_and_who_has_acknowledged(line: ViewersLine, store: FakeStore) -> None:
    line.show_room(WATCHED)
    assert words(line) == ["Max is looking at this room too.\nana has acknowledged the warning."]
    store.time.elapse(BELIEVED_MS)
    line.show_room(WATCHED)
    assert words(line) == ["ana has acknowledged the warning."]
