"""Who gets credentials, and why not: the rules of a room before anybody is in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.domain.admission import admit, ends_at, may_share_screen, role_of
from moderator.domain.announcements import Appointment, Listed
from moderator.domain.events import Event, PersonAllowed, PersonBlocked, RoomLocked, TimeExpired
from moderator.domain.rooms import Room
from moderator.domain.settings import MINUTE_MS, RoomType, Settings
from tests.fakes.builders import (
    DAY,
    SOURCE,
    a_decision,
    an_entry,
    deadline_set,
    folded,
    joined,
    left,
    room_ended,
    the_room,
)

NOW = DAY + 10 * MINUTE_MS
HOUR_MS = 60 * MINUTE_MS
OPEN = RoomType(name="open", mode="enforce")
TWO = replace(OPEN, max_people=2)
LISTED = replace(OPEN, allow="listed")
SCHEDULED = replace(OPEN, starts="scheduled", duration_ms=HOUR_MS)
APPOINTMENT = Appointment(
    source=SOURCE, name="appt-17", starts_at=DAY, allow=(Listed("anna", "advisor"), Listed("bert"))
)
PAIR = (joined("p", DAY, user="anna"), joined("q", DAY + 1, user="bert"))
BLOCKED = a_decision(PersonBlocked(user="carla", until=NOW + 1))
ALLOWED = a_decision(PersonAllowed(person="carla"))
LOCKED = a_decision(RoomLocked(people=("anna", "bert", "dora")))
IS_UP = deadline_set(NOW)
IS_NOT_UP = deadline_set(NOW + 1)


def a_room(*events: Event) -> Room | None:
    """After these, one entry each; None where there are none."""
    entries = [an_entry(event, seq=number, recorded_at=DAY + number) for number, event in enumerate(events, start=1)]
    return the_room(folded(*entries, settings=Settings((OPEN,)))) if events else None


def observing(type_: RoomType) -> RoomType:
    return replace(type_, mode="observe")


@pytest.mark.parametrize(
    ("events", "appointment", "type_", "user", "expected"),
    [
        ((), None, None, "carla", None),
        ((), None, OPEN, "", None),
        (PAIR, None, OPEN, "carla", None),
        # blocked: whatever the type and its mode, also by an instance before, but not for ever
        ((*PAIR, BLOCKED), None, None, "carla", "blocked"),
        ((*PAIR, BLOCKED), None, replace(TWO, mode="off"), "carla", "blocked"),
        ((*PAIR, BLOCKED, room_ended(DAY + 5)), None, OPEN, "carla", "blocked"),
        ((*PAIR, BLOCKED), None, OPEN, "dora", None),
        ((*PAIR, a_decision(PersonBlocked(user="carla", until=NOW))), None, OPEN, "carla", None),
        ((*PAIR, a_decision(PersonBlocked(user="carla"))), None, OPEN, "carla", "blocked"),
        ((joined("p", DAY, user="carla"), BLOCKED), None, OPEN, "carla", "blocked"),
        # time over: who is there does not come back either
        ((*PAIR, IS_UP), None, OPEN, "carla", "time_over"),
        ((*PAIR, IS_UP), None, OPEN, "anna", "time_over"),
        ((*PAIR, IS_UP, ALLOWED), None, OPEN, "carla", "time_over"),
        ((*PAIR, IS_NOT_UP), None, OPEN, "carla", None),
        ((*PAIR, deadline_set(DAY + 5), a_decision(TimeExpired(deadline_version=1))), None, OPEN, "anna", "time_over"),
        ((*PAIR, IS_UP), None, observing(OPEN), "carla", None),
        ((*PAIR, IS_UP), None, replace(OPEN, on_expiry="alert"), "carla", None),
        ((*PAIR, IS_UP), None, None, "carla", None),
        ((*PAIR, IS_UP, room_ended(DAY + 5)), None, OPEN, "carla", None),
        ((), replace(APPOINTMENT, starts_at=NOW - HOUR_MS), SCHEDULED, "anna", "time_over"),
        ((), replace(APPOINTMENT, starts_at=NOW - HOUR_MS + 1), SCHEDULED, "anna", None),
        ((), replace(APPOINTMENT, duration_ms=10 * MINUTE_MS), SCHEDULED, "anna", "time_over"),
        ((*PAIR, IS_NOT_UP), replace(APPOINTMENT, duration_ms=1), SCHEDULED, "anna", None),
        ((), replace(APPOINTMENT, starts_at=0), replace(SCHEDULED, starts="first_join"), "anna", None),
        ((), APPOINTMENT, replace(SCHEDULED, duration_ms=None), "anna", None),
        # not listed
        ((), APPOINTMENT, LISTED, "carla", "not_listed"),
        ((), APPOINTMENT, LISTED, "", "not_listed"),
        ((), APPOINTMENT, LISTED, "bert", None),
        ((), APPOINTMENT, OPEN, "carla", None),
        ((), None, LISTED, "anna", "not_listed"),
        ((), APPOINTMENT, observing(LISTED), "carla", None),
        ((*PAIR, ALLOWED), APPOINTMENT, LISTED, "carla", None),
        ((joined("p", DAY, user="carla"),), APPOINTMENT, LISTED, "carla", None),
        ((joined("p", DAY, user="carla"), left("p", DAY + 1)), APPOINTMENT, LISTED, "carla", "not_listed"),
        # full: people, not connections; who was there before has a place
        (PAIR, None, TWO, "carla", "room_full"),
        (
            (PAIR[0], joined("q", DAY + 1, user="carla"), BLOCKED),
            None,
            TWO,
            "bert",
            None,
        ),  # who has to go takes no place
        (PAIR, None, TWO, "", "room_full"),
        (PAIR, None, TWO, "anna", None),
        (PAIR, None, observing(TWO), "carla", None),
        (PAIR, None, replace(TWO, max_people=3), "carla", None),
        ((*PAIR, ALLOWED), None, TWO, "carla", None),
        ((PAIR[0], joined("p2", DAY + 3, user="anna")), None, TWO, "carla", None),
        ((*PAIR, left("q", DAY + 3)), None, TWO, "carla", None),
        ((*PAIR, left("p", DAY + 2), joined("r", DAY + 3, user="carla")), None, TWO, "anna", None),
        ((*PAIR, left("p", DAY + 2), joined("r", DAY + 3, user="carla")), None, TWO, "dora", "room_full"),
        ((*PAIR, a_decision(PersonAllowed(person="bert"))), None, TWO, "carla", None),
        ((*PAIR, room_ended(DAY + 5)), None, TWO, "carla", None),
        # locked: whatever the mode
        ((*PAIR, LOCKED), None, None, "carla", "locked"),
        ((*PAIR, LOCKED), None, observing(OPEN), "carla", "locked"),
        ((*PAIR, LOCKED), None, OPEN, "", "locked"),
        ((*PAIR, LOCKED), None, OPEN, "anna", None),
        ((*PAIR, LOCKED), None, OPEN, "dora", None),
        ((*PAIR, LOCKED, ALLOWED), None, OPEN, "carla", None),
        ((*PAIR, LOCKED, room_ended(DAY + 5)), None, OPEN, "carla", None),
        # in this order
        ((*PAIR, BLOCKED, IS_UP, LOCKED), APPOINTMENT, replace(LISTED, max_people=2), "carla", "blocked"),
        ((*PAIR, IS_UP, LOCKED), APPOINTMENT, replace(LISTED, max_people=2), "carla", "time_over"),
        ((*PAIR, LOCKED), APPOINTMENT, replace(LISTED, max_people=2), "carla", "not_listed"),
        ((*PAIR, LOCKED), None, TWO, "carla", "room_full"),
    ],
)
def test_who_may_join(
    events: tuple[Event, ...],
    appointment: Appointment | None,
    type_: RoomType | None,
    user: str,
    expected: str | None,
) -> None:
    room = a_room(*events)
    refusal = admit(room, room.blocks if room else (), appointment, type_, user, NOW)
    assert (refusal.code if refusal else None) == expected
    assert refusal is None or (refusal.why and user not in refusal.why.split())


@given(
    mode=st.sampled_from(["off", "observe"]),
    events=st.permutations([PAIR[1], IS_UP, ALLOWED, room_ended(DAY + 5)]),
    count=st.integers(0, 4),
    user=st.sampled_from(["", "anna", "carla"]),
    appointment=st.sampled_from([None, APPOINTMENT]),
)
def test_what_is_only_observed_refuses_nobody(
    mode: Any, events: list[Event], count: int, user: str, appointment: Appointment | None
) -> None:
    type_ = replace(LISTED, max_people=1, starts="scheduled", duration_ms=1, mode=mode)
    assert admit(a_room(PAIR[0], *events[:count]), (), appointment, type_, user, NOW) is None


def test_a_list_has_the_last_word_about_roles() -> None:
    assert role_of(APPOINTMENT, "anna", "patient") == "advisor"
    others = ((APPOINTMENT, "bert"), (APPOINTMENT, "x"), (None, "anna"))
    assert {role_of(appointment, user, "patient") for appointment, user in others} == {"patient"}


@pytest.mark.parametrize(
    ("type_", "role", "expected"),
    [
        (None, "", True),
        (OPEN, "patient", True),
        (replace(OPEN, screen_share=("advisor",)), "advisor", True),
        (replace(OPEN, screen_share=("advisor",)), "patient", False),
        (replace(OPEN, screen_share=("advisor",)), "", False),
        (replace(OPEN, screen_share=()), "advisor", False),
        (replace(OPEN, screen_share=("advisor",), mode="observe"), "patient", True),
    ],
)
def test_who_may_share_a_screen(type_: RoomType | None, role: str, expected: bool) -> None:
    assert may_share_screen(type_, role) is expected


def test_a_deadline_is_known_before_an_appointment_s_end() -> None:
    assert ends_at(None, APPOINTMENT, SCHEDULED) == DAY + HOUR_MS
    assert ends_at(a_room(*PAIR, IS_UP), APPOINTMENT, SCHEDULED) == NOW
    assert ends_at(a_room(*PAIR), None, SCHEDULED) is None
