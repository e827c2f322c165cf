"""Which room a name means, and for how long."""

import pytest
from msgspec.structs import replace

from moderator.domain.accounting import CredentialsIssued
from moderator.domain.announced import DAY_MS, KEPT_MS
from moderator.domain.announcements import RoomOpened
from moderator.domain.events import Event, PersonBlocked, SourceRecovered
from moderator.domain.fold import fold
from moderator.domain.retention import HOUR_MS, MEMORY_MS
from moderator.domain.room_states import RoomStates
from moderator.domain.state import State
from tests.fakes.builders import (
    DAY,
    KEY,
    ROOM,
    SOURCE,
    a_decision,
    a_fact,
    an_entry,
    announced,
    joined,
    left,
    room_ended,
    room_started,
)

NAME = "class"
LONG = KEPT_MS + MEMORY_MS + 3 * HOUR_MS
"""Enough, counted from the last use."""


def tell(state: State, *events: Event, at: int) -> None:
    for event in events:
        fold(state, an_entry(event, seq=state.seq + 1, recorded_at=at))


def later(state: State, at: int) -> None:
    """The time goes on elsewhere."""
    tell(state, a_fact(SourceRecovered(), at, room=None), at=at)


@pytest.fixture
def state() -> State:
    """A room was opened for a name, and that is all."""
    state = State()
    tell(state, replace(a_decision(RoomOpened(name=NAME, room=ROOM), room=None), source=SOURCE), at=DAY)
    return state


def found(state: State) -> str:
    return state.announced.room_for(SOURCE, NAME)


def test_a_name_that_is_not_used_is_forgotten(state: State) -> None:
    later(state, DAY + KEPT_MS)
    assert found(state) == ROOM
    later(state, DAY + LONG)
    assert (found(state), state.announced.opened(), state.name_of(KEY)) == ("", (), ROOM)


@pytest.mark.parametrize(
    "use",
    [
        lambda at: [joined("p", at), left("p", at + 1), room_ended(at + 2)],
        lambda at: [a_decision(CredentialsIssued(user="u", room_name=NAME, expires_at=at), at, key=at)],
    ],
    ids=["people come and go", "credentials only"],
)
def test_a_name_in_use_is_kept_until_long_after_the_last_time(state: State, use) -> None:  # type: ignore[no-untyped-def]
    last = DAY
    for days in (60, 120, 180):
        last = DAY + days * DAY_MS
        tell(state, *use(last), at=last + 2)
    later(state, last + KEPT_MS)
    assert found(state) == ROOM
    assert State.from_snapshot(state.snapshot()).announced.opened() == state.announced.opened()
    later(state, last + LONG)
    assert found(state) == ""


def test_a_name_is_not_forgotten_while_somebody_is_in_the_room(state: State) -> None:
    tell(state, joined("p", DAY), at=DAY)
    for months in range(1, 13):
        later(state, DAY + 30 * months * DAY_MS)
    assert found(state) == ROOM
    assert [room.name for room in state.all_rooms()] == [NAME]
    over = DAY + 361 * DAY_MS
    tell(state, left("p", over), room_ended(over + 1), at=over + 1)
    later(state, over + LONG)
    assert found(state) == ""


@pytest.mark.parametrize("members", [{"name": NAME, "room": ""}, {"name": "appt-17", "room": ROOM}])
def test_a_name_is_not_forgotten_while_an_appointment_of_its_room_stands(state: State, members: dict[str, str]) -> None:
    starts_at = DAY + 2 * KEPT_MS
    tell(state, announced(starts_at=starts_at, **members), at=DAY)  # type: ignore[arg-type]
    later(state, starts_at)
    assert found(state) == ROOM
    later(state, starts_at + LONG)
    assert found(state) == ""


@pytest.mark.parametrize(("until", "is_kept"), [(None, True), (DAY + HOUR_MS, False)])
def test_a_name_is_not_forgotten_while_its_room_keeps_somebody_out(
    state: State, until: int | None, is_kept: bool
) -> None:
    tell(state, joined("p", DAY), a_decision(PersonBlocked(user="anna", until=until)), room_ended(DAY + 1), at=DAY + 1)
    later(state, DAY + LONG)
    later(state, DAY + 2 * LONG)
    assert (found(state) == ROOM) == is_kept


def test_an_announcement_does_not_look_at_every_room(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(state, room_started(DAY, name="visit-1"), at=DAY)
    assert state.name_of(KEY) == NAME
    monkeypatch.setattr(RoomStates, "__iter__", None)
    tell(state, announced(room=""), at=DAY)
    assert state.name_of(KEY) == "visit-1", "it is its room by the platform's name of it"
