"""Every order against a comparison that is written down plainly."""

from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.desktop.tables.columns import Column
from moderator.desktop.tables.sorting import NEVER, SORTABLE, Sort, after_click, natural, place
from moderator.domain.rooms import Person, Room
from tests.fakes.desktop import a_person, a_room, a_violation

PEOPLE = [a_person(name) for name in "abc"]
rooms = st.builds(
    a_room,
    st.sampled_from(["a", "A2", "a10", "ab", "abc", "ü"]),
    left_s=st.none() | st.integers(-5, 5),
    source=st.sampled_from(["clinic", "clinic-2"]),
    room=st.uuids().map(str),
    people=st.sampled_from([[], PEOPLE[:1], PEOPLE]),
    owner=st.sampled_from([None, Person("ana", "Ana"), Person("b", "Bo"), Person("an", "An")]),
    violations=st.sampled_from([(), (a_violation("a"),)]),
)
orders = st.builds(Sort, st.sampled_from(sorted(SORTABLE)), st.booleans())


def compare(one: Room, other: Room, sort: Sort) -> int:
    """Unknown last; then the value, perhaps the other way round; then deadline and key."""
    value, others = SORTABLE[sort.column](one), SORTABLE[sort.column](other)
    if (value is None) != (others is None):
        return 1 if value is None else -1
    if value is not None and others is not None and value != others:
        less = value < others  # type: ignore[operator]  # both of one kind
        return 1 if less == sort.reverse else -1
    tie, others_tie = [(room.deadline.ends_at if room.deadline else NEVER, room.key) for room in (one, other)]
    return (tie > others_tie) - (tie < others_tie)


@given(st.lists(rooms, unique_by=lambda room: room.key), orders)
def test_places_order_rooms_as_their_values_do(found: list[Room], sort: Sort) -> None:
    by_place = sorted(found, key=lambda room: place(room, sort))

    def compared(one: Room, other: Room) -> int:
        return compare(one, other, sort)

    by_value = sorted(found, key=cmp_to_key(compared))
    assert [room.key for room in by_place] == [room.key for room in by_value]


@pytest.mark.parametrize(("texts"), [["gp-2", "gp-10", "GP-11"], ["a", "ab", "abc"], ["room 9 b", "room 10 a"]])
def test_numbers_in_names_are_numbers(texts: list[str]) -> None:
    assert sorted(set(texts), key=natural) == texts


def test_a_second_click_turns_the_order_round_and_a_third_back() -> None:
    by_name = after_click(Sort(), Column.ROOM)
    assert by_name == Sort(Column.ROOM)
    assert after_click(by_name, Column.ROOM) == Sort(Column.ROOM, reverse=True)
    assert after_click(Sort(Column.ROOM, reverse=True), Column.ROOM) == by_name
    assert after_click(by_name, Column.EXTEND) == by_name, "there is nothing to sort by"
