"""A warning that is only a test."""

import asyncio

from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.alerts.rehearsal import KEPT_MS, Rehearsal
from moderator.desktop.alerts.rehearsal_words import Outcome
from moderator.desktop.alerts.warning_watch import Notification
from moderator.tasks import TaskScope
from tests.fakes.desktop import FakeStore, a_room
from tests.fakes.window import until


class SomeWays:
    """Ways that work as the test says."""

    panel_is_seen = True

    def __init__(self, notified: Outcome = "works", sounded: Outcome = "works") -> None:
        self.outcomes = notified, sounded
        self.notified: list[Notification] = []
        self.answer = asyncio.Event()

    async def notify(self, notification: Notification) -> Outcome:
        self.notified.append(notification)
        await self.answer.wait()
        return self.outcomes[0]

    async def sound(self) -> Outcome:
        return self.outcomes[1]


def kinds(board: AlertBoard) -> list[str]:
    return [one.kind for one in board.alerts]


async def test_it_says_which_way_works(store: FakeStore) -> None:
    board, ways = AlertBoard(store), SomeWays(sounded="fails")
    rehearsal = Rehearsal(board, ways, store.now_ms)
    said: list[str] = []
    board.changed.connect(lambda: said.append(board.alerts[0].text))
    playing = asyncio.get_running_loop().create_task(rehearsal.play())
    await asyncio.sleep(0)
    (alert,) = board.needs
    assert (alert.kind, alert.title) == ("test", "Test: no room is meant")
    ways.answer.set()
    await playing
    assert said[0] == "In the window: you see it.\nNotification: asking the system\u2026\nSound: playing\u2026"
    assert said[-1] == rehearsal.findings
    assert rehearsal.findings.splitlines() == [
        "In the window: you see it.",
        "Notification: the system has taken it.",
        "Sound: no audio device works here.",
    ]
    assert ways.notified[0].alerts == {alert.id}, "it goes with the card"


async def test_it_goes_by_itself_and_can_be_dismissed(store: FakeStore) -> None:
    board, ways = AlertBoard(store), SomeWays()
    ways.answer.set()
    rehearsal = Rehearsal(board, ways, store.now_ms)
    await rehearsal.play()
    board.dismiss(board.alerts[0])
    assert kinds(board) == []
    store.time.elapse(1)
    await rehearsal.play()
    store.show(a_room())
    assert kinds(board) == ["test"], "no picture of the rooms takes it away"
    store.time.elapse(KEPT_MS)
    rehearsal.tick()
    assert kinds(board) == ["test"]
    store.time.elapse(1)
    rehearsal.tick()
    assert kinds(board) == []


async def test_alerts_that_nobody_sees_are_said_too(store: FakeStore) -> None:
    ways = SomeWays("fails", "off")
    ways.panel_is_seen = False
    ways.answer.set()
    rehearsal = Rehearsal(AlertBoard(store), ways, store.now_ms)
    assert rehearsal.findings == ""
    await rehearsal.play()
    assert rehearsal.findings.splitlines() == [
        "In the window: the alerts are closed.",
        "Notification: no service here shows any.",
        "Sound: the volume is 0.",
    ]


async def test_an_answer_that_comes_too_late_brings_nothing_back(store: FakeStore) -> None:
    board, ways = AlertBoard(store), SomeWays()
    rehearsal = Rehearsal(board, ways, store.now_ms)
    async with TaskScope() as tasks:
        playing = tasks.start("test", rehearsal.play())
        await until(lambda: kinds(board))
        store.time.elapse(KEPT_MS + 1)
        rehearsal.tick()
        ways.answer.set()
        await playing
    assert kinds(board) == []


async def test_one_at_a_time(store: FakeStore) -> None:
    board, ways = AlertBoard(store), SomeWays()
    rehearsal = Rehearsal(board, ways, store.now_ms)
    async with TaskScope() as tasks:
        first = tasks.start("test", rehearsal.play())
        await until(lambda: ways.notified)
        store.time.elapse(1)
        async with asyncio.timeout(5):  # it does not wait for the first
            await rehearsal.play()
        assert len(ways.notified) == 1
        ways.answer.set()
        await first
        await rehearsal.play()
    assert len(ways.notified) == 2
