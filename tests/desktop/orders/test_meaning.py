"""What a key means on the picture as it is."""

import pytest
from msgspec.structs import replace

from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.orders.meaning import meant
from moderator.domain.rooms import Lock, Person, Room
from tests.fakes.desktop import a_room, an_appointment

ROOM, OTHER = a_room("cardio-14"), a_room("neuro-3")
MINE = replace(OTHER, owner=Person("maya", "Maya"))
THEIRS = replace(OTHER, owner=Person("ana", "Ana"))
LOCKED = replace(OTHER, locked=Lock(by="ana", at=0, people=()))
OPEN_END = replace(OTHER, deadline=None)
BOOKED = replace(OTHER, next_appointment=an_appointment("appt-18", 1_860))


def actions(action: ActionName, *rooms: Room) -> list[tuple[str, str]]:
    known = {room.key: room for room in rooms}
    found = meant(tuple(Intent(action=action, room=room.key) for room in rooms), known.get, "maya")
    return [(one.action, one.room.room) for one in found if one.room]


@pytest.mark.parametrize(
    ("action", "rooms", "expected"),
    [
        ("claim", (ROOM, MINE), [("claim", "cardio-14")]),
        ("claim", (MINE,), [("release", "neuro-3")]),
        ("claim", (THEIRS,), [("claim", "neuro-3")]),
        ("lock", (ROOM, LOCKED), [("lock", "cardio-14")]),
        ("lock", (LOCKED,), [("unlock", "neuro-3")]),
        ("extend", (OPEN_END,), [("extend_custom", "neuro-3")]),
        ("extend", (ROOM, OPEN_END), [("extend", "cardio-14"), ("extend", "neuro-3")]),
        ("extend", (ROOM, BOOKED), [("extend_custom", "cardio-14"), ("extend_custom", "neuro-3")]),
        ("acknowledge", (ROOM,), [("acknowledge", "cardio-14")]),
    ],
)
def test_one_key_and_the_way_back(action: ActionName, rooms: tuple[Room, ...], expected: list[tuple[str, str]]) -> None:
    assert actions(action, *rooms) == expected


def test_nobody_knows_yet_who_we_are() -> None:
    nameless = replace(OTHER, owner=Person("", ""))
    wish = (Intent(action="claim", room=nameless.key),)
    assert meant(wish, {nameless.key: nameless}.get, "") == wish


def test_a_room_that_is_gone_and_no_room_at_all() -> None:
    gone = (Intent(action="lock", room=ROOM.key),)
    assert meant(gone, lambda _: None, "maya") == gone
    assert meant((), lambda _: None, "maya") == ()
