"""What the overview counts is what the parts of the table show."""

from hypothesis import given
from hypothesis import strategies as st

from moderator.desktop.census.census import Census
from moderator.desktop.census.parts import BUCKETS_MS, Part, is_in
from moderator.domain.rooms import Person, Room
from tests.fakes.desktop import NOW, a_room, a_violation, a_warning

rooms = st.builds(
    lambda number, left_s, owned, violated, ago_s, ended: a_room(
        f"room-{number}",
        source=f"source-{number % 3}",
        left_s=left_s,
        owner=Person("maya") if owned else None,
        violations=[a_violation("eve")] if violated else [],
        warnings=[a_warning(300, raised_at=NOW - ago_s * 1000)] if ago_s is not None else [],
        state="ended" if ended else "live",
    ),
    st.integers(0, 20),
    st.none() | st.integers(-100, 5000),
    st.booleans(),
    st.booleans(),
    st.none() | st.integers(0, 60),
    st.booleans(),
)


def _census(changes: list[Room]) -> Census:
    census = Census()
    for room in changes:
        census.take(room.key, room)
    return census


@given(st.lists(rooms, max_size=60))
def test_counts_are_those_of_the_parts_however_often_rooms_change(changes: list[Room]) -> None:
    found = _census(changes).figures(NOW, {"source-1"})
    live = [room for room in {room.key: room for room in changes}.values() if room.state == "live"]

    def of(part: Part) -> int:
        return sum(is_in(room, part, NOW) for room in live)

    assert found.live == len(live)
    assert found.buckets == tuple(of(Part("ends", bucket=number)) for number in range(len(BUCKETS_MS) + 1))
    assert sum(found.buckets) + found.endless == len(live)
    assert found.unowned == of(Part("unowned"))
    assert found.unacknowledged == of(Part("unacknowledged"))
    assert found.violations == sum(bool(room.violations) for room in live)
    assert found.stale == of(Part("source", source="source-1"))
    assert dict(found.sources) == {name: n for name in ("source-0", "source-1", "source-2")
                                   if (n := of(Part("source", source=name)))}  # fmt: skip
    assert found.looked_after == sum(room.owner is not None for room in live)


@given(st.lists(rooms, max_size=30))
def test_the_room_that_ends_next_is_the_first_whose_time_is_not_up(changes: list[Room]) -> None:
    live = [room for room in {room.key: room for room in changes}.values() if room.state == "live"]
    ends = sorted((one.deadline.ends_at, one.key) for one in live if one.deadline and one.deadline.ends_at > NOW)
    assert _census(changes).next_end(NOW) == (ends[0][1] if ends else None)


@given(st.lists(rooms, max_size=20))
def test_nothing_is_left_of_rooms_that_are_gone(changes: list[Room]) -> None:
    census = _census(changes)
    for room in changes:
        census.take(room.key, None)
    assert census.figures(NOW) == Census().figures(NOW)
