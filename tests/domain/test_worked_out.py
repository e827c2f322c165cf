"""Whatever was looked at in between, a room is as if it were worked out for the first time."""

from hypothesis import given

from moderator.domain.events import Event
from moderator.domain.fold import fold
from moderator.domain.state import State
from tests.domain.histories import decisions, histories, numbered
from tests.fakes.builders import DAY, KEY, an_entry, joined, left, published


@given(histories, decisions)
def test_looking_in_between_changes_nothing(facts: list[Event], decided: list[Event]) -> None:
    state = State()
    for entry in numbered([*facts, *decided]):
        fold(state, entry)
        known = State.from_snapshot(state.snapshot())
        assert state.all_rooms() == known.all_rooms()
        assert {key: list(state.instances(room)) for key, room in state.rooms.items()} == {
            key: list(known.instances(room)) for key, room in known.rooms.items()
        }


def test_a_report_about_one_leaves_what_is_known_of_the_others() -> None:
    state = State()
    fold(state, an_entry(joined("a", DAY), joined("b", DAY + 1)))
    before = state.room(KEY)
    fold(state, an_entry(published("b", "s", DAY + 2), key=2))
    after = state.room(KEY)
    assert before is not None
    assert after is not None
    assert after.participants[0] is before.participants[0]
    assert after.participants[1] != before.participants[1]


def test_what_is_forgotten_of_a_room_is_forgotten_here_too() -> None:
    state = State()
    fold(state, an_entry(joined("a", DAY), left("a", DAY + 1)))
    assert state.room(KEY) is not None
    state.forget_room(KEY)
    assert state.room(KEY) is None
    fold(state, an_entry(joined("b", DAY + 5), key=2))
    room = state.room(KEY)
    assert room is not None
    assert [one.id for one in room.participants] == ["b"]
