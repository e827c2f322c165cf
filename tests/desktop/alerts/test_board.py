from msgspec.structs import replace

from moderator.desktop.alerts.board import AlertBoard
from moderator.domain.events import Actor, Event
from moderator.domain.ids import RoomId
from moderator.domain.rooms import Room
from moderator.domain.state import Hold
from tests.fakes.builders import extended
from tests.fakes.desktop import MAYA, NOW, FakeStore, a_room, a_violation, a_warning

WARNED = a_room("cardio-14", left_s=47, warnings=[a_warning(60)])


def kinds(board: AlertBoard) -> list[str]:
    return [alert.kind for alert in board.alerts]


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


def test_a_dismissed_alert_does_not_return(store: FakeStore) -> None:
    """Reference 004: the alert is dismissed and shown again with the next tick."""
    board = AlertBoard(store)
    store.show(WARNED)
    board.dismiss(board.shown[0])
    for _ in range(10):
        store.time.elapse(500)
        board.tick()
        store.change(WARNED)
        assert board.alerts == ()
    store.show()
    store.show(WARNED)
    assert board.alerts == ()
    store.change(a_room("cardio-14", left_s=47, version=2, warnings=[a_warning(60, version=2)]))
    assert kinds(board) == ["warning"]


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
