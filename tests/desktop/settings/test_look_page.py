from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from moderator.desktop.preferences import Preferences
from moderator.desktop.settings.look_page import LookPage
from moderator.desktop.tables.rooms_fonts import DENSITY
from moderator.desktop.theme.choosing import THEME, THEMES


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


@pytest.fixture
def boxes(qtbot: QtBot, preferences: Preferences) -> list[QComboBox]:
    page = LookPage(preferences)
    qtbot.addWidget(page)
    return page.findChildren(QComboBox)


def test_a_choice_counts_at_once(boxes: list[QComboBox], preferences: Preferences) -> None:
    theme, density, _ = boxes
    theme.activated.emit(theme.currentIndex())
    assert preferences.get(THEME) == "system"
    theme.setCurrentText("Dark, high contrast")
    theme.activated.emit(theme.currentIndex())
    density.setCurrentText("Close together")
    density.activated.emit(density.currentIndex())
    assert (preferences.get(THEME), preferences.get(DENSITY)) == ("dark_contrast", "compact")


def test_what_is_chosen_elsewhere_is_shown(boxes: list[QComboBox], preferences: Preferences) -> None:
    preferences.put(DENSITY, "roomy")
    assert boxes[1].currentText() == "Far apart"
    preferences.put(DENSITY, "of another program")
    assert boxes[1].currentText() == "Normal"


def test_every_theme_can_be_chosen(boxes: list[QComboBox]) -> None:
    offered = {boxes[0].itemData(at) for at in range(boxes[0].count())}
    assert offered == {"system", *THEMES}


def test_a_page_that_was_closed_shows_nothing_any_more(qtbot: QtBot, preferences: Preferences) -> None:
    page = LookPage(preferences)
    shiboken6.delete(page)
    preferences.put(DENSITY, "roomy")
    preferences.put(THEME, "dark")
    assert preferences.get(DENSITY) == "roomy"
