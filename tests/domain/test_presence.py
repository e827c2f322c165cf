"""Stays and instances, read off reports that come in any order. (That the order does not matter: test_fold.)"""

import pytest
from hypothesis import given

from moderator.domain.events import Event, SourceRestarted, StreamUnpublished, StreamUpdated
from moderator.domain.fold import fold
from moderator.domain.presence import ALL_STREAMS, EVERYBODY
from moderator.domain.rooms import Participant, Room
from tests.domain.histories import READ_AT, histories, told
from tests.fakes.builders import (
    DAY,
    FIRST,
    KEY,
    a_fact,
    an_entry,
    deadline_set,
    joined,
    left,
    published,
    room_ended,
    room_started,
    seen,
    the_room,
    unpublished,
    updated,
)


def shown(*facts: Event) -> Room:
    return the_room(told(facts))


def the_stay(*facts: Event) -> Participant:
    (participant,) = shown(*facts).participants
    return participant


def stays(*facts: Event) -> list[tuple[str, int, int | None]]:
    def since(at: int) -> int:
        return at - DAY

    return [
        (one.id, since(one.joined_at), None if one.left_at is None else since(one.left_at))
        for one in shown(*facts).participants
    ]


# --- one stay ------------------------------------------------------------------------------------------------------


def test_a_leave_that_comes_before_its_join() -> None:
    assert stays(left("p", DAY + 9), joined("p", DAY)) == [("p", 0, 9)]


def test_a_leave_is_for_good_where_ids_are_not_taken_again() -> None:
    assert stays(joined("p", DAY), left("p", DAY + 5), published("p", "s", DAY + 9)) == [("p", 0, 5)]
    assert told([left("p", DAY + 5), seen("p", DAY + 900)]).all_rooms() == [], "a list of ours may be dated a bit late"


def test_signs_of_life_undo_a_leave_that_was_only_inferred() -> None:
    absent = a_fact(type(left("p", 0).data)(participant="p", inferred=True), DAY + 5)
    known = joined("p", DAY, user="anna", name="Anna")
    stay = the_stay(known, absent, published("p", "s", DAY + 9))
    assert (stay.id, stay.joined_at, stay.left_at, stay.user, stay.name) == ("p", DAY, None, "anna", "Anna")


def test_an_empty_value_never_overwrites_a_known_one() -> None:
    stay = the_stay(joined("p", DAY, user="anna"), updated("p", DAY + 1, name="Anna"), updated("p", DAY + 2))
    assert (stay.user, stay.name) == ("anna", "Anna")
    assert the_stay(joined("p", DAY, name="old"), updated("p", DAY + 1, name="new")).name == "new"


def test_the_join_time_completes_an_id_that_is_taken_again() -> None:
    facts = joined("7@", DAY), left("7@", DAY + 5), joined("7@", DAY + 8)
    assert stays(*facts) == [(f"7@{DAY}", 0, 5), (f"7@{DAY + 8}", 8, None)]
    assert stays(joined("7@", DAY), joined("7@", DAY + 8)) == [(f"7@{DAY}", 0, 8), (f"7@{DAY + 8}", 8, None)]
    assert stays(facts[0], facts[1], left("7@", DAY + 6)) == [(f"7@{DAY}", 0, 5)]


def test_a_join_reported_soon_after_a_first_sight_is_the_same_stay() -> None:
    assert stays(seen("7@", DAY), joined("7@", DAY + 1_900)) == [(f"7@{DAY}", 0, None)]
    assert len(stays(seen("7@", DAY), joined("7@", DAY + 2_100))) == 2


def test_two_joins_at_once_are_one_stay() -> None:
    facts = joined("7@", DAY, user="anna"), joined("7@", DAY, name="Anna")
    assert stays(*facts) == stays(*facts[::-1]) == [(f"7@{DAY}", 0, None)]
    assert (the_stay(*facts).user, the_stay(*facts).name) == ("anna", "Anna")


def test_an_order_finds_its_person_although_a_late_join_renamed_them() -> None:
    listed, facts = f"eve@{DAY + 60_000}", [seen("eve@", DAY + 60_000, user="eve")]
    assert the_stay(*facts).id == listed
    facts += [joined("eve@", DAY, user="eve")]
    for more in ([], [left("eve@", DAY + 70_000)], [joined("eve@", DAY + 80_000, user="mallory")]):
        facts += more
        state = told(facts)
        participant, stay = the_room(state).participant(listed), state.stay(KEY, listed)
        assert participant is not None
        assert stay is not None
        assert (participant.id, participant.user, stay.id, stay.user) == (f"eve@{DAY}", "eve", f"eve@{DAY}", "eve")


@pytest.mark.parametrize(
    "order",
    [f"eve@{DAY + 75_000}", f"eve@{DAY - 1}", f"bob@{DAY + 60_000}", f"eve{DAY + 60_000}", "eve@", "eve@home", "eve"],
)
def test_an_order_never_finds_somebody_else(order: str) -> None:
    state = told([joined("eve@", DAY), left("eve@", DAY + 70_000), joined("eve@", DAY + 80_000)])
    assert (the_room(state).participant(order), state.stay(KEY, order)) == (None, None)


def test_a_late_report_of_the_removal_marks_who_had_left() -> None:
    assert the_stay(joined("p", DAY), left("p", DAY + 1), left("p", DAY + 2, forced=True)).state == "disconnected"


# --- streams -------------------------------------------------------------------------------------------------------


def test_streams_of_a_stay() -> None:
    muted = a_fact(StreamUpdated(participant="p", stream="s", muted=True), DAY + 3)
    stay = the_stay(unpublished("p", "t", DAY + 4), muted, published("p", "s", DAY + 2), published("p", "t", DAY + 1))
    assert [(one.id, one.published_at, one.muted) for one in stay.streams] == [("s", DAY + 2, True)]
    assert stay.joined_at == DAY + 1, "a stream proves that its participant was there"


def test_a_stream_ends_with_an_end_that_names_none() -> None:
    facts = published("p", "s", DAY), a_fact(StreamUnpublished(participant="p", stream=ALL_STREAMS), DAY + 1)
    assert the_stay(*facts, published("p", "t", DAY + 2)).streams[0].id == "t"


def test_a_stream_of_an_earlier_stay_is_not_of_the_next() -> None:
    facts = joined("7@", DAY), published("7@", "s", DAY + 1), left("7@", DAY + 2), joined("7@", DAY + 3)
    assert shown(*facts).participants[-1].streams == ()


# --- ends and instances --------------------------------------------------------------------------------------------


def test_an_end_closes_only_what_began_at_or_before_it() -> None:
    facts = [joined("p", DAY), joined("tie", DAY + 5), joined("q", DAY + 6), room_ended(DAY + 5)]
    room = shown(*facts)
    assert (room.state, room.instance, [one.id for one in room.here()]) == ("live", str(DAY + 5), ["q"])
    assert shown(*facts[:2], facts[3]).state == "ended"


def test_an_instance_is_named_by_the_end_before_it() -> None:
    assert shown(joined("p", DAY)).instance == FIRST
    later = [room_ended(DAY + 5), joined("p2", DAY + 7)]
    assert shown(joined("p", DAY), *later).instance == shown(*later, joined("q", DAY + 6)).instance == str(DAY + 5)


def test_only_an_end_that_was_not_known_names_an_instance_anew() -> None:
    """What was decided stays with the name of before: decisions are judged without looking at facts."""
    state = told([joined("p", DAY), deadline_set(DAY + 60_000)])
    fold(state, an_entry(joined("q", DAY - 3_000), seq=8, recorded_at=READ_AT))
    assert (the_room(state).instance, the_room(state).deadline_version) == (FIRST, 1)
    fold(state, an_entry(room_ended(DAY - 5_000), seq=9, recorded_at=READ_AT))
    assert (the_room(state).instance, the_room(state).people) == (str(DAY - 5_000), 2)
    assert (list(state.rooms[KEY].decided), state.rooms[KEY].decided[FIRST].deadline_version) == ([FIRST], 1)


def test_a_platform_that_names_instances_says_when_they_end() -> None:
    facts = joined("p", DAY, instance="call-1"), joined("q", DAY + 9, instance="call-2")
    room = shown(*facts, room_ended(DAY + 10, instance="call-1"))
    assert (room.instance, room.state, room.instance_kept_by) == ("call-2", "live", "provider")
    assert shown(facts[0], room_ended(DAY + 10, instance="call-1")).people == 0


def test_after_the_end_of_a_named_instance_nobody_in_it_comes_back() -> None:
    facts = joined("p", DAY, instance="call-1"), room_ended(DAY + 5, instance="call-1")
    (stay,) = shown(*facts, joined("p", DAY + 6, instance="call-1")).participants
    assert (stay.id, stay.left_at) == ("p", DAY + 5)


def test_a_restarted_server_has_lost_its_participants_but_not_the_appointment() -> None:
    facts = [joined("7@", DAY), a_fact(SourceRestarted(), DAY + 5, room=None), joined("8@", DAY + 6)]
    assert stays(*facts) == [(f"7@{DAY}", 0, 5), (f"8@{DAY + 6}", 6, None)]
    assert shown(*facts).instance == FIRST


def test_when_everybody_left_the_appointment_may_go_on() -> None:
    facts = [joined("p", DAY), joined("q", DAY + 5), left(EVERYBODY, DAY + 5), joined("r", DAY + 6)]
    for order in (facts, facts[::-1]):
        assert stays(*order) == [("p", 0, 5), ("q", 5, 5), ("r", 6, None)]
        assert (shown(*order).instance, shown(*order).people) == (FIRST, 1)
    assert told([left(EVERYBODY, DAY)]).all_rooms() == [], "nobody is nobody"


def test_who_shows_a_sign_of_life_after_everybody_left_is_there() -> None:
    assert stays(joined("p", DAY), left(EVERYBODY, DAY + 5), seen("p", DAY + 9)) == [("p", 0, None)]
    assert stays(joined("p", DAY), left("p", DAY + 4), left(EVERYBODY, DAY + 5), seen("p", DAY + 9)) == [("p", 0, 4)]


def test_a_room_starts_with_what_is_first_known_of_it() -> None:
    assert shown(joined("p", DAY + 4), room_started(DAY + 2)).started_at == DAY + 2
    assert shown(room_started(DAY + 2)).people == 0


@given(histories)
def test_nobody_is_in_two_states_and_no_stay_outlives_its_instance(facts: list[Event]) -> None:
    state = told(facts)
    for room in state.rooms.values():
        for instance in state.instances(room):
            for stay in instance.stays:
                assert stay.left_at is None or stay.left_at >= stay.joined_at >= instance.started_at
                if instance.ended_at is not None and stay.joined_at <= instance.ended_at:
                    assert stay.left_at is not None
