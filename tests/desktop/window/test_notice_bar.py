import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.icon_button import IconButton
from moderator.desktop.window.notice_bar import PAUSE_MS, NoticeBar

UNDO = Intent(action="extend", seconds=-300)
DONE = Notice(tone="done", text="cardio-14: +5 min.", action="Undo", intents=(UNDO,), key="extend")
PROBLEM = Notice(tone="problem", text="Could not extend cardio-14.", key="many")
AGAIN = Intent(action="extend", seconds=300)
CONFLICT = Notice(
    tone="info", text="Ana changed derm-22 just before.", action="Add anyway", intents=(AGAIN,), key="extend derm-22"
)
REFUSAL = Notice(tone="info", text="The room has ended.")


@pytest.fixture
def bar(qtbot: QtBot, look: Look) -> NoticeBar:
    bar = NoticeBar(look, KeyBindings())
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


def shown_in_turn(bar: NoticeBar, qtbot: QtBot, count: int) -> list[Notice]:
    """What is shown, each closed when it was read, and what comes next."""
    found: list[Notice] = []
    for _ in range(count):
        qtbot.waitUntil(lambda: bar.notice is not None)
        assert bar.notice is not None
        found.append(bar.notice)
        bar.dismiss()
    return found


def test_nothing_is_lost_while_a_problem_is_shown(bar: NoticeBar, qtbot: QtBot) -> None:
    for notice in (PROBLEM, CONFLICT, REFUSAL, REFUSAL):
        bar.tell(notice)
    assert shown_in_turn(bar, qtbot, 3) == [PROBLEM, CONFLICT, REFUSAL]
    assert bar.notice is None


def test_what_was_pushed_aside_before_it_was_answered_comes_back(bar: NoticeBar, qtbot: QtBot) -> None:
    another = Notice(tone="problem", text="Another.", key="other")
    for notice in (DONE, CONFLICT, another, PROBLEM):
        bar.tell(notice)
    assert shown_in_turn(bar, qtbot, 3) == [PROBLEM, another, CONFLICT]


def test_what_became_of_it_takes_the_place_of_what_waits(bar: NoticeBar, qtbot: QtBot) -> None:
    done = Notice(tone="done", text="derm-22: +5 min.", key=CONFLICT.key)
    for notice in (PROBLEM, CONFLICT, done):
        bar.tell(notice)
    assert shown_in_turn(bar, qtbot, 2) == [done, PROBLEM]
    assert bar.notice is None


def test_a_double_click_is_not_for_the_next_notice(bar: NoticeBar) -> None:
    bar.tell(PROBLEM)
    bar.tell(CONFLICT)
    button(bar, "Close the notice").click()
    assert (bar.isVisible(), bar.notice) == (False, None)
    assert QApplication.doubleClickInterval() < PAUSE_MS


def test_a_click_leaves_the_focus_where_it_was(bar: NoticeBar) -> None:
    bar.tell(DONE)
    assert {one.focusPolicy() for one in bar.findChildren(QPushButton)} == {Qt.FocusPolicy.TabFocus}


def test_it_never_takes_the_focus(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.tell(DONE)
    assert not bar.isActiveWindow() or bar.focusWidget() is None


@pytest.mark.parametrize(
    ("notice", "cap", "tip"),
    [
        (replace(DONE, undo=(UNDO,)), "Ctrl+Z", "Can be undone for ten minutes"),
        (replace(CONFLICT, asks=True, intents=(Intent(action="extend"),)), "E", ""),
        (replace(CONFLICT, asks=True), "", ""),
        (replace(CONFLICT, asks=True, intents=(UNDO,)), "", ""),
        (DONE, "", ""),
        (replace(PROBLEM, action="Retry failed", intents=(AGAIN,), undo=(UNDO,)), "", ""),
    ],
    ids=["undo", "question", "about more than a step", "about taking back", "something else", "retry"],
)
def test_the_key_that_does_the_same_stands_on_the_button(bar: NoticeBar, notice: Notice, cap: str, tip: str) -> None:
    bar.tell(notice)
    found = button(bar, notice.action)
    assert isinstance(found, IconButton)
    assert found.key == cap
    assert (tip in found.toolTip()) if tip else not found.toolTip()


def test_what_can_be_undone_comes_back_after_what_is_said_in_passing(bar: NoticeBar, qtbot: QtBot) -> None:
    extended = replace(DONE, undo=(UNDO,))
    bar.tell(extended)
    bar.tell(Notice(tone="done", text="cardio-14: seen.", in_passing=True))
    assert bar.notice is not None
    assert bar.notice.text == "cardio-14: seen."
    bar.dismiss()
    qtbot.waitUntil(lambda: bar.notice == extended, timeout=PAUSE_MS + 2000)
