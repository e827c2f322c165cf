"""What interrupts, and how often."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.alerts.hush import QUIET, QUIET_FROM, QUIET_TO, Hush
from moderator.desktop.alerts.interruptions import Interruptions
from moderator.desktop.alerts.shown import ShownMemory
from moderator.desktop.preferences import Preferences
from moderator.domain.rooms import Person, Room
from moderator.feed.session import FeedSession
from tests.fakes.desktop import MAYA, FakeStore, a_room, a_violation, a_warning

ANA, SELF = Person("ana", "Ana"), Person("maya", "Maya")
WARNED = a_room("cardio-14", left_s=47, warnings=[a_warning(60)])


class Told:
    """What came, in order."""

    def __init__(self, store: FakeStore, folder: Path) -> None:
        self.board = AlertBoard(store, store)
        self.preferences = Preferences(folder / "window.ini")
        hush = Hush(self.preferences, store.now_ms, store.monotonic, store)
        self.memory = ShownMemory(folder)
        self.interruptions = Interruptions(self.board, store, self.memory, hush, store)
        self.came: list[tuple[str, str]] = []
        self.interruptions.came.connect(self._on_came)
        self.interruptions.start()

    def _on_came(self, alerts: tuple[Alert, ...]) -> None:
        self.came.extend((one.kind, one.title) for one in alerts)


@pytest.fixture
def told(store: FakeStore, tmp_path: Path) -> Told:
    return Told(store, tmp_path)


def test_each_thing_once_also_after_a_restart(told: Told, store: FakeStore, tmp_path: Path) -> None:
    store.show(WARNED)
    store.change(replace(WARNED, version=2))
    store.show()
    store.show(WARNED)
    assert told.came == [("warning", "cardio-14")]
    again = Told(store, tmp_path)
    assert again.came == []
    store.change(replace(WARNED, warnings=(a_warning(60), a_warning(20))))
    assert len(told.came) + len(again.came) == 2, "one of two windows of the same person tells it"


def test_half_a_picture_interrupts_nobody(store: FakeStore, tmp_path: Path) -> None:
    store.watch(FeedSession(), store.time)
    told = Told(store, tmp_path)
    store.show(WARNED)
    assert told.came == []


@pytest.mark.parametrize(("owner", "came"), [(ANA, []), (SELF, [("warning", "cardio-14")])], ids=["hers", "mine"])
def test_nobody_is_interrupted_before_it_is_known_who_they_are(
    store: FakeStore, tmp_path: Path, owner: Person, came: list[tuple[str, str]]
) -> None:
    store.me = None
    told = Told(store, tmp_path)
    store.show(replace(WARNED, owner=owner))
    assert told.came == []
    store.signed_in(MAYA)
    assert told.came == came


def test_a_gateway_that_does_not_say_who_they_are_is_not_waited_for(told: Told, store: FakeStore) -> None:
    store.me = None
    store.show(replace(WARNED, owner=ANA))
    store.time.elapse(20_000)
    told.interruptions.tick()
    assert told.came == [("warning", "cardio-14")]


def test_anothers_room_interrupts_when_nobody_has_answered_for_20_s(told: Told, store: FakeStore) -> None:
    store.show(replace(WARNED, owner=ANA))
    store.time.elapse(19_999)
    told.board.tick()
    assert told.came == []
    store.time.elapse(1)
    told.board.tick()
    assert told.came == [("warning", "cardio-14")]
    assert "Nobody has answered for 20 s: Ana looks after it." in told.board.needs[0].text


def test_an_answer_in_time_keeps_everybody_else_undisturbed(told: Told, store: FakeStore) -> None:
    store.show(replace(WARNED, owner=ANA))
    store.time.elapse(10_000)
    store.change(replace(WARNED, owner=ANA, warnings=(a_warning(60, by="ana"),)))
    store.time.elapse(15_000)
    told.board.tick()
    assert told.came == []
    assert told.board.needs == ()
    assert told.board.alerts[0].text.startswith("ana has acknowledged it.")


def test_who_takes_a_room_over_is_interrupted(told: Told, store: FakeStore) -> None:
    store.show(replace(WARNED, owner=ANA))
    store.change(replace(WARNED, owner=SELF))
    assert told.came == [("warning", "cardio-14")]


@pytest.mark.parametrize(
    ("room", "kinds"),
    [
        (replace(WARNED, owner=SELF), []),
        (replace(WARNED, warnings=(a_warning(20),)), []),
        (replace(WARNED, owner=SELF, warnings=(a_warning(20),)), ["warning"]),
        (a_room(left_s=-1, owner=SELF), ["time_up"]),
        (a_room(left_s=-1), []),
        (a_room(violations=[a_violation("bill")], owner=SELF), []),
    ],
    ids=["a minute", "nobody's last call", "own last call", "own time is up", "nobody's time is up", "violation"],
)
def test_quiet_hours(told: Told, store: FakeStore, room: Room, kinds: list[str]) -> None:
    told.preferences.put(QUIET_FROM, "00:00")
    told.preferences.put(QUIET_TO, "23:59")
    told.preferences.put(QUIET, True)
    store.show(room)
    assert [kind for kind, _ in told.came] == kinds
    assert told.board.needs, "the list has it all the same"


def test_too_many_are_said_once_and_many_at_once_are_one(told: Told, store: FakeStore) -> None:
    def rooms(first: int, count: int) -> list[Room]:
        return [a_room(f"r{n}", left_s=200, warnings=[a_warning(300)]) for n in range(first, first + count)]

    def kinds() -> list[str]:
        return [one.kind for one in told.board.alerts if one.kind != "warning"]

    store.show(*rooms(0, 40))
    assert kinds() == []
    for number in range(10):
        store.change(*rooms(100 + number, 1))
    assert kinds() == ["rate"]
