"""How appointments are going, and which of them meet."""

import pytest

from moderator.domain.announcements import Appointment, Listed, RoomAnnounced
from moderator.domain.attendance import GRACE_MS, Attendance, attendances, missing, overlap, planned_end
from moderator.domain.events import Event
from moderator.domain.settings import MINUTE_MS, RoomType, Settings
from tests.fakes.builders import DAY, ROOM, SOURCE, a_decision, an_entry, folded, joined, left, room_ended

HOUR_MS = 60 * MINUTE_MS
SETTINGS = Settings(room_types=(RoomType(name="visit", duration_ms=HOUR_MS, match_room="appt-*"),))
ALLOW = (Listed("u1", "doctor"), Listed("u2"))


def announced(name: str, starts_at: int, *, room: str = ROOM, duration_ms: int | None = HOUR_MS) -> Event:
    data = RoomAnnounced(name=name, room=room, starts_at=starts_at, duration_ms=duration_ms, allow=ALLOW)
    event = a_decision(data, starts_at, room=None)
    return Event(id=event.id, source=SOURCE, at=starts_at, actor=event.actor, data=data)


def attendance(name: str, now: int, *events: Event) -> Attendance:
    state = folded(*(an_entry(event, key=number) for number, event in enumerate(events)))
    wanted = state.announced.appointment(SOURCE, name)
    assert wanted is not None
    (found,) = attendances(state, [wanted], now)
    return found


APPT = announced("appt-1", DAY)


@pytest.mark.parametrize(
    ("events", "now", "state", "here", "been", "awaited", "gone"),
    [
        ([], DAY - HOUR_MS, "announced", (), (), ("u1", "u2"), ()),
        ([], DAY + GRACE_MS - 1, "announced", (), (), ("u1", "u2"), ()),
        ([], DAY + GRACE_MS, "missed", (), (), (), ("u1", "u2")),
        ([joined("c1", DAY - 1000, user="u1")], DAY, "live", ("u1",), (), ("u2",), ()),
        ([joined("c1", DAY, user="u1")], DAY + GRACE_MS, "live", ("u1",), (), (), ("u2",)),
        ([joined("c1", DAY, user="u1"), left("c1", DAY + 1)], DAY + GRACE_MS, "live", (), ("u1",), (), ("u2",)),
        (
            [joined("c1", DAY, user="u1"), left("c1", DAY + 1), joined("d1", DAY + 9, user="u1")],
            DAY + 10,
            "live",
            ("u1",),
            (),
            ("u2",),
            (),
        ),
        ([joined("c1", DAY, user="u1"), room_ended(DAY + 5)], DAY + GRACE_MS, "over", (), ("u1",), (), ("u2",)),
        ([joined("cx", DAY, user="stranger")], DAY + GRACE_MS, "live", (), (), (), ("u1", "u2")),
    ],
)
def test_everybody_listed_is_somewhere(
    events: list[Event],
    now: int,
    state: str,
    here: tuple[str, ...],
    been: tuple[str, ...],
    awaited: tuple[str, ...],
    gone: tuple[str, ...],
) -> None:
    found = attendance("appt-1", now, APPT, *events)
    assert (found.state, found.here, found.been, found.awaited, found.missing) == (state, here, been, awaited, gone)


def test_who_comes_late_makes_a_missed_one_live() -> None:
    late = DAY + 30 * MINUTE_MS
    assert attendance("appt-1", late - 1, APPT).state == "missed"
    assert attendance("appt-1", late, APPT, joined("c1", late, user="u1")).state == "live"


def test_appointments_of_one_room_have_their_own_people() -> None:
    second = announced("appt-2", DAY + 2 * HOUR_MS)
    visits = [
        joined("c1", DAY, user="u1"),
        room_ended(DAY + HOUR_MS),
        joined("c2", DAY + 2 * HOUR_MS, user="u2"),
    ]
    now = DAY + 3 * HOUR_MS
    first_found = attendance("appt-1", now, APPT, second, *visits)
    second_found = attendance("appt-2", now, APPT, second, *visits)
    assert (first_found.state, first_found.been, first_found.missing) == ("over", ("u1",), ("u2",))
    assert (second_found.state, second_found.here, second_found.missing) == ("live", ("u2",), ("u1",))
    assert first_found.instance != second_found.instance


def test_a_room_is_found_by_its_name() -> None:
    by_name = announced(ROOM, DAY, room="")
    found = attendance(ROOM, DAY, by_name, joined("c1", DAY, user="u1"))
    assert (found.room, found.here) == (ROOM, ("u1",))
    assert attendance(ROOM, DAY, by_name).room == ""


def test_nobody_is_missing_before_the_grace_is_over() -> None:
    assert missing(ALLOW, {"u2"}, DAY, DAY + GRACE_MS - 1) == ()
    assert missing(ALLOW, {"u2"}, DAY, DAY + GRACE_MS) == ("u1",)


def booked(starts_at: int, duration_ms: int | None, name: str = "x") -> Appointment:
    return Appointment(source=SOURCE, name=name, room=ROOM, starts_at=starts_at, duration_ms=duration_ms)


def test_an_end_is_planned_by_the_appointment_or_its_type() -> None:
    assert planned_end(booked(DAY, 5), SETTINGS) == DAY + 5
    assert planned_end(booked(DAY, None, "appt-1"), SETTINGS) == DAY + HOUR_MS
    assert planned_end(booked(DAY, None), SETTINGS) is None
    typed = Appointment(source=SOURCE, name="x", type="visit", starts_at=DAY)
    assert planned_end(typed, SETTINGS) == DAY + HOUR_MS


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (booked(DAY + 10, 10), False),
        (booked(DAY + 9, 10), True),
        (booked(DAY - 10, 10), False),
        (booked(DAY - 10, 11), True),
        (booked(DAY + 2, 1), True),
        (booked(DAY, None), True),
        (booked(DAY + 5, None), True),
        (booked(DAY - 5, None), False),
        (booked(DAY + 10, None), False),
    ],
)
def test_two_that_touch_do_not_meet(other: Appointment, meets: bool) -> None:
    assert overlap(booked(DAY, 10), other, SETTINGS) is meets
    assert overlap(other, booked(DAY, 10), SETTINGS) is meets
