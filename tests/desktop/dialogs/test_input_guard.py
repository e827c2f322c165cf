from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from moderator.desktop.dialogs.input_guard import InputGuard
from tests.fakes.desktop import FakeTime


class Guarded:
    """A window with a field, guarded."""

    def __init__(self, qtbot: QtBot) -> None:
        self.time = FakeTime()
        self.window = QWidget()
        self.field = QLineEdit(self.window)
        self.guard = InputGuard(self.window, self.time.monotonic)
        qtbot.addWidget(self.window)

    def press(self, letter: str, *, repeat: bool = False) -> str:
        """The field's text after it."""
        key = Qt.Key(ord(letter.upper()))
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, letter, repeat)
        QApplication.sendEvent(self.field, event)
        return self.field.text()


def test_nothing_passes_before_the_window_was_shown_and_300_ms_after(qtbot: QtBot) -> None:
    guarded = Guarded(qtbot)
    guarded.guard.shown()
    guarded.time.elapse(299)
    assert guarded.press("m") == ""
    guarded.time.elapse(1)
    assert guarded.press("m") == "m"


def test_a_key_that_went_down_before_does_not_type(qtbot: QtBot) -> None:
    """M opens the message's dialog; held a little long it would write into it."""
    guarded = Guarded(qtbot)
    guarded.guard.shown()
    guarded.time.elapse(1_000)
    assert guarded.press("m", repeat=True) == ""


def test_a_key_that_is_held_while_typing_repeats(qtbot: QtBot) -> None:
    guarded = Guarded(qtbot)
    guarded.guard.shown()
    guarded.time.elapse(1_000)
    guarded.press("m")
    assert guarded.press("m", repeat=True) == "mm"


def test_shown_again_is_deaf_again(qtbot: QtBot) -> None:
    guarded = Guarded(qtbot)
    guarded.guard.shown()
    guarded.time.elapse(1_000)
    guarded.guard.shown()
    assert guarded.press("m") == ""
