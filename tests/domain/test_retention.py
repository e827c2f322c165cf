"""What the state forgets, and what it must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.domain.events import CapabilitiesReported, Event, PersonBlocked, SourceRecovered, SourceRestarted
from moderator.domain.fold import fold
from moderator.domain.policy import decide
from moderator.domain.presence import EVERYBODY
from moderator.domain.retention import HOUR_MS, MEMORY_MS, prune
from moderator.domain.rooms import Room
from moderator.domain.state import State
from tests.fakes.builders import (
    DAY,
    KEY,
    SOURCE,
    a_decision,
    a_fact,
    an_entry,
    deadline_set,
    emptied,
    extended,
    folded,
    joined,
    left,
    room_ended,
    the_room,
)

FORGOTTEN = MEMORY_MS + 3 * HOUR_MS


def tell(state: State, *events: Event, at: int) -> None:
    for event in events:
        fold(state, an_entry(event, seq=state.seq + 1, recorded_at=at))


def later(state: State, at: int) -> None:
    """The time goes on elsewhere."""
    tell(state, a_fact(SourceRecovered(), at, room=None), at=at)


def test_an_ended_room_is_forgotten_when_nothing_can_come_of_it_any_more() -> None:
    state = State()
    tell(state, joined("p", DAY), left("p", DAY + 5), deadline_set(DAY + 9), room_ended(DAY + 10), at=DAY + 10)
    later(state, DAY + 10 + MEMORY_MS)
    assert the_room(state).state == "ended"
    later(state, DAY + FORGOTTEN)
    assert state.room(KEY) is None
    assert list(state.rooms) == []


def test_nothing_is_kept_of_a_room_and_its_next_instance_still_has_a_name_of_its_own() -> None:
    state = State()
    tell(state, joined("p", DAY), room_ended(DAY + 10), at=DAY + 10)
    tell(state, replace(joined("p", DAY), id="other", room="room-2"), at=DAY)
    tell(state, replace(room_ended(DAY + 20), id="its end", room="room-2"), at=DAY + 20)
    later(state, DAY + FORGOTTEN)
    assert list(state.rooms) == []
    tell(state, joined("q", DAY + FORGOTTEN), at=DAY + FORGOTTEN)
    tell(state, replace(joined("p", DAY + FORGOTTEN), id="third", room="room-3"), at=DAY + FORGOTTEN)
    assert [room.instance for room in state.all_rooms()] == [str(DAY + 20)] * 2
    assert State.from_snapshot(state.snapshot()).snapshot() == state.snapshot()


def test_a_room_of_a_platform_that_names_instances_is_forgotten_whole() -> None:
    state = State()
    tell(state, joined("p", DAY, instance="call-1"), room_ended(DAY + 10, instance="call-1"), at=DAY + 10)
    later(state, DAY + FORGOTTEN)
    assert state.rooms == {}


def test_instances_after_the_forgotten_ones_have_ids_of_their_own() -> None:
    """An id used twice would let old decisions, which the log remembers for good, swallow new ones."""
    state = State()
    tell(state, joined("p", DAY), room_ended(DAY + 10), at=DAY + 10)
    first = the_room(state).instance
    later(state, DAY + FORGOTTEN)
    again = DAY + FORGOTTEN + 1
    tell(state, joined("q", again), at=again)
    assert (the_room(state).instance, the_room(state).people) == (str(DAY + 10), 1)
    assert first != the_room(state).instance
    later(state, again + FORGOTTEN)
    assert the_room(state).instance == str(DAY + 10), "a room that goes on keeps its id"


def test_a_long_session_keeps_its_people_and_its_deadline() -> None:
    state = State()
    tell(state, joined("p", DAY, user="anna"), deadline_set(DAY + 100 * HOUR_MS), at=DAY)
    before = the_room(state)
    for hour in range(1, 60):
        later(state, DAY + hour * HOUR_MS)
    assert replace(the_room(state), version=before.version) == before


def test_decisions_about_a_room_that_is_yet_to_be_seen_are_kept_a_day() -> None:
    state = State()
    tell(state, deadline_set(DAY + HOUR_MS), at=DAY)
    later(state, DAY + MEMORY_MS)
    tell(state, joined("p", DAY + MEMORY_MS), extended(60, version=2), at=DAY + MEMORY_MS)
    assert the_room(state).deadline_version == 2


def test_blocks_are_kept() -> None:
    state = State()
    tell(state, joined("p", DAY), a_decision(PersonBlocked(user="anna")), room_ended(DAY + 1), at=DAY + 1)
    for days in range(1, 5):
        later(state, DAY + days * FORGOTTEN)
    tell(state, joined("q", DAY + 5 * FORGOTTEN), at=DAY + 5 * FORGOTTEN)
    assert [block.user for block in the_room(state).blocks] == ["anna"]


def test_a_repeat_is_known_for_a_day_and_refused_by_its_age_after_that() -> None:
    state = State()
    event = joined("p", DAY)
    tell(state, event, room_ended(DAY + 1), at=DAY + 1)
    for at in (DAY + MEMORY_MS, DAY + MEMORY_MS + 1, DAY + FORGOTTEN, DAY + 2 * FORGOTTEN):
        later(state, at)
        read = fold(state, an_entry(event, seq=99, recorded_at=at))
        assert all(one.late for one in read)
        assert KEY not in state.rooms or all(room.state == "ended" for room in state.all_rooms())
    assert len(state.verdicts) < 4


def test_the_last_restart_of_a_source_is_kept() -> None:
    state = State()
    for at in (DAY, DAY + 1):
        tell(state, a_fact(SourceRestarted(), at, room=None), at=at)
    later(state, DAY + 2 * FORGOTTEN)
    assert state.restarts == {SOURCE: (DAY + 1,)}


# --- rooms that never empty ----------------------------------------------------------------------------------------


def test_a_room_that_never_empties_forgets_who_left_and_nothing_else() -> None:
    state = State()
    tell(state, joined("first", DAY, user="anna"), deadline_set(DAY + 900 * HOUR_MS), at=DAY)
    tell(state, joined("host", DAY + 1, user="bert"), left("first", DAY + HOUR_MS), at=DAY + HOUR_MS)
    for hour in range(2, 100):
        tell(state, joined(f"p{hour}", DAY + hour * HOUR_MS), at=DAY + hour * HOUR_MS)
        tell(state, left(f"p{hour}", DAY + (hour + 1) * HOUR_MS), at=DAY + (hour + 1) * HOUR_MS)
    room = the_room(state)
    assert (room.started_at, room.deadline_version, room.people) == (DAY, 1, 1)
    assert [one.id for one in room.participants] == ["host", *(f"p{hour}" for hour in range(74, 100))]
    presence = state.rooms[KEY].presences[""]
    assert (len(presence.seats), presence.starts) == (27, (DAY,)), "no trace is kept of each"


def test_who_was_cut_off_within_the_day_is_remembered_however_long_they_had_been_there() -> None:
    state = State()
    tell(state, joined("p", DAY), at=DAY)
    tell(state, room_ended(DAY + 40 * HOUR_MS), at=DAY + 40 * HOUR_MS)
    later(state, DAY + 41 * HOUR_MS)
    assert [one.id for one in the_room(state).participants] == ["p"]


def test_who_left_with_everybody_does_not_come_back_by_being_forgotten() -> None:
    state = State()
    tell(state, joined("p", DAY), joined("q", DAY + 5), left(EVERYBODY, DAY + 10), at=DAY + 10)
    for hours in range(24, 60):
        later(state, DAY + hours * HOUR_MS)
        assert the_room(state).people == 0


def test_an_empty_room_that_could_not_be_judged_for_days_ends_at_last() -> None:
    """Its end follows from the last leave, so that one must not be forgotten."""
    state = State()
    tell(state, joined("p", DAY), left("p", DAY + 5), joined("q", DAY + 1), left("q", DAY + 9), at=DAY + 9)
    for hour in range(1, 60):
        later(state, DAY + hour * HOUR_MS)
    now = DAY + 60 * HOUR_MS
    (proposal,) = decide(the_room(state), now)
    tell(state, proposal.event(the_room(state), now), at=now)
    assert (the_room(state).started_at, the_room(state).ended_at) == (DAY, proposal.at)


@pytest.mark.parametrize("q_stays_ms", [1_000, HOUR_MS])
def test_an_end_that_was_void_stays_void_when_those_who_were_there_are_forgotten(q_stays_ms: int) -> None:
    state = State()
    back_at = DAY + 60_000 + q_stays_ms
    tell(state, joined("p", DAY), left("p", DAY + 5), deadline_set(DAY + 900 * HOUR_MS), at=DAY + 5)
    tell(state, emptied(DAY + 5, DAY + 60_005), at=DAY + 60_005)
    tell(state, joined("q", DAY + 60_000), left("q", back_at), joined("r", back_at), at=back_at)
    for hour in range(1, 80):
        later(state, DAY + hour * HOUR_MS)
        assert (the_room(state).instance, the_room(state).started_at, the_room(state).deadline_version) == ("0", DAY, 1)
    assert [one.id for one in the_room(state).participants] == ["r"]


def test_a_block_that_expired_is_forgotten_and_no_other() -> None:
    state = State()
    for user, until in (("anna", DAY + HOUR_MS), ("bert", DAY + 90 * HOUR_MS), ("carla", None)):
        tell(state, a_decision(PersonBlocked(user=user, until=until)), at=DAY)
    tell(state, joined("p", DAY), at=DAY)
    later(state, DAY + HOUR_MS)
    assert len(the_room(state).blocks) == 3
    later(state, DAY + FORGOTTEN)
    assert [block.user for block in the_room(state).blocks] == ["bert", "carla"]
    later(state, DAY + 90 * HOUR_MS + FORGOTTEN)
    assert [block.user for block in the_room(state).blocks] == ["carla"]


# --- when it happens -----------------------------------------------------------------------------------------------

QUARTER_MS = HOUR_MS // 4
quarters = st.integers(0, 300).map(lambda quarter: DAY + quarter * QUARTER_MS)
keys = st.sampled_from(["7@", "8@"])
happenings = st.one_of(
    st.builds(joined, keys, quarters, user=st.sampled_from(["anna", "bert"])),
    st.builds(left, keys | st.just(EVERYBODY), quarters),
    st.builds(room_ended, quarters),
    st.builds(lambda since: emptied(since, since + 2 * QUARTER_MS), quarters),
)
days = st.lists(st.tuples(happenings, st.integers(0, 92)), max_size=14, unique_by=lambda found: found[0].id)
"""What happened in three days, and how many quarters of an hour later it was reported."""


def played(found: list[tuple[Event, int]], ticks: list[int], *, forgetting: bool = True) -> State:
    """Told in the order of reports; at each tick something is recorded about another room."""
    state = State()
    tell(state, joined("9@", DAY), left("9@", DAY + 1), deadline_set(DAY + 900 * HOUR_MS), at=DAY + 1)
    told: list[tuple[int, Event]] = [(event.at + late * QUARTER_MS, event) for event, late in found]
    told += [(tick, a_fact(SourceRecovered(), tick, room=None)) for tick in ticks]
    for at, event in sorted(told, key=lambda one: (one[0], one[1].id)):
        state.pruned_at = state.pruned_at if forgetting else at
        tell(state, event, at=at)
    return state


@given(days, st.lists(quarters, max_size=5, unique=True))
def test_it_does_not_matter_when_things_are_forgotten(found: list[tuple[Event, int]], ticks: list[int]) -> None:
    """Pruning comes with whatever is recorded next, also of other rooms; a reader of one room sees less of that."""
    end = max((event.at + late * QUARTER_MS for event, late in found), default=DAY)
    hourly = list(range(DAY, end, HOUR_MS))
    expected = played(found, [end]).all_rooms()
    for more in (ticks, hourly):
        shown = played(found, [*(tick for tick in more if tick < end), end]).all_rooms()
        assert [_timeless(room) for room in shown] == [_timeless(room) for room in expected]


@given(days, quarters)
def test_who_is_there_and_until_when_is_never_forgotten(found: list[tuple[Event, int]], now: int) -> None:
    found = [(event, late) for event, late in found if event.at + late * QUARTER_MS <= now]
    shown, complete = (played(found, [now], forgetting=on).room(KEY) for on in (True, False))
    if shown is None:
        assert complete is None or complete.state == "ended"
        return
    assert complete is not None
    assert (shown.state, shown.instance, shown.started_at) == (complete.state, complete.instance, complete.started_at)
    assert (shown.deadline, shown.here()) == (complete.deadline, complete.here())
    recent = [one for one in complete.participants if one.left_at is None or one.left_at >= now - MEMORY_MS]
    assert set(recent) <= set(shown.participants)


def _timeless(room: Room) -> Room:
    return replace(room, version=0)


def test_a_fact_from_the_future_hides_nobody() -> None:
    state = folded(an_entry(joined("c1", DAY), recorded_at=DAY))
    fold(state, an_entry(a_fact(SourceRestarted(), DAY + 300 * 86_400_000, room=None), recorded_at=DAY + 1))
    (late,) = fold(state, an_entry(left("c1", DAY + 2 * HOUR_MS), recorded_at=DAY + 2))
    assert late.late
    room = state.room(KEY)
    assert room is not None
    assert [one.id for one in room.here()] == ["c1"]


def test_a_clock_that_was_wrong_once_does_not_end_pruning() -> None:
    state = State()
    prune(state, DAY + 30 * 365 * 86_400_000)
    prune(state, DAY)
    assert state.pruned_at == DAY


def test_what_an_account_may_not_do_is_forgotten_with_the_room_and_not_before() -> None:
    denied = a_fact(CapabilitiesReported(unavailable={"extend": "no grant"}), DAY, instance="call-1")
    state = folded(an_entry(joined("p", DAY, instance="call-1"), denied))
    prune(state, DAY + 3 * MEMORY_MS)
    assert state.rooms[KEY].unavailable is not None, "somebody is still there"
    fold(state, an_entry(room_ended(DAY + 3 * MEMORY_MS, instance="call-1"), recorded_at=DAY + 3 * MEMORY_MS))
    prune(state, DAY + 6 * MEMORY_MS)
    assert KEY not in state.rooms
