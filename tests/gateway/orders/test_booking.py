"""How the end of a room moves with its appointment."""

import pytest
from msgspec.structs import replace

from moderator.domain.announcements import Appointment
from moderator.domain.rooms import Deadline, Limits, Room
from moderator.domain.settings import MINUTE_MS, RoomType, Settings, StartRule
from moderator.gateway.orders.booking import moved_end
from tests.fakes.builders import DAY, SOURCE, an_entry, folded, joined, the_room

HOUR_MS = 60 * MINUTE_MS
SETTINGS = Settings(room_types=(RoomType(name="visit", duration_ms=HOUR_MS),))
BEFORE = Appointment(source=SOURCE, name="appt-1", starts_at=DAY, duration_ms=HOUR_MS)
DEADLINE = Deadline(ends_at=DAY + HOUR_MS, version=4, kept_by="gateway", warn_ms=(20_000,), basis="scheduled")
ROOM = the_room(folded(an_entry(joined("c1", DAY, user="u1"))))


def a_room(starts: StartRule, **deadline: object) -> Room:
    limits = Limits(
        max_people=None,
        duration_ms=HOUR_MS,
        starts=starts,
        resume_within_ms=0,
        warn_ms=(),
        extension_step_ms=1,
        on_expiry="alert",
        mode="enforce",
    )
    return replace(ROOM, limits=limits, deadline=replace(DEADLINE, **deadline))


def moved(room: Room, **changes: object) -> int | None:
    found = moved_end(room, BEFORE, replace(BEFORE, **changes), SETTINGS)
    assert found is None or found.version == 5
    return None if found is None else found.seconds


@pytest.mark.parametrize(
    ("starts", "changes", "by_s"),
    [
        ("first_join", {"starts_at": DAY + 5_000}, None),
        ("scheduled", {"starts_at": DAY + 5_999}, 5),
        ("scheduled", {"starts_at": DAY + 5_000, "duration_ms": HOUR_MS - 5_500}, None),
        ("scheduled", {"starts_at": DAY - 7_000, "duration_ms": HOUR_MS + 5_000}, -2),
        ("second_person", {"duration_ms": HOUR_MS + 5_000}, 5),
        ("first_join", {"duration_ms": None}, None),
        ("first_join", {"type": "visit", "duration_ms": 1_000}, 1 - HOUR_MS // 1_000),
    ],
)
def test_it_moves_by_what_the_plan_moved(starts: StartRule, changes: dict[str, object], by_s: int | None) -> None:
    assert moved(a_room(starts), **changes) == by_s


def test_an_end_of_the_platforms_and_none_at_all_are_left_alone() -> None:
    assert moved(a_room("first_join", kept_by="provider"), duration_ms=1) is None
    assert moved(replace(ROOM, deadline=None), duration_ms=1) is None
