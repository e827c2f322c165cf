"""The pane of a room that is looked back at: with its parts, as the window has it."""

import re
from collections.abc import Callable
from gettext import NullTranslations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from moderator import language
from moderator.client.texts import clock_time
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.past.past_bar import PastBar
from moderator.desktop.past.scrub_bar import ScrubBar
from moderator.desktop.room.big_time import BigTime
from moderator.desktop.room.people import PeopleView
from moderator.desktop.room.room_pane import RoomPane
from moderator.desktop.room.timeline import TimelineView
from moderator.desktop.theme.look import Look
from moderator.domain.events import DeadlineExtended, RoomEnded
from moderator.domain.settings import MINUTE_MS
from tests.fakes.builders import KEY, a_decision, a_fact
from tests.fakes.desktop import NOW, a_room
from tests.fakes.pseudo import BEGIN, PseudoTranslations
from tests.fakes.story import ANA, BEGAN, Story, came

THEN = BEGAN + int(36.5 * MINUTE_MS)
"""The uninvited one is in the room."""


class Pane:
    """The pane, and what stands in it."""

    def __init__(self, qtbot: QtBot, look: Look, story: Story | None = None) -> None:
        self.qtbot = qtbot
        self.story = story or Story()
        self.pane = RoomPane(self.story.store, look, KeyBindings())
        self.wanted: list[object] = []
        self.pane.wanted.connect(self.wanted.append)
        qtbot.addWidget(self.pane)
        self.pane.resize(1068, 400)
        self.pane.show()
        self.pane.show_room(KEY)
        self.pane.set_history(KEY, "0", self.story.events)

    def look_at(self, at: int | None) -> None:
        self.pane.look_at(at)
        self.until(lambda: self.pane.looks_back == (at is not None))

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=2000)

    def find(self, kind: type[QWidget]) -> QWidget:
        return self.pane.findChildren(kind)[0]

    @property
    def people(self) -> list[str]:
        model = self._list(PeopleView).model()
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    @property
    def rows(self) -> list[str]:
        model = self._list(TimelineView).model()
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    @property
    def time(self) -> str:
        return self.pane.findChildren(BigTime)[0].text

    def texts(self) -> list[str]:
        return [label.text() for label in self.pane.findChildren(QLabel) if label.isVisible()]

    def enabled(self) -> set[str]:
        return {one.text() for one in self.pane.findChildren(QPushButton) if one.isVisible() and one.isEnabled()}

    def _list(self, kind: type[QListView]) -> QListView:
        return self.pane.findChildren(kind)[0]


@pytest.fixture
def pane(qtbot: QtBot, look: Look) -> Pane:
    return Pane(qtbot, look)


def test_the_room_is_shown_as_it_was(pane: Pane) -> None:
    assert pane.people == ["Dr Lee", "Bill Buffalo", "guest-88"]
    assert "Blocked (1)" in pane.texts()
    pane.look_at(THEN)
    assert pane.people == ["guest-88", "Dr Lee", "Bill Buffalo"]
    assert pane.time == "24:30"
    assert {f"As of {clock_time(THEN)}. Read-only.", "3 of 2", "Over size"} <= set(pane.texts())
    assert "Blocked (1)" not in pane.texts()


def test_nothing_can_be_done_there_and_every_button_says_why(pane: Pane) -> None:
    pane.look_at(THEN)
    assert pane.enabled() <= {"Back to live", "Copy", "More"}
    pane.pane.select_person("c9")
    off = [one for one in pane.pane.findChildren(QPushButton) if one.isVisible() and not one.isEnabled()]
    assert {one.accessibleDescription() for one in off} == {f"You are looking at {clock_time(THEN)}."}
    QTest.keyClick(pane.find(PeopleView), Qt.Key.Key_D)
    assert pane.wanted == []


def test_escape_leads_back_from_anywhere_in_the_pane(pane: Pane) -> None:
    for part in (PeopleView, TimelineView, ScrubBar):
        pane.look_at(THEN)
        pane.find(part).setFocus()
        QTest.keyClick(pane.find(part), Qt.Key.Key_Escape)
        assert not pane.pane.looks_back
    assert pane.time == "07:00"
    assert not pane.find(PastBar).isVisible()


def test_the_button_leads_back_too(pane: Pane) -> None:
    pane.look_at(THEN)
    next(one for one in pane.pane.findChildren(QPushButton) if one.text() == "Back to live").click()
    assert (pane.pane.looks_back, pane.time) == (False, "07:00")


def test_enter_on_a_line_shows_the_moment_of_it(pane: Pane) -> None:
    lines = pane.pane.findChildren(TimelineView)[0]
    place = next(n for n, text in enumerate(pane.rows) if text.startswith("guest-88 joined"))
    lines.setCurrentIndex(lines.model().index(place, 0))
    QTest.keyClick(lines, Qt.Key.Key_Return)
    pane.until(lambda: pane.pane.looks_back)
    assert "guest-88" in pane.people


def test_keys_on_the_slider_go_through_the_events(pane: Pane) -> None:
    scrub = pane.find(ScrubBar)
    QTest.keyClick(scrub, Qt.Key.Key_Home)
    pane.until(lambda: pane.pane.looks_back)
    assert pane.people == []
    QTest.keyClick(scrub, Qt.Key.Key_Right)
    pane.until(lambda: pane.people == ["Dr Lee"])
    QTest.keyClick(scrub, Qt.Key.Key_End)
    pane.until(lambda: not pane.pane.looks_back)


def test_what_happens_meanwhile_moves_nothing_that_is_shown(pane: Pane) -> None:
    pane.look_at(THEN)
    before = (pane.people, pane.time)
    pane.story.tell(
        came("c5", "u5", "Zoe", "", NOW), a_decision(DeadlineExtended(version=3, seconds=300), NOW + 1, by=ANA)
    )
    pane.story.store.time.elapse(3000)
    pane.pane.tick()
    pane.pane.second()
    assert (pane.people, pane.time) == before
    assert pane.rows[1] == "Zoe joined"
    pane.look_at(None)
    assert "Zoe" in pane.people
    assert pane.time == "11:57"


def test_another_room_is_shown_as_it_is(pane: Pane) -> None:
    other = a_room("physio-03", left_s=90)
    pane.story.store.change(other)
    pane.look_at(THEN)
    pane.pane.show_room(other.key)
    assert (pane.pane.looks_back, pane.time) == (False, "01:30")
    assert not pane.find(ScrubBar).isEnabled()


def test_a_room_that_just_ended_can_be_looked_back_at(qtbot: QtBot, look: Look) -> None:
    story = Story()
    story.tell(a_fact(RoomEnded(), NOW))
    pane = Pane(qtbot, look, story)
    assert pane.time == ""
    pane.look_at(THEN)
    assert pane.time == "24:30"


def test_before_its_past_is_known_there_is_nothing_to_look_back_at(qtbot: QtBot, look: Look) -> None:
    story = Story()
    pane = RoomPane(story.store, look, KeyBindings())
    qtbot.addWidget(pane)
    pane.show_room(KEY)
    assert not pane.findChildren(ScrubBar)[0].isEnabled()
    pane.look_at(THEN)
    qtbot.wait(60)
    assert not pane.looks_back


def test_it_is_framed(pane: Pane, look: Look) -> None:
    def corner() -> str:
        return pane.pane.grab().toImage().pixelColor(0, pane.pane.height() - 1).name().upper()

    assert corner() == look.theme.window
    pane.look_at(THEN)
    assert corner() == look.theme.info


def test_everything_about_the_past_is_said_in_the_user_s_language(qtbot: QtBot, look: Look) -> None:
    language.use(PseudoTranslations())
    try:
        pane = Pane(qtbot, look)
        pane.look_at(THEN)
        said = [text for text in pane.texts() if re.search(r"[a-z]{3}", text)]
        off = {one.accessibleDescription() for one in pane.pane.findChildren(QPushButton) if not one.isEnabled()}
    finally:
        language.use(NullTranslations())
    assert {"cardio-14", "appointment"} >= {text for text in said if BEGIN not in text}
    assert all(BEGIN in why for why in off)
