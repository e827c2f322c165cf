"""One thing that happened is told once."""

from moderator.client.telling import is_told
from moderator.domain import events as e
from moderator.domain.events import Actor, Event
from moderator.domain.ids import EventId
from tests.fakes.builders import DAY, a_decision, a_fact, joined, left

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
