from pytestqt.qtbot import QtBot

from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.elided_label import ElidedLabel

LONG = "a name that is much too long for the place it has"


def label(qtbot: QtBot, look: Look, width: int) -> ElidedLabel:
    made = ElidedLabel(look.font("body"))
    qtbot.addWidget(made)
    made.setText(LONG)
    made.resize(width, 20)
    return made


def test_what_is_shortened_is_whole_in_the_tooltip(qtbot: QtBot, look: Look) -> None:
    made = label(qtbot, look, 60)
    made.grab()
    assert made.toolTip() == plain_tip(LONG)
    made.resize(600, 20)
    made.grab()
    assert made.toolTip() == ""
    assert made.accessibleName() == LONG


def test_a_tip_of_its_own_stands_however_much_is_shown(qtbot: QtBot, look: Look) -> None:
    made = label(qtbot, look, 60)
    made.set_tip("all about it")
    for text, width in ((LONG, 60), (LONG, 600), ("short", 600)):
        made.setText(text)
        made.resize(width, 20)
        made.grab()
        assert made.toolTip() == plain_tip("all about it")
