"""Whom a policy has removed."""

from msgspec.structs import replace

from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.alerts.removal_alerts import removal_alerts
from moderator.desktop.orders.intents import Intent
from moderator.domain.rooms import Block, Room, Violation
from tests.fakes.desktop import NOW, FakeStore, a_person, a_room, a_violation

EVE = a_person("eve", "Eve")
GONE = replace(EVE, state="disconnected", left_at=NOW - 20_000)
UNLISTED = a_violation("eve", policy="allow_list", enforced=True)
ROOM = a_room("exam-9", people=(a_person("lee", "Dr Lee"), GONE))


def said(room: Room, *past: Violation) -> list[str]:
    return [one.text for one in removal_alerts(room, past, NOW)]


def test_it_stays_calm_and_lets_in() -> None:
    (alert,) = removal_alerts(ROOM, [UNLISTED], NOW)
    assert (alert.title, alert.text, alert.level) == ("exam-9", "Eve was removed: not on the list.", "info")
    assert alert.actions[0].intents == (Intent(action="allow", room=ROOM.key, participant="eve", user="eve"),)
    assert alert.moment == GONE.left_at


def test_nothing_is_said_of_who_went_by_themselves_or_was_only_observed() -> None:
    left = replace(ROOM, participants=(ROOM.participants[0], replace(GONE, state="left")))
    assert said(left, UNLISTED) == said(ROOM, replace(UNLISTED, enforced=False)) == said(ROOM) == []


def test_nothing_is_said_of_who_is_back_or_kept_out_by_a_moderator() -> None:
    back = replace(ROOM, participants=(*ROOM.participants, replace(EVE, id="eve-2")))
    blocked = replace(ROOM, blocks=(Block(user="eve", until=None, by="maya", reason="not_listed"),))
    lapsed = replace(ROOM, blocks=(Block(user="eve", until=NOW, by="maya", reason="not_listed"),))
    assert said(back, UNLISTED) == said(blocked, UNLISTED) == []
    assert said(lapsed, UNLISTED) != []


def test_nothing_is_said_of_a_room_that_ended() -> None:
    assert said(replace(ROOM, state="ended"), UNLISTED) == []


def test_a_person_who_was_removed_twice_is_told_once() -> None:
    again = replace(GONE, id="eve-2")
    room = replace(ROOM, participants=(*ROOM.participants, again))
    second = replace(UNLISTED, participant="eve-2", policy="lock")
    assert said(room, UNLISTED, second) == ["Eve was removed: the room is locked."]


def test_the_board_tells_until_the_person_is_let_in(store: FakeStore) -> None:
    board = AlertBoard(store)
    store.remember(ROOM, UNLISTED)
    assert [(one.kind, one.level) for one in board.alerts] == [("removal", "info")]
    assert board.needs == ()
    store.remember(ROOM)  # the fold forgets a violation of who was allowed
    assert board.alerts == ()
