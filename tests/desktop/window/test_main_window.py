"""The whole window on known rooms: how many keys a task takes, and that nothing moves from under the hand."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice, Result
from moderator.desktop.preferences import Preferences
from moderator.desktop.session import ChildStatus, DesktopSession
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK, LIGHT
from moderator.desktop.window.main_window import MainWindow
from tests.fakes.desktop import FakeStore, a_room, a_store
from tests.fakes.window import CALM, CROWDED, NEXT, OpenWindow, has_focus, opened, the_alert_of, until

Key, Shift, Control = Qt.Key, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
async def open_(look: Look, tmp_path: Path) -> AsyncIterator[OpenWindow]:
    """Three rooms: one ends next, one has somebody too many, one needs nobody."""
    async with opened(a_store(CALM, NEXT, CROWDED), look, tmp_path) as window:
        yield window


# --- where one is --------------------------------------------------------------------------------------------------


async def test_f6_goes_round(open_: OpenWindow) -> None:
    window = open_.window
    for part in (window.alerts, window.pane, window.top_bar.search, window.table, window.alerts):
        open_.hands.press(Key.Key_F6)
        assert has_focus(part)
        assert QApplication.focusWidget() is not window.pane  # its list, where keys do something


async def test_f6_passes_over_what_is_empty(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(), look, tmp_path) as open_:
        parts = []
        for _ in range(4):
            open_.hands.press(Key.Key_F6)
            parts.append(QApplication.focusWidget())
        assert open_.window.pane not in parts
        assert open_.window.top_bar.search in parts
        assert open_.window.table.view in parts


async def test_a_new_alert_leaves_the_focus_where_it_is(open_: OpenWindow) -> None:
    before = QApplication.focusWidget()
    open_.store.change(replace(CALM, participants=CROWDED.participants, violations=CROWDED.violations))
    assert the_alert_of(open_, "calm").isVisible()
    assert QApplication.focusWidget() is before


SAID = Notice(tone="done", text="cardio-14: +5 min.", action="Undo", intents=(Intent(action="extend"),))


@pytest.mark.parametrize("results", [(), (Result("problem", "cardio-14: no."),)], ids=["notice", "results"])
@pytest.mark.parametrize("name", ["Undo", "Close"])
async def test_what_is_told_gives_the_focus_back_to_the_rooms(
    open_: OpenWindow, results: tuple[Result, ...], name: str
) -> None:
    """Qt would give it to whatever comes next: a space more, and automatic disconnects are on hold."""
    window = open_.window
    window.tell(replace(SAID, results=results))
    news = window.results if results else window.notices
    button = next(one for one in news.findChildren(QPushButton) if name in one.text() + one.accessibleName())
    window.pane.take_focus()
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    assert has_focus(window.pane), "a click leaves it where somebody works"
    button.setFocus()
    QTest.keyClick(button, Key.Key_Space)
    assert not news.isVisible()
    assert has_focus(window.table)
    window.pane.take_focus()
    window.tell(replace(SAID, results=results))
    (window.results if results else window.notices).dismiss()
    assert has_focus(window.pane), "who is elsewhere stays there"


async def test_the_selection_stays_with_its_room(open_: OpenWindow) -> None:
    open_.window.show_room(CALM.key)
    open_.store.change(a_room("calm", left_s=10, version=2))
    open_.window.table.view.sort_again()
    assert open_.window.table.model.key_at(0) == CALM.key
    assert open_.selected == ["calm"]
    open_.hands.press(Key.Key_E)
    assert (await open_.asked(1))[0][0].room == CALM.key


async def test_a_room_that_the_filter_hides_is_shown_when_it_is_meant(open_: OpenWindow) -> None:
    open_.window.top_bar.search.setText("calm")
    open_.window.take(Intent(action="select", room=CROWDED.key, participant="eve"))
    assert open_.window.top_bar.search.text() == ""
    assert open_.selected == ["crowded"]


async def test_of_rooms_that_come_one_by_one_the_next_to_end_is_at_hand(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(), look, tmp_path) as open_:
        open_.store.change(CALM)
        assert open_.selected == ["calm"]
        open_.store.change(NEXT)
        await until(lambda: open_.selected == ["next"])


async def test_a_picture_that_gets_old_says_so_in_all_parts_at_once(open_: OpenWindow) -> None:
    open_.store.link_changed(replace(open_.store.link, state="live", sentence="connected"))
    ticker, top_bar = open_.window.ticker, open_.window.top_bar
    old = "Nothing was heard for 15 s, though the connection stands. Somebody may have extended a room meanwhile."
    for elapsed_ms, said, word in ((14_900, "", "Live"), (200, old, "Stale")):
        open_.store.time.elapse(elapsed_ms)
        ticker.tick.emit()
        words = [label.text() for label in top_bar.findChildren(QLabel) if label.isVisible()]
        assert (open_.window.strip.text, word in words) == (said, True)


async def test_the_filter_and_the_alerts_mean_the_same_rooms(open_: OpenWindow) -> None:
    window, model = open_.window, open_.window.table.model
    changed = replace(CALM, violations=CROWDED.violations)
    changes: tuple[Callable[[], object], ...] = (lambda: None, lambda: open_.store.change(changed))
    for change in changes:
        change()
        for alert in (None, *window.alerts.board.alerts[:1]):
            if alert is not None:
                window.alerts.board.dismiss(alert)
            meant = {alert.room for alert in window.alerts.board.needs if alert.room}
            assert model.counts["needs_me"] == len(meant)


# --- what it says --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "button", "shown"),
    [("restarting", "", True), ("failed", "Try again", True), ("running", "", False), ("starting", "", False)],
)
async def test_the_strip_tells_how_the_gateway_of_ones_own_is(
    open_: OpenWindow, state: str, button: str, shown: bool
) -> None:
    open_.store.link_changed(replace(open_.store.link, state="live"))
    open_.window.child_changed(ChildStatus(state, "the gateway ended: a reason"))  # type: ignore[arg-type]
    strip = open_.window.strip
    assert strip.text == ("The gateway ended: a reason." if shown else "")
    pressed: list[bool] = []
    open_.window.retry_wanted.connect(lambda: pressed.append(True))
    if button:
        strip.pressed.emit()
        assert pressed


async def test_without_a_source_it_says_which_file_to_write(look: Look, tmp_path: Path) -> None:
    session = DesktopSession(config_path="/somewhere/moderator.toml")
    wanted: list[bool] = []
    async with opened(a_store(), look, tmp_path, session) as open_:
        said = [label.text() for label in open_.window.table.findChildren(QLabel) if label.isVisible()]
        assert "No platform is connected yet" in said
        (how,) = [text for text in said if "/somewhere/moderator.toml" in text]
        assert "kept in this file" in how
        open_.window.table.connect_wanted.connect(lambda: wanted.append(True))
        (button,) = [one for one in open_.window.table.findChildren(QPushButton) if one.text() == "Connect a platform…"]
        button.click()
        assert wanted


async def test_closing_asks_nothing_and_only_tells(open_: OpenWindow) -> None:
    told: list[bool] = []
    open_.window.close_wanted.connect(lambda: told.append(True))
    open_.window.close()
    assert (told, open_.window.isVisible(), open_.routing.dialog) == ([True], True, None)


async def test_a_notice_does_its_thing_once(open_: OpenWindow) -> None:
    """Its button and Ctrl+Z are one: what was taken back by the one is not taken back again by the other."""
    open_.hands.press(Key.Key_E)
    await open_.asked(1)
    await until(lambda: open_.window.notices.notice)
    undo = Intent(action="extend", room=NEXT.key, seconds=-300)
    notice = open_.window.notices.notice
    assert notice == Notice(tone="done", text="Done.", action="Undo", intents=(undo,), undo=(undo,))
    open_.window.notices.wanted.emit(notice.intents)
    assert (await open_.asked(2))[1] == (undo,)
    open_.hands.press(Key.Key_Z, Control)
    assert len(open_.orders.asked) == 2


def test_the_geometry_is_remembered(look: Look, store: FakeStore, tmp_path: Path) -> None:
    sizes = []
    for _ in range(2):
        preferences = Preferences(tmp_path / "window.ini")
        window = MainWindow(store, look, DesktopSession(), preferences)
        sizes.append(window.size())
        window.resize(700, 500)  # no larger than the screen that is none
        window.remember()
        window.deleteLater()
    assert sizes == [QSize(1440, 900), QSize(700, 500)]


async def test_the_hint_stays_dismissed(look: Look, tmp_path: Path) -> None:
    shown = []
    for _ in range(2):
        async with opened(a_store(NEXT), look, tmp_path, DesktopSession(hint=True)) as open_:
            shown.append(open_.window.hint.isVisible())
            open_.window.hint.dismissed.emit()
    assert shown == [True, False]


async def test_another_theme_leaves_no_light_spot(open_: OpenWindow, look: Look) -> None:
    bright: dict[bool, int] = {}
    for theme in (LIGHT, DARK):
        look.set_theme(theme)
        picture = open_.window.grab().toImage()
        step = 8
        points = [(x, y) for x in range(0, picture.width(), step) for y in range(0, picture.height(), step)]
        bright[theme.dark] = sum(picture.pixelColor(x, y).lightness() > 200 for x, y in points) * 100 // len(points)
    assert bright[False] > 80
    assert bright[True] < 3
