"""The table of rooms, and how they are found by the platform's name of them, and by who looks at them."""

from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.ids import RoomId, RoomKey, SourceName
from moderator.domain.room_states import Named, RoomState, RoomStates
from moderator.domain.rooms import Viewer

names = st.sampled_from(["", "visit-1", "visit-2"])
keys = st.builds(
    lambda source, room: RoomKey(SourceName(source), RoomId(room)),
    st.sampled_from(["clinic", "school"]),
    st.sampled_from(["a", "b", "c"]),
)
changes = st.lists(st.tuples(keys, st.none() | names), max_size=20)


@given(changes)
def test_rooms_are_found_by_the_name_that_they_have_now(changes: list[tuple[RoomKey, str | None]]) -> None:
    rooms = RoomStates()
    for key, name in changes:
        if name is None:
            rooms.pop(key, None)
        else:
            named = Named(0, "", name) if name else None
            rooms[key] = RoomState(source=key.source, room=key.room, named=named)
    for source in ("clinic", "school"):
        for name in ("visit-1", "visit-2", "visit-3"):
            expected = {key for key, room in rooms.items() if key.source == source and room.platform_name == name}
            assert rooms.named(source, name) == expected
    assert RoomStates(rooms.values()) == rooms


@given(st.lists(st.tuples(keys, st.none() | st.frozensets(st.sampled_from(["max", "zoe"]))), max_size=20))
def test_rooms_are_found_by_who_looks_at_them_now(changes: list[tuple[RoomKey, frozenset[str] | None]]) -> None:
    rooms = RoomStates()
    for key, ids in changes:
        if ids is None:
            rooms.pop(key, None)
        else:
            viewers = tuple(Viewer(id_, "", 0) for id_ in sorted(ids))
            rooms[key] = RoomState(source=key.source, room=key.room, viewers=viewers)
    for moderator in ("max", "zoe", "ann"):
        expected = {key for key, room in rooms.items() if moderator in {one.id for one in room.viewers}}
        assert rooms.viewed_by(moderator) == expected
