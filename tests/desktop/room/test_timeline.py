from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QListView, QPushButton
from pytestqt.qtbot import QtBot

from moderator.client.texts import clock_time
from moderator.desktop.past.scrub_bar import ScrubBar
from moderator.desktop.room.timeline import Timeline
from moderator.desktop.theme.look import Look
from moderator.domain.announcements import RoomAnnounced
from moderator.domain.events import Event, RoomEnded, TimeExpired
from moderator.domain.ids import InstanceId, RoomId, RoomKey, SourceName
from tests.fakes.builders import DAY, a_decision, joined
from tests.fakes.desktop import FakeStore, a_room, a_store

ROOM = a_room(room="room-1")
OTHER = a_room(room="room-2")


def event(name: str, seq: int, *, instance: str = "0", room: str = "room-1") -> Event:
    made = joined(name, DAY + seq * 1000, name=name)
    return replace(made, seq=seq, instance=InstanceId(instance), room=RoomId(room))


class Shown:
    """The timeline of a room, and whose history was asked for."""

    def __init__(self, qtbot: QtBot, look: Look) -> None:
        self.store: FakeStore = a_store(ROOM, OTHER)
        self.asked: list[tuple[RoomKey, str]] = []
        self.timeline = Timeline(self.store, look, ScrubBar(look))
        qtbot.addWidget(self.timeline)
        self.timeline.history_wanted.connect(lambda key, instance: self.asked.append((key, instance)))
        self.model = self.timeline.findChildren(QListView)[0].model()
        QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal, self.model)
        self.timeline.show_room(ROOM.key)

    def rows(self) -> list[str]:
        return [self.model.index(row, 0).data() for row in range(self.model.rowCount())]

    def texts(self) -> str:
        return "\n".join(label.text() for label in self.timeline.findChildren(QLabel) if not label.isHidden())

    def button(self, text: str) -> QPushButton:
        return next(one for one in self.timeline.findChildren(QPushButton) if one.text() == text)


def test_the_history_is_asked_for_and_says_so(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    assert shown.asked == [(ROOM.key, "0")]
    assert "Loading…" in shown.texts()
    shown.timeline.set_history(ROOM.key, "0", [event("a", 1), event("b", 2)])
    assert shown.rows() == ["b joined", "a joined"]
    assert "Loading…" not in shown.texts()


def test_live_news_and_history_meet_without_repeats(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.timeline.add((event("c", 3),))
    shown.timeline.set_history(ROOM.key, "0", [event("a", 1), event("c", 3)])
    shown.timeline.add((event("d", 4), event("d", 4)))
    assert shown.rows() == ["d joined", "c joined", "a joined"]


def test_news_goes_to_its_place_and_who_reads_keeps_the_row(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.timeline.set_history(ROOM.key, "0", [event("b", 2), event("f", 6)])
    selection = shown.timeline.findChildren(QListView)[0].selectionModel()
    selection.select(shown.model.index(1, 0), selection.SelectionFlag.Select)
    late = replace(event("a", 1), seq=9, late=True)
    shown.timeline.add((late, event("g", 7), event("d", 4), event("c", 3)))
    assert shown.rows() == [f"{name} joined" for name in "gfdcba"]
    assert [index.data() for index in selection.selectedIndexes()] == ["b joined"]


def test_news_of_other_rooms_and_instances_are_left_out(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.timeline.add((event("a", 1, room="room-2"), event("b", 2, instance="1")))
    assert shown.rows() == []


def test_an_answer_that_comes_too_late_is_not_shown_in_another_room(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.timeline.show_room(OTHER.key)
    shown.timeline.set_history(ROOM.key, "0", [event("a", 1)])
    shown.timeline.history_failed(ROOM.key, "0", "gone")
    assert shown.rows() == []
    assert "Loading…" in shown.texts()


def test_a_failure_says_why_and_can_be_retried(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.timeline.history_failed(ROOM.key, "0", "the gateway did not answer")
    assert "The past could not be read: the gateway did not answer" in shown.texts()
    shown.timeline.add((event("a", 1),))
    assert shown.rows() == ["a joined"]
    shown.button("Retry").click()
    assert len(shown.asked) == 2
    assert shown.button("Retry").isHidden()


def test_another_instance_begins_anew(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.timeline.set_history(ROOM.key, "0", [event("a", 1)])
    shown.store.change(replace(ROOM, instance="1"))
    shown.timeline.refresh()
    assert shown.rows() == []
    assert shown.asked[-1] == (ROOM.key, "1")


def test_the_whole_story_is_copied(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    assert not shown.button("Copy").isEnabled()
    shown.timeline.set_history(ROOM.key, "0", [event("a", 1), event("b", 2)])
    shown.button("Copy").click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "cardio-14 (clinic/room-1)"
    assert [line[10:] for line in lines[-2:]] == ["a joined", "b joined"]


def test_enter_or_a_double_click_on_a_row_asks_for_that_moment(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.timeline.set_history(ROOM.key, "0", [event("a", 1), event("b", 2)])
    wanted: list[int] = []
    shown.timeline.moment_wanted.connect(wanted.append)
    view = shown.timeline.findChildren(QListView)[0]
    QTest.keyClick(view, Qt.Key.Key_Return)
    view.setCurrentIndex(shown.model.index(1, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    view.doubleClicked.emit(shown.model.index(0, 0))
    assert wanted == [DAY + 1000, DAY + 2000]


def test_while_one_looks_back_news_do_not_move_what_is_read(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.timeline.resize(300, 200)
    shown.timeline.set_history(ROOM.key, "0", [event(f"p{n}", n) for n in range(1, 40)])
    shown.timeline.show()
    shown.timeline.show_moment(DAY + 10_000)
    view = shown.timeline.findChildren(QListView)[0]
    row = view.indexAt(view.viewport().rect().center()).data()
    shown.timeline.add([event("q", 90)])
    qtbot.wait(1)
    assert shown.rows()[0] == "q joined"
    assert view.verticalScrollBar().value() > 0
    assert row != "q joined"


def test_an_instance_without_a_past_says_so(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.timeline.set_history(ROOM.key, "0", [])
    assert "Nothing happened yet." in shown.texts()
    shown.timeline.add((event("a", 1),))
    assert "Nothing happened yet." not in shown.texts()


def test_the_key_is_the_rooms_own() -> None:
    assert RoomKey(SourceName("clinic"), RoomId("room-1")) == ROOM.key


def test_what_is_announced_for_the_room_is_news_of_it(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    data = RoomAnnounced(name="appt-18", room="room-1", starts_at=DAY)
    mine = replace(a_decision(data, DAY), room=None, instance=None)
    other = replace(a_decision(replace(data, room="room-9")), room=None, instance=None)
    shown.store.tell(mine, other)
    shown.timeline.add([mine, other])
    assert shown.rows() == [f"Anna announced appt-18, {clock_time(DAY, with_seconds=False)}"]


def test_back_from_the_past_the_newest_is_in_sight(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.timeline.resize(300, 240)
    shown.timeline.show()
    shown.timeline.set_history(ROOM.key, "0", [event(str(number), number) for number in range(60)])
    bar = shown.timeline.findChildren(QListView)[0].verticalScrollBar()
    shown.timeline.show_moment(DAY + 1000)
    assert bar.value() > 0
    shown.timeline.show_moment(None)
    assert bar.value() == 0
    shown.timeline.add([event("new", 61)])
    assert bar.value() == 0


def test_an_end_that_was_told_is_not_told_again_nor_time_up_after_it(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.store.change(replace(ROOM, state="ended", ended_at=DAY + 5_000))
    ended = replace(event("a", 5), data=RoomEnded())
    again = replace(event("b", 6), data=RoomEnded(), late=True)
    expired = replace(a_decision(TimeExpired(deadline_version=1), DAY + 6_000), seq=7)
    shown.timeline.set_history(ROOM.key, "0", [ended, again, expired])
    assert shown.rows() == ["The room ended"]
