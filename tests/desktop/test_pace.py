"""At once with few rooms; with many no more often than somebody can read."""

import time

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from moderator.desktop.pace import MANY, PACE_MS, Pace
from tests.fakes.desktop import a_room, a_store


class Paced(QObject):
    def __init__(self, rooms: int) -> None:
        super().__init__()
        self.done: list[float] = []
        store = a_store(*(a_room(f"room-{number}") for number in range(rooms)))
        self.pace = Pace(store, lambda: self.done.append(time.monotonic()), self)


def test_with_few_rooms_it_is_done_whenever_it_is_asked_for(qapp: QApplication) -> None:
    paced = Paced(3)
    paced.pace.ask()
    paced.pace.ask()
    assert len(paced.done) == 2


def test_with_many_it_is_done_in_a_turn_of_its_own_and_then_after_a_while(qtbot: QtBot) -> None:
    paced = Paced(MANY)
    paced.pace.ask()
    paced.pace.ask()
    assert paced.done == []
    qtbot.waitUntil(lambda: len(paced.done) == 1)
    paced.pace.ask()
    qtbot.waitUntil(lambda: len(paced.done) == 2)
    assert (paced.done[1] - paced.done[0]) * 1000 > PACE_MS - 5
