from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK
from moderator.desktop.window.strip import Strip


def test_it_is_hidden_until_there_is_something_to_say(qtbot: QtBot, look: Look) -> None:
    strip = Strip(look)
    qtbot.addWidget(strip)
    assert (strip.isVisible(), strip.text) == (False, "")
    strip.say("The picture is <b>old</b>.", icon="info", level="stale", button="Try now")
    assert (strip.isVisible(), strip.text) == (True, "The picture is <b>old</b>.")
    button = strip.findChild(QPushButton)
    assert button is not None
    assert (button.isVisible(), button.text()) == (True, "Try now")
    with qtbot.waitSignal(strip.pressed):
        button.click()
    strip.say("All is well.", icon="info")
    assert not button.isVisible()
    look.set_theme(DARK)
    strip.hide()
    assert strip.text == ""
