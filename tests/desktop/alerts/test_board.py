import pytest
from msgspec.structs import replace

from moderator.desktop.alerts.alert import when
from moderator.desktop.alerts.board import FORGOTTEN_MS, AlertBoard
from moderator.domain.events import Actor, Event
from moderator.domain.ids import RoomId
from moderator.domain.rooms import Person, Room, Source
from moderator.domain.state import Hold
from tests.fakes.builders import extended
from tests.fakes.desktop import MAYA, NOW, FakeStore, a_room, a_violation, a_warning

SILENT = Source(
    source="clinic",
    provider="vonage",
    state="silent",
    heard_at=NOW - 300_000,
    listed_at=NOW - 10_000,
    clock_offset_ms=0,
    detail="no events for 5 min while 3 rooms are live: webhooks may be switched off",
)
WARNED = a_room("cardio-14", left_s=47, warnings=[a_warning(60)])


def kinds(board: AlertBoard) -> list[str]:
    return [alert.kind for alert in board.alerts]


def titles(board: AlertBoard) -> list[str]:
    return [alert.title for alert in board.alerts]


def an_extension(room: str, by: Actor, *, version: int = 2) -> Event:
    return replace(extended(300, version=version, by=by), room=RoomId(room), recorded_at=NOW)


def test_it_follows_the_rooms(store: FakeStore) -> None:
    board = AlertBoard(store)
    changes: list[int] = []
    board.changed.connect(lambda: changes.append(len(board.alerts)))
    store.show(WARNED)
    store.change(a_room("tutor", violations=[a_violation("bill")]))
    store.drop(WARNED.key)
    assert changes == [1, 2, 1]


def test_nothing_is_told_when_nothing_changed(store: FakeStore) -> None:
    board = AlertBoard(store)
    store.show(WARNED)
    changes: list[None] = []
    board.changed.connect(lambda: changes.append(None))
    store.change(replace(WARNED, version=2))
    board.tick()
    assert changes == []


def test_time_that_passes_is_noticed(store: FakeStore) -> None:
    board = AlertBoard(store)
    store.show(a_room(left_s=1))
    assert kinds(board) == []
    store.time.elapse(1000)
    board.tick()
    assert kinds(board) == ["time_up"]


def test_a_dismissed_alert_stays_away_as_long_as_it_is_true(store: FakeStore) -> None:
    board = AlertBoard(store)
    store.show(a_room("cardio-14", left_s=7200, warnings=[a_warning(60)]))
    board.dismiss(board.shown[0])
    for _ in range(60):
        store.time.elapse(60_000)
        board.tick()
    assert kinds(board) == []


@pytest.mark.parametrize(("away_ms", "returns"), [(FORGOTTEN_MS, []), (FORGOTTEN_MS + 1, ["warning"])])
def test_a_dismissed_alert_is_forgotten_when_it_was_not_true_for_long(
    store: FakeStore, away_ms: int, returns: list[str]
) -> None:
    board = AlertBoard(store)
    store.show(WARNED)
    board.dismiss(board.shown[0])
    store.show()
    store.time.elapse(away_ms)
    board.tick()
    store.show(a_room("cardio-14", left_s=47, now_ms=store.now_ms(), warnings=[a_warning(60)]))
    assert kinds(board) == returns


def test_a_dismissed_group_stays_away_and_newcomers_are_shown(store: FakeStore) -> None:
    def rooms(count: int) -> list[Room]:
        return [a_room(f"gp-{number}", left_s=200, warnings=[a_warning(300)]) for number in range(count)]

    board = AlertBoard(store)
    store.show(*rooms(8))
    board.dismiss(board.shown[0])
    store.show(*rooms(9))
    assert [alert.title for alert in board.shown] == ["gp-8"]


def test_a_hold_is_told_and_changes_what_is_said(store: FakeStore) -> None:
    board = AlertBoard(store)
    store.show(WARNED)
    store.hold_disconnects(Hold("leo", NOW, "outage"))
    assert kinds(board) == ["warning", "hold"]
    assert "everybody stays" in board.alerts[0].text
    store.hold_disconnects(None)
    assert kinds(board) == ["warning"]
    assert "disconnects 2 people" in board.alerts[0].text


def test_a_source_without_events_is_told_until_it_has_some(store: FakeStore) -> None:
    board = AlertBoard(store)
    store.session.sources = {"clinic": SILENT}
    board.tick()
    (silence,) = board.needs
    assert (silence.kind, silence.level, silence.title) == ("silence", "warn", "No events from clinic for 5 min")
    assert silence.text == "No events for 5 min while 3 rooms are live: webhooks may be switched off."
    changes: list[None] = []
    board.changed.connect(lambda: changes.append(None))
    for _ in range(60):
        store.time.elapse(1000)
        board.tick()
    assert (board.alerts[0].title, len(changes)) == ("No events from clinic for 6 min", 1)
    board.dismiss(board.shown[0])
    store.time.elapse(60_000)
    board.tick()
    assert kinds(board) == []
    store.session.sources = {"clinic": replace(SILENT, state="live")}
    board.tick()
    store.session.sources = {"clinic": replace(SILENT, heard_at=NOW)}
    board.tick()
    assert titles(board) == ["No events from clinic for 2 min"], "another silence"


def test_a_source_that_was_never_heard_has_no_time_to_tell(store: FakeStore) -> None:
    board = AlertBoard(store)
    store.session.sources = {"clinic": replace(SILENT, heard_at=None)}
    board.tick()
    assert (board.alerts[0].title, when(board.alerts[0], NOW)) == ("No events from clinic", "")


def test_what_others_did_is_news_for_some_minutes(store: FakeStore) -> None:
    board = AlertBoard(store)
    store.show(a_room("derm-22"))
    ana = Actor("moderator", "ana", "Ana")
    store.tell(an_extension("derm-22", ana), an_extension("cardio-14", ana))
    store.tell(an_extension("derm-22", Actor("moderator", MAYA.id, "Maya"), version=3))
    assert [(alert.title, alert.text) for alert in board.alerts] == [("Ana extended 2 rooms", "cardio-14, derm-22")]
    assert board.needs == ()
    store.time.elapse(5 * 60_000)
    board.tick()
    assert board.alerts == ()


def test_news_are_for_whom_they_were_told(store: FakeStore) -> None:
    store.show(a_room("derm-22", owner=Person("maya", "Maya")))
    board = AlertBoard(store, store)
    store.tell(an_extension("derm-22", Actor("moderator", "ana", "Ana")))
    assert kinds(board) == ["news"]
    store.signed_in(replace(MAYA, id="leo"))
    assert kinds(board) == []
