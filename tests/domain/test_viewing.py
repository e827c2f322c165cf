"""Who looks at which room, and that nothing else depends on it."""

import pytest
from msgspec.structs import replace

from moderator.domain.events import Actor, Event, ViewingEnded, ViewingStarted
from moderator.domain.fold import concerned, fold
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.retention import HOUR_MS, MEMORY_MS
from moderator.domain.rooms import Viewer
from moderator.domain.settings import MINUTE_MS
from moderator.domain.state import State
from moderator.domain.viewing import BELIEVED_MS, viewed_by, viewers
from tests.fakes.builders import DAY, KEY, SOURCE, a_decision, an_entry, joined, room_ended, the_room

OTHER = RoomKey(SOURCE, RoomId("room-2"))
MAX = Actor("moderator", "max", "Max")
ZOE = Actor("moderator", "zoe", "Zoë")


def looks(by: Actor, room: str = KEY.room, *, key: object = "") -> Event:
    return a_decision(ViewingStarted(), by=by, room=room, key=key)


def looks_away(by: Actor, room: str = KEY.room) -> Event:
    return a_decision(ViewingEnded(), by=by, room=room)


def tell(state: State, *events: Event, at: int) -> None:
    for event in events:
        fold(state, an_entry(event, seq=state.seq + 1, recorded_at=at))


@pytest.fixture
def state() -> State:
    """Two rooms with somebody in each."""
    state = State()
    tell(state, joined("p", DAY), replace(joined("q", DAY), room=OTHER.room), at=DAY)
    return state


def ids(state: State, key: RoomKey = KEY) -> list[str]:
    return [one.id for one in the_room(state, key).viewers]


def test_who_looks_is_known_by_name_and_since_when(state: State) -> None:
    tell(state, looks(MAX), at=DAY + 5)
    assert the_room(state).viewers == (Viewer("max", "Max", DAY + 5),)


def test_a_moderator_looks_at_one_room_and_the_newest_counts(state: State) -> None:
    tell(state, looks(MAX), looks(ZOE), looks(MAX, "room-2"), at=DAY)
    assert (ids(state), ids(state, OTHER), viewed_by(state, "max")) == (["zoe"], ["max"], [OTHER])


def test_who_leaves_a_room_that_they_left_before_stays_in_the_other(state: State) -> None:
    tell(state, looks(MAX), looks(MAX, "room-2"), looks_away(MAX), at=DAY)
    assert (ids(state), ids(state, OTHER)) == ([], ["max"])


def test_saying_it_again_makes_it_younger(state: State) -> None:
    tell(state, looks(MAX), at=DAY)
    tell(state, looks(MAX, key=2), at=DAY + 300_000)
    assert the_room(state).viewers == (Viewer("max", "Max", DAY + 300_000),)


def test_nothing_else_of_the_room_changes_and_no_rule_looks_at_it(state: State) -> None:
    before = the_room(state)
    tell(state, looks(MAX), at=DAY + 5)
    assert replace(the_room(state), viewers=()) == before
    assert concerned(state, looks(MAX)) == []


def test_a_room_that_is_not_known_has_no_viewers() -> None:
    state = State()
    tell(state, looks(MAX), looks_away(MAX), at=DAY)
    assert (len(state.rooms), viewed_by(state, "max")) == (0, [])


@pytest.mark.parametrize(("age_ms", "shown"), [(BELIEVED_MS - 1, ["max", "zoe"]), (BELIEVED_MS, ["zoe"])])
def test_who_has_not_said_so_for_long_is_not_shown(state: State, age_ms: int, shown: list[str]) -> None:
    tell(state, looks(MAX), at=DAY)
    tell(state, looks(ZOE), at=DAY + 60_000)
    assert [one.id for one in viewers(the_room(state), DAY + age_ms)] == shown
    assert "zoe" not in [one.id for one in viewers(the_room(state), DAY + age_ms, but="zoe")]


def test_it_survives_a_snapshot_and_is_forgotten_in_time(state: State) -> None:
    tell(state, looks(MAX), at=DAY)
    assert ids(State.from_snapshot(state.snapshot())) == ["max"]
    tell(state, room_ended(DAY + 9), at=DAY + 9)
    tell(state, replace(joined("r", DAY + HOUR_MS), room=OTHER.room), at=DAY + MEMORY_MS + 3 * HOUR_MS)
    assert KEY not in state.rooms or state.rooms[KEY].viewers == ()
    assert viewed_by(state, "max") == []


def test_the_index_of_who_looks_is_that_of_the_rooms_themselves(state: State) -> None:
    tell(state, looks(MAX), looks(ZOE), at=DAY)
    restored = State.from_snapshot(state.snapshot())
    tell(restored, looks(MAX, "room-2", key=2), looks_away(ZOE), at=DAY + 1)
    assert (viewed_by(restored, "max"), viewed_by(restored, "zoe")) == ([OTHER], [])
    del restored.rooms[OTHER]
    assert viewed_by(restored, "max") == []


def test_who_is_not_shown_any_more_is_forgotten_when_another_comes(state: State) -> None:
    tell(state, looks(MAX), at=DAY)
    tell(state, looks(ZOE), at=DAY + BELIEVED_MS)
    assert ids(state) == ["zoe"]
    assert viewed_by(state, "max") == []


def test_who_is_not_shown_any_more_is_forgotten_within_the_hour(state: State) -> None:
    tell(state, looks(MAX), at=DAY + 40 * MINUTE_MS)
    tell(state, looks(ZOE, OTHER.room), at=DAY + 55 * MINUTE_MS)
    tell(state, joined("r", DAY + HOUR_MS), at=DAY + HOUR_MS)
    assert (ids(state), ids(state, OTHER)) == ([], ["zoe"])
