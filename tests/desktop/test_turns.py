from PySide6.QtCore import QObject, Qt, Signal
from pytestqt.qtbot import QtBot

from moderator.desktop.turns import Turns


class Window(QObject):
    """What is posted to it is handled between two turns."""

    posted = Signal()


def test_between_two_pieces_of_work_the_window_gets_what_was_posted(qtbot: QtBot) -> None:
    window, done = Window(), list[str]()
    window.posted.connect(lambda: done.append("paint"), Qt.ConnectionType.QueuedConnection)
    turns = Turns(window)

    def first() -> None:
        done.append("first")
        turns.ask(lambda: done.append("third"))
        window.posted.emit()

    turns.ask(first)
    turns.ask(lambda: done.append("second"))
    assert done == [], "not within the turn that asks"
    qtbot.waitUntil(lambda: len(done) == 4)
    assert done == ["first", "paint", "second", "third"]
