import pytest
from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.orders.extending import asking, booking, runs_into, step_s, wanted_end
from moderator.desktop.orders.intents import Intent
from moderator.domain.announcements import Appointment
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from tests.fakes.desktop import NOW, a_room, an_appointment, limits

OURS = a_room("ours")
THEIRS = replace(a_room("theirs"), provider="stream", deadline_is_platforms=True)
OPEN = replace(a_room("open", left_s=None), provider="stream", deadline_is_platforms=True)
ROOMS = {room.key: room for room in (OURS, THEIRS, OPEN)}


def extend(room: Room, *, seconds: int = 0, ends_at: int = 0) -> Intent:
    return Intent(action="extend", room=room.key, seconds=seconds, ends_at=ends_at)


def test_the_usual_step_is_the_rooms_own() -> None:
    assert [step_s(a_room(rules=rules)) for rules in (limits(step_ms=90_000), None)] == [90, 300]


@pytest.mark.parametrize(
    ("intents", "said"),
    [
        ([extend(THEIRS)], "theirs: asking Stream for 5 min more…"),
        ([extend(THEIRS, seconds=90)], "theirs: asking Stream for 1 min 30 s more…"),
        ([extend(THEIRS, seconds=-300)], "theirs: asking Stream for 5 min less…"),
        (
            [extend(OPEN, ends_at=NOW)],
            f"open: asking Stream to end at {clock_time(NOW, with_seconds=False)}…",
        ),
        ([extend(OURS), extend(THEIRS), extend(OPEN)], "Asking Stream about 2 of 3 rooms…"),
    ],
)
def test_who_is_asked_and_for_what_is_said(intents: list[Intent], said: str) -> None:
    notice = asking(intents, ROOMS.get)
    assert notice
    assert notice.text == said


@pytest.mark.parametrize(
    "wish",
    [
        extend(OURS),
        Intent(action="mute", room=THEIRS.key),
        Intent(action="extend", room=RoomKey(OURS.key.source, OURS.key.room)),
        extend(a_room("gone")),
        Intent(action="hold"),
    ],
)
def test_where_no_platform_is_asked_nothing_is_said(wish: Intent) -> None:
    assert asking([wish], ROOMS.get) is None


# --- the next appointment of the room ------------------------------------------------------------------------------

SOON = an_appointment("appt-18", 600)
BOOKED = replace(a_room("booked", left_s=500), next_appointment=SOON)


@pytest.mark.parametrize(
    ("room", "ends_at", "expected"),
    [
        (BOOKED, SOON.starts_at, None),
        (BOOKED, SOON.starts_at + 1, SOON),
        (OURS, SOON.starts_at + 1, None),
        (replace(a_room(left_s=None), next_appointment=SOON), SOON.starts_at + 1, SOON),
        (replace(a_room(left_s=700), next_appointment=SOON), SOON.starts_at + 900_000, None),
    ],
    ids=["up to it", "into it", "nothing comes", "a first end", "it is in it already"],
)
def test_what_takes_time_from_the_next_appointment(room: Room, ends_at: int, expected: Appointment | None) -> None:
    assert runs_into(room, ends_at) == expected


def test_where_a_wish_for_more_time_leads() -> None:
    assert BOOKED.deadline
    assert wanted_end(extend(BOOKED), BOOKED) == BOOKED.deadline.ends_at + 300_000
    assert wanted_end(extend(BOOKED, seconds=-60), BOOKED) == BOOKED.deadline.ends_at - 60_000
    assert wanted_end(extend(OPEN, ends_at=NOW), OPEN) == NOW
    assert wanted_end(extend(OPEN), OPEN) is None


def test_a_booking_in_words() -> None:
    assert booking(SOON) == f"appt-18 begins at {clock_time(SOON.starts_at, with_seconds=False)} in this room."
