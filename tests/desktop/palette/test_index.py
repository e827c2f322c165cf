"""Of rooms that are gone nothing is kept to be searched."""

from moderator.desktop.palette.index import Index
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from tests.fakes.desktop import a_room

FIRST, SECOND = a_room("first"), a_room("second")


def test_rooms_come_and_go() -> None:
    there: dict[RoomKey, Room] = {}
    index = Index(there.get)
    for rooms in ((FIRST, SECOND), (SECOND,), ()):
        there.clear()
        there.update({one.key: one for one in rooms})
        index.note([FIRST.key, SECOND.key])
        assert not index.work(10)
        assert len(index.lines) == sum(1 + one.people for one in rooms)
    assert index._places == {}


def test_rooms_are_looked_at_some_at_a_time() -> None:
    index = Index({FIRST.key: FIRST, SECOND.key: SECOND}.get)
    index.start_over([FIRST.key, SECOND.key])
    assert index.work(1)
    assert {entry.words for entry in map(index.entry, range(len(index.lines))) if entry} >= {"Open first"}
    assert not index.work(1)
