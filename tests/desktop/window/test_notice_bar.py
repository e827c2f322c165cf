import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from moderator.desktop.intents import Intent
from moderator.desktop.notices import Notice
from moderator.desktop.theme.look import Look
from moderator.desktop.window.notice_bar import NoticeBar

UNDO = Intent(action="extend", seconds=-300)
DONE = Notice(tone="done", text="cardio-14: +5 min.", action="Undo", intents=(UNDO,), key="extend")
PROBLEM = Notice(tone="problem", text="Could not extend cardio-14.", key="many")


@pytest.fixture
def bar(qtbot: QtBot, look: Look) -> NoticeBar:
    bar = NoticeBar(look)
    qtbot.addWidget(bar)
    return bar


def button(bar: NoticeBar, text: str) -> QPushButton:
    return next(one for one in bar.findChildren(QPushButton) if text in {one.text(), one.accessibleName()})


def test_it_tells_and_its_button_does_what_it_says_once(bar: NoticeBar, qtbot: QtBot) -> None:
    assert not bar.isVisible()
    bar.tell(DONE)
    assert (bar.isVisible(), bar.notice) == (True, DONE)
    with qtbot.waitSignal(bar.wanted) as pressed:
        button(bar, "Undo").click()
    assert pressed.args == [(UNDO,)]
    assert (bar.isVisible(), bar.notice) == (False, None)


def test_a_notice_without_a_button_can_be_closed(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.tell(PROBLEM)
    assert [one.isVisible() for one in bar.findChildren(QPushButton)] == [False, True]
    button(bar, "Close the notice").click()
    assert bar.notice is None


@pytest.mark.parametrize(
    ("later", "shown"),
    [
        (Notice(tone="info", text="Bill had left already.", key="other"), False),
        (Notice(tone="info", text="Somebody changed it.", key="many"), True),
        (DONE, True),
        (Notice(tone="problem", text="Another.", key="other"), True),
    ],
)
def test_an_aside_does_not_push_away_a_problem(bar: NoticeBar, later: Notice, shown: bool) -> None:
    bar.tell(PROBLEM)
    bar.tell(later)
    assert (bar.notice == later) is shown


def test_it_never_takes_the_focus(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.tell(DONE)
    assert not bar.isActiveWindow() or bar.focusWidget() is None
