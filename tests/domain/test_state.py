"""The state as people see it, and as it is stored and sent."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.events import Event, ParticipantJoined
from moderator.domain.fold import fold
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.state import Snapshot, State
from tests.domain.histories import decisions, histories, numbered, told
from tests.fakes.builders import (
    DAY,
    KEY,
    a_fact,
    an_entry,
    folded,
    joined,
    kicked,
    left,
    published,
    seen,
    the_room,
    updated,
)


@given(histories, decisions, st.integers(0, 18))
def test_a_snapshot_folds_on_like_the_original(facts: list[Event], ordered: list[Event], cut: int) -> None:
    entries = numbered([*facts, *ordered])
    original = told([event for entry in entries[:cut] for event in entry.events])
    raw = msgspec.json.encode(original.snapshot())
    restored = State.from_snapshot(msgspec.json.decode(raw, type=Snapshot))
    assert restored.snapshot() == original.snapshot()
    for entry in entries[cut:]:
        assert fold(restored, entry) == fold(original, entry)
    assert restored.snapshot() == original.snapshot()
    assert restored.all_rooms() == original.all_rooms()


@given(histories, decisions)
def test_a_room_shown_is_never_out_of_date(facts: list[Event], ordered: list[Event]) -> None:
    """Computed rooms are kept; every entry must drop those that it changes."""
    state = State()
    for entry in numbered([*facts, *ordered]):
        fold(state, entry)
        shown = state.all_rooms()
        assert shown == State.from_snapshot(state.snapshot()).all_rooms()


crowds = st.lists(
    st.builds(
        lambda report, key, second, user: report(key, DAY + 1_000 * second, user=user),
        st.sampled_from([joined, joined, seen, updated]),
        st.sampled_from(["j@", "k@"]),
        st.integers(0, 2),
        st.sampled_from(["anna", "bert", "carla"]),
    )
    | st.builds(lambda key, second: left(key, DAY + 1_000 * second), st.sampled_from(["j@", "k@"]), st.integers(0, 2)),
    max_size=10,
)
"""Many reports about few keys that are taken again, mostly joins, at the very same times."""


@given(crowds | histories)
def test_an_id_names_one_participant_of_a_room(facts: list[Event]) -> None:
    for room in told(facts).all_rooms():
        ids = [one.id for one in room.participants]
        assert len(ids) == len(set(ids))


def test_people_are_counted_not_connections() -> None:
    state = told([joined("p", DAY, user="anna"), joined("q", DAY + 1, user="anna"), joined("r", DAY + 2)])
    assert (the_room(state).people, len(the_room(state).here())) == (2, 3)


def test_what_somebody_published_first_is_gone_with_them() -> None:
    state = told([published("p", "s", DAY), left("p", DAY + 5)])
    (participant,) = the_room(state).participants
    assert (participant.joined_at, participant.left_at, participant.streams) == (DAY, DAY + 5, ())


def test_who_was_removed_is_told_from_who_left() -> None:
    facts = [joined("p", DAY), joined("q", DAY), joined("r", DAY), left("p", DAY + 5), left("q", DAY + 5)]
    state = told([*facts, left("r", DAY + 5, forced=True), kicked("p")])
    assert {one.id: one.state for one in the_room(state).participants} == {
        "p": "disconnected",
        "q": "left",
        "r": "disconnected",
    }


def test_a_room_that_nobody_was_ever_seen_in_is_not_shown() -> None:
    assert told([left("p", DAY)]).room(KEY) is None
    assert State().all_rooms() == []


def test_a_room_is_called_what_the_newest_participant_calls_it() -> None:
    first = a_fact(ParticipantJoined(participant="p", room_name="appt-17"), DAY)
    later = a_fact(ParticipantJoined(participant="q", room_name="appt-18"), DAY + 1)
    assert the_room(folded(an_entry(later), an_entry(first))).name == "appt-18"
    assert the_room(folded(an_entry(joined("r", DAY + 2)), an_entry(first))).name == "appt-17"


def test_a_room_that_nobody_knows_leaves_nothing_behind() -> None:
    state = State()
    for number in range(100):
        assert state.room(RoomKey(KEY.source, RoomId(f"room {number}"))) is None
    assert state._views == {}
