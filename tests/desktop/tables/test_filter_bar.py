from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.tables.filter_bar import UPCOMING, FilterBar
from moderator.desktop.theme.look import Look


def chip(bar: FilterBar, name: str) -> QPushButton:
    """The chip that a screen reader calls this."""
    return next(one for one in bar.findChildren(QPushButton) if one.accessibleName() == name)


def test_chips_tell_their_counts_and_which_is_chosen(qtbot: QtBot, look: Look) -> None:
    bar = FilterBar(look, KeyBindings())
    qtbot.addWidget(bar)
    bar.show_counts({"all": 214, "needs_me": 3})
    assert chip(bar, "All, 214 rooms").isChecked()
    with qtbot.waitSignal(bar.chosen) as told:
        QTest.mouseClick(chip(bar, "Needs me, 3 rooms"), Qt.MouseButton.LeftButton)
    assert told.args == ["needs_me"]
    assert not chip(bar, "All, 214 rooms").isChecked()


def test_a_filter_can_be_shown_as_chosen_without_being_told_of(qtbot: QtBot, look: Look) -> None:
    bar = FilterBar(look, KeyBindings())
    qtbot.addWidget(bar)
    with qtbot.assertNotEmitted(bar.chosen):
        bar.choose("stale")
    assert chip(bar, "Stale, 0 rooms").isChecked()


def test_a_greater_count_makes_a_wider_chip(qtbot: QtBot, look: Look) -> None:
    bar = FilterBar(look, KeyBindings())
    qtbot.addWidget(bar)
    before = chip(bar, "All, 0 rooms").sizeHint().width()
    bar.show_counts({"all": 10_000})
    assert chip(bar, "All, 10000 rooms").sizeHint().width() > before


def test_what_is_announced_has_a_chip_of_its_own(qtbot: QtBot, look: Look) -> None:
    bar = FilterBar(look, KeyBindings())
    qtbot.addWidget(bar)
    bar.show_upcoming(3, 0)
    with qtbot.waitSignal(bar.chosen) as told:
        QTest.mouseClick(chip(bar, "Upcoming, 3 appointments"), Qt.MouseButton.LeftButton)
    assert told.args == [UPCOMING]
    bar.show_upcoming(3, 2)
    assert chip(bar, "Upcoming, 3 appointments. Somebody is missing from 2").isChecked()
