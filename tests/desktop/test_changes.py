"""What is told in one turn, and what in the next."""

from moderator.desktop.changes import ROOMS_A_TURN, TURN_MS, Changes
from moderator.domain.accounting import DutyStarted
from moderator.domain.events import Event, ParticipantJoined, RoomEnded
from moderator.domain.fold import fold
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.retention import HOUR_MS
from moderator.domain.state import State
from tests.fakes.builders import DAY, KEY, SOURCE, a_decision, a_fact, an_entry, configured, joined, rules


def in_rooms(count: int) -> list[Event]:
    return [a_fact(ParticipantJoined(participant="p"), DAY, room=f"room-{number}") for number in range(count)]


def test_nothing_happened() -> None:
    assert not Changes()


def test_a_room_is_told_once_and_every_event_in_its_order() -> None:
    changes, events = Changes(), [joined("a", DAY), joined("b", DAY + 1)]
    changes.note(events[:1], State())
    changes.note(events[1:], State())
    portion = changes.take()
    assert (portion.replaced, portion.rooms, portion.events) == (False, frozenset({KEY}), tuple(events))
    assert not changes


def test_many_rooms_come_in_portions_and_the_events_with_the_last() -> None:
    changes, events = Changes(), in_rooms(2 * ROOMS_A_TURN + 1)
    changes.note(events, State())
    portions = [changes.take() for _ in range(3)]
    assert [len(one.rooms) for one in portions] == [ROOMS_A_TURN, ROOMS_A_TURN, 1]
    assert [len(one.events) for one in portions] == [0, 0, len(events)]
    assert not changes


def test_portions_are_as_large_as_there_is_time_for() -> None:
    changes = Changes()
    changes.note(in_rooms(5 * ROOMS_A_TURN), State())
    sizes = []
    for ms in (TURN_MS + 1, TURN_MS + 1, TURN_MS + 1, 1, 1, 1, 1, 1, 1, 1, 1):
        sizes.append(len(changes.take().rooms))
        changes.took(sizes[-1], ms)
    assert sizes == [64, 32, 16, 16, 24, 32, 40, 48, 48, 0, 0]


def test_where_everything_is_told_no_room_is_told_by_itself() -> None:
    changes = Changes()
    changes.note(in_rooms(2 * ROOMS_A_TURN), State())
    changes.note([configured(rules(duration_ms=60_000))], State())
    portion = changes.take()
    assert (portion.replaced, portion.rooms, len(portion.events)) == (True, frozenset(), 2 * ROOMS_A_TURN + 1)
    assert not changes


def test_an_event_without_a_room_is_told_alone() -> None:
    changes, event = Changes(), a_decision(DutyStarted(moderator="maya", name="Maya"), room=None)
    changes.note([event], State())
    portion = changes.take()
    assert (portion.replaced, portion.rooms, portion.events) == (False, frozenset(), (event,))


def test_rooms_that_the_state_forgets_are_told_although_nothing_happens_in_them() -> None:
    changes, state = Changes(), State()

    def happens(event: Event, at: int) -> None:
        changes.note(fold(state, an_entry(event, recorded_at=at)), state)

    happens(a_fact(ParticipantJoined(participant="p"), DAY, room="old"), DAY)
    happens(a_fact(RoomEnded(), DAY + 1, room="old"), DAY + 1)
    for hours in range(1, 30):
        changes.take()
        at = DAY + hours * HOUR_MS
        happens(a_fact(ParticipantJoined(participant=f"p{hours}"), at, room="other"), at)
        if state.room(RoomKey(SOURCE, RoomId("old"))) is None:
            break
    assert hours > 24
    assert {key.room for key in changes.take().rooms} == {"old", "other"}
