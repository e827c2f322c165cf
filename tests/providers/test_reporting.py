import pytest

from moderator.domain.events import DeadlineReported, ParticipantJoined, ProviderEventUnknown
from moderator.providers.reporting import MAX_PROBLEM, Reporter, problem_of

REPORTER = Reporter("clinic", "vonage")
JOINED = ParticipantJoined(participant="p1", user="u1")


def test_the_same_fact_is_the_same_event() -> None:
    event = REPORTER.fact("room-1", 5, JOINED)
    assert REPORTER.fact("room-1", 5, JOINED) == event
    assert (event.source, event.room, event.at, event.instance) == ("clinic", "room-1", 5, None)
    assert (event.actor.kind, event.actor.id) == ("provider", "vonage")


def test_another_fact_room_time_or_instance_is_another_event() -> None:
    events = [
        REPORTER.fact("room-1", 5, JOINED),
        REPORTER.fact("room-2", 5, JOINED),
        REPORTER.fact("room-1", 6, JOINED),
        REPORTER.fact("room-1", 5, JOINED, "call-1"),
        REPORTER.fact("room-1", 5, ParticipantJoined(participant="p1")),
        REPORTER.fact("room-1", 5, DeadlineReported()),
        Reporter("school", "vonage").fact("room-1", 5, JOINED),
    ]
    assert len({event.id for event in events}) == len(events)


def test_a_notice_is_one_for_each_delivery() -> None:
    notice = ProviderEventUnknown(problem="not JSON")
    event = REPORTER.notice(notice, 9, b"{")
    assert (event.room, event.at, event.data) == (None, 9, notice)
    assert REPORTER.notice(notice, 10, b"{").id == event.id
    assert REPORTER.notice(notice, 9, b"[").id != event.id
    assert REPORTER.notice(notice, 9, b"{", "room-1").room == "room-1"


@pytest.mark.parametrize("length", [3, 500])
def test_a_problem_is_short(length: int) -> None:
    assert problem_of(ValueError("x" * length)) == "x" * min(length, MAX_PROBLEM)
