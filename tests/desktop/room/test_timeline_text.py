import time
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.room.timeline_rows import newest_first, timeline_row
from moderator.desktop.room.timeline_text import timeline_text
from moderator.domain.events import Actor, DisconnectRequested, Event, PersonBlocked, ViolationFound, WarningRaised
from moderator.domain.rooms import Room
from tests.fakes.builders import DAY, a_decision, joined
from tests.fakes.desktop import a_person, a_room, an_appointment

HOUR = 3_600_000
NOON = DAY + 11 * HOUR


@pytest.fixture(autouse=True)
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


def told(room: Room, *events: Event) -> list[str]:
    rows = newest_first(timeline_row(replace(one, seq=n), room) for n, one in enumerate(events))
    return timeline_text(room, rows).splitlines()


def test_why_somebody_was_cut_is_all_in_it() -> None:
    room = a_room(people=[a_person("c9", "Eve", user="guest-88")])
    policy, maya = Actor("policy", "allow_list"), Actor("moderator", "m", "Maya")
    lines = told(
        room,
        joined("c9", NOON, name="Eve"),
        a_decision(
            ViolationFound(policy="allow_list", participant="c9", reason="not_listed", enforced=True), NOON + 1000
        ),
        a_decision(DisconnectRequested(participant="c9", reason="not_listed"), NOON + 2000, by=policy),
        a_decision(PersonBlocked(user="guest-88", reason="not_listed"), NOON + 3000, by=maya),
    )
    assert lines == [
        "cardio-14 (clinic/cardio-14)",
        "Room type: appointment",
        "",
        "2023-11-14, CET (UTC+01:00)",
        "12:00:00  Eve joined",
        "12:00:01  Eve is not allowed here: not on the list",
        "12:00:02  Eve is being disconnected by allow_list: not on the list",
        "12:00:03  Maya blocked Eve for good",
    ]


def test_each_day_and_what_was_late_say_so() -> None:
    room = replace(a_room(rules=None), type=None)
    warned = replace(a_decision(WarningRaised(deadline_version=1, threshold_ms=300_000), NOON + 24 * HOUR), late=True)
    lines = told(room, joined("c2", NOON, name="bill"), warned)
    assert lines[2:] == [
        "2023-11-14, CET (UTC+01:00)",
        "12:00:00  bill joined",
        "",
        "2023-11-15, CET (UTC+01:00)",
        "12:00:00  5:00 left (reported late)",
    ]


def test_what_was_announced_stands_on_top() -> None:
    appointment = an_appointment("cardio-14")
    lines = told(replace(a_room(), appointment=appointment))
    assert lines[2].startswith(f"Announced {clock_time(appointment.starts_at, with_seconds=False)}")
