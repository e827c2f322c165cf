import re
from pathlib import Path

import shiboken6
from PySide6.QtGui import QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from moderator.desktop.theme.look import Look
from moderator.desktop.theme.stylesheet import stylesheet
from moderator.desktop.theme.tokens import DARK, LIGHT


def test_another_theme_is_told_once(qtbot: QtBot) -> None:
    look = Look(LIGHT)
    with qtbot.waitSignal(look.changed):
        look.set_theme(DARK)
    assert look.theme is DARK
    with qtbot.assertNotEmitted(look.changed):
        look.set_theme(DARK)


def test_a_colour_is_named_by_level_token_or_itself() -> None:
    look = Look(LIGHT)
    assert (look.color("normal"), look.color("muted"), look.color("#123456")) == (LIGHT.text, LIGHT.muted, "#123456")


def test_figures_are_of_one_width(qapp: QApplication) -> None:
    font = Look().font(13, "semibold")
    assert QFontInfo(font).family() == "Inter"
    assert QFontMetricsF(font).horizontalAdvance("11:11") == QFontMetricsF(font).horizontalAdvance("00:00")


def test_the_application_wears_the_theme_and_its_changes(qapp: QApplication) -> None:
    before = qapp.palette(), qapp.styleSheet(), qapp.font()
    look = Look(LIGHT)
    try:
        look.dress(qapp)
        look.set_theme(DARK)
        assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.window
        assert DARK.accent in qapp.styleSheet()
    finally:
        qapp.setPalette(before[0])
        qapp.setStyleSheet(before[1])
        qapp.setFont(before[2])


def test_the_stylesheet_has_no_colour_but_the_themes(qapp: QApplication) -> None:
    named = set(re.findall(r"#[0-9A-Fa-f]{3,8}", stylesheet(DARK, lambda name, color: Path(name))))
    assert named
    assert named <= {getattr(DARK, token) for token in DARK.__struct_fields__}


def test_a_look_that_goes_leaves_nothing_on_the_application(qapp: QApplication) -> None:
    look = Look(LIGHT)
    look.dress(qapp)
    look.undress()
    look.set_theme(DARK)
    assert qapp.styleSheet() == ""
    shiboken6.delete(look)
