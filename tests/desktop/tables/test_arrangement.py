from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.desktop.census.parts import Part
from moderator.desktop.tables.arrangement import FILTERS, Filter, FilterName, Viewpoint, a_row, arranged, matches
from moderator.desktop.tables.columns import Column
from moderator.desktop.tables.sorting import Sort
from moderator.desktop.tables.tallies import Tallies
from moderator.domain.rooms import Person, Room
from tests.fakes.desktop import MAYA, NOW, a_person, a_room, a_violation

VIEW = Viewpoint(NOW, frozenset({"silent"}))
MINE, HERS = Person(MAYA.id, "Maya"), Person("ana", "Ana")

rooms = st.builds(
    a_room,
    st.sampled_from(["a", "b", "c", "d", "e"]),
    left_s=st.none() | st.integers(-100, 700),
    source=st.sampled_from(["clinic", "silent"]),
    owner=st.sampled_from([None, MINE, HERS]),
    state=st.sampled_from(["live", "ended"]),
    violations=st.sampled_from([(), (a_violation("x"),)]),
)
different_rooms = st.lists(rooms, unique_by=lambda room: room.key)
filters = st.builds(Filter, st.sampled_from(FILTERS), st.sampled_from(["", "a", "CLINIC", "dr  lee"]))


def shown(room: Room, name: FilterName) -> bool:
    return matches(a_row(room, MAYA.id), Filter(name), VIEW)


def names(found: list[Room], text: str = "") -> list[str]:
    return [row.room.name for row in arranged([a_row(room, MAYA.id) for room in found], Filter("all", text), VIEW)]


def test_the_next_to_end_is_on_top_and_rooms_without_a_deadline_come_last() -> None:
    found = [a_room("open", left_s=None), a_room("late", left_s=900), a_room("over", left_s=-5), a_room("b", left_s=60)]
    assert names([*found, a_room("a", left_s=60)]) == ["over", "a", "b", "late", "open"]


def test_ended_rooms_are_not_shown() -> None:
    assert names([a_room("gone", state="ended"), a_room("here")]) == ["here"]


def test_words_are_looked_for_in_name_people_and_source() -> None:
    found = [a_room("cardio-14"), a_room("gp-1", people=[a_person("x", "Zoë")]), a_room("gp-2", source="night")]
    assert names(found, "CARDIO lee") == ["cardio-14"]
    assert names(found, "zoË") == ["gp-1"]
    assert names(found, "night") == ["gp-2"]
    assert names(found, "cardio night") == []


def test_mine_is_what_i_own() -> None:
    assert shown(a_room(owner=MINE), "mine")
    assert not shown(a_room(owner=HERS), "mine")
    assert not matches(a_row(a_room(owner=Person("", "?")), ""), Filter("mine"), VIEW)


def test_a_room_needs_me_when_alerts_say_so() -> None:
    urgent = a_room(violations=[a_violation("lee")])
    assert not matches(a_row(urgent, MAYA.id), Filter("needs_me"), VIEW)
    assert matches(a_row(urgent, MAYA.id, needed=True), Filter("needs_me"), VIEW)
    assert not matches(a_row(replace(urgent, state="ended"), MAYA.id, needed=True), Filter("needs_me"), VIEW)


def test_filters_that_depend_on_the_moment() -> None:
    assert shown(a_room(left_s=300), "ending")
    assert not shown(a_room(left_s=301), "ending")
    assert not shown(a_room(left_s=None), "ending")
    assert shown(a_room(source="silent"), "stale")
    assert not shown(a_room(), "stale")


@given(different_rooms, filters)
def test_exactly_the_matching_rooms_are_arranged_and_sorted(found: list[Room], chosen: Filter) -> None:
    rows = [a_row(room, MAYA.id) for room in found]
    result = arranged(rows, chosen, VIEW)
    assert {row.room.key for row in result} == {row.room.key for row in rows if matches(row, chosen, VIEW)}
    places = [row.place for row in result]
    assert places == sorted(places)


@given(different_rooms, different_rooms)
def test_tallies_agree_with_the_filters(before: list[Room], after: list[Room]) -> None:
    tallies, known = Tallies(), {room.key: a_row(room, MAYA.id) for room in before}
    for row in known.values():
        tallies.change(None, row)
    for room in after:
        tallies.change(known.get(room.key), a_row(room, MAYA.id))
        known[room.key] = a_row(room, MAYA.id)
    expected = {name: len(arranged(list(known.values()), Filter(name), VIEW)) for name in FILTERS}
    assert tallies.counts(VIEW) == expected
    for row in known.values():
        tallies.change(row, None)
    assert set(tallies.counts(VIEW).values()) == {0}


def test_with_exceptions_first_what_needs_somebody_is_on_top_and_nothing_is_missing() -> None:
    rooms = [a_room("late", left_s=3000), a_room("soon", left_s=30), a_room("calm", left_s=900)]
    rows = [a_row(room, "", needed=room.room == "late", exceptions_first=True) for room in rooms]
    assert [row.room.room for row in arranged(rows, Filter(), Viewpoint(NOW))] == ["late", "soon", "calm"]


def test_another_order_knows_no_exceptions() -> None:
    by_name = Sort(Column.ROOM)
    rows = [
        a_row(room, "", by_name, needed=room.room == "z", exceptions_first=True) for room in (a_room("z"), a_room("a"))
    ]
    assert [row.room.room for row in arranged(rows, Filter(), Viewpoint(NOW))] == ["a", "z"]


def test_a_part_narrows_what_the_filter_shows() -> None:
    rows = [a_row(a_room(f"in-{left_s}", left_s=left_s), "") for left_s in (30, 200, 2000)]
    shown = arranged(rows, Filter(part=Part("ends", bucket=1)), Viewpoint(NOW))
    assert [row.room.room for row in shown] == ["in-200"]
    assert arranged(rows, Filter("violations", part=Part("ends", bucket=1)), Viewpoint(NOW)) == []
