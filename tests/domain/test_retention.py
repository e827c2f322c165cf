"""What the state forgets, and what it must not."""

from msgspec.structs import replace

from moderator.domain.events import Event, PersonBlocked, SourceRecovered, SourceRestarted
from moderator.domain.fold import fold
from moderator.domain.retention import HOUR_MS, MEMORY_MS
from moderator.domain.state import State
from tests.fakes.builders import (
    DAY,
    KEY,
    SOURCE,
    a_decision,
    a_fact,
    an_entry,
    deadline_set,
    extended,
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
    assert (state.rooms[KEY].decided, state.rooms[KEY].presences[""].seats) == ({}, {})


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
