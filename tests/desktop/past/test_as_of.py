from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.orders.intents import Intent
from moderator.desktop.past.as_of import AsOf, Then
from tests.fakes.desktop import NOW, a_room, a_store

ROOM, OTHER = a_room("a"), a_room("b")
THEN = replace(ROOM, people=9)
EXTEND = Intent(action="extend", room=ROOM.key)


def test_without_a_moment_it_is_the_store() -> None:
    store = a_store(ROOM)
    picture = AsOf(store)
    assert (picture.room(ROOM.key), picture.now_ms(), picture.why_not(EXTEND)) == (ROOM, NOW, "")
    assert (picture.me, picture.on_duty) == (store.me, store.on_duty)


def test_one_room_is_as_it_was_at_the_time_it_was_then() -> None:
    picture = AsOf(a_store(ROOM, OTHER))
    picture.then = Then(THEN, NOW - 60_000)
    assert (picture.room(ROOM.key), picture.now_ms()) == (THEN, NOW - 60_000)
    assert picture.room(OTHER.key) == OTHER


def test_nothing_can_be_done_to_the_past_but_look() -> None:
    picture = AsOf(a_store(ROOM))
    picture.then = Then(THEN, NOW)
    assert picture.why_not(EXTEND) == f"You are looking at {clock_time(NOW)}."
    assert picture.why_not(Intent(action="sessions", room=ROOM.key)) == ""


def test_the_past_is_never_out_of_date() -> None:
    store = a_store(ROOM)
    picture = AsOf(store)
    store.time.elapse(60_000)
    assert picture.staleness(ROOM)
    picture.then = Then(THEN, NOW)
    assert picture.staleness(THEN) == ""
