"""One thing that happened is told once."""

import pytest
from msgspec.structs import replace

from moderator.client.telling import is_about, is_told
from moderator.domain import events as e
from moderator.domain.accounting import Checkpoint, EscalationSent, EscalationStarted
from moderator.domain.announcements import AnnouncementWithdrawn, Appointment, RoomAnnounced
from moderator.domain.events import Actor, Event
from moderator.domain.ids import EventId, InstanceId, RoomId, SourceName
from moderator.domain.kinds import Data
from tests.fakes.builders import DAY, a_decision, a_fact, an_entry, folded, joined, left, room_started, the_room

TIMER = Actor("timer")


def told(*events: Event) -> list[str]:
    return [event.kind for event in events if is_told(event)]


def test_one_extension_on_a_platform_is_told_once() -> None:
    command = e.ExtensionRequested(version=2, ends_at=DAY + 90_000, seconds=30)
    assert told(
        a_decision(command),
        a_fact(e.DeadlineReported(ends_at=DAY + 90_000), DAY),
        a_decision(e.DeadlineExtended(version=2, seconds=30, reported_ends_at=DAY + 90_000)),
        a_decision(e.ExtensionConfirmed(command=EventId("c"))),
        a_fact(e.DeadlineReported(ends_at=DAY + 90_000), DAY + 5),
    ) == ["deadline_extended"]


def test_which_moderator_looks_at_what_is_no_news() -> None:
    assert told(a_decision(e.ViewingStarted()), a_decision(e.ViewingEnded())) == []


def test_an_extension_that_failed_is_told() -> None:
    command = e.ExtensionRequested(version=2, ends_at=DAY + 90_000, seconds=30)
    failed = e.ExtensionFailed(command=EventId("c"), why="not allowed")
    assert told(a_decision(command), a_decision(failed)) == ["extension_failed"]


def test_an_end_that_a_platform_sets_is_told_by_the_deadline_that_follows_it() -> None:
    reported = a_fact(e.DeadlineReported(ends_at=DAY), DAY)
    followed = a_decision(e.DeadlineSet(version=1, ends_at=DAY, kept_by="provider"), by=TIMER)
    cleared = a_decision(e.DeadlineCleared(version=2, reason="the platform has no limit"), by=TIMER)
    assert told(reported, followed, cleared) == ["deadline_set", "deadline_cleared"]


def test_how_machines_are_kept_out_is_not_told() -> None:
    machine = a_fact(e.ParticipantLeft(participant="PA_bot", machine=True), DAY)
    assert told(machine, left("c3", DAY), joined("c2", DAY)) == ["participant_left", "participant_joined"]


def test_that_somebody_is_being_told_and_that_the_log_is_sealed_is_no_news() -> None:
    started = EscalationStarted(subject="w", channel="email", gateway="g")
    sent = EscalationSent(subject="w", channel="email")
    assert told(a_decision(started), a_decision(Checkpoint(leaves=(), head="")), a_decision(sent)) == [
        "escalation_sent"
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (RoomAnnounced(name="appt-17", room="room-1", starts_at=DAY), True),
        (RoomAnnounced(name="cardio", starts_at=DAY), True),
        (RoomAnnounced(name="other", starts_at=DAY), False),
        (AnnouncementWithdrawn(name="appt-17", room="room-1"), True),
        (AnnouncementWithdrawn(name="next"), True),
        (AnnouncementWithdrawn(name="other", room="room-2"), False),
    ],
)
def test_appointments_are_news_of_the_room_that_they_are_for(data: Data, expected: bool) -> None:
    room = the_room(folded(an_entry(room_started(DAY, name="cardio"))))
    room = replace(room, next_appointment=Appointment(source="clinic", name="next", starts_at=DAY))
    event = replace(a_decision(data), room=None, instance=None)
    assert is_about(event, room) is expected
    assert not is_about(replace(event, source=SourceName("school")), room)


def test_news_of_a_room_is_of_its_instance() -> None:
    room = the_room(folded(an_entry(room_started(DAY))))
    assert is_about(joined("p", DAY), room)
    assert not is_about(replace(joined("p", DAY), instance=InstanceId("5")), room)
    assert not is_about(replace(joined("p", DAY), room=RoomId("room-2")), room)
