"""What people in a room are told, once each, and only while it is news."""

from typing import get_args

import pytest

from moderator.domain.events import (
    DeadlineReported,
    DeadlineSet,
    Event,
    MessageConfirmed,
    MessageRequested,
    WarningRaised,
)
from moderator.domain.kinds import Reason
from moderator.domain.policy import decide
from moderator.domain.settings import Mode, Settings, Telling
from moderator.domain.telling import NEWS_MS, farewell, spelt, tells_reason
from moderator.domain.wanted import still_wanted
from tests.fakes.builders import DAY, a_decision, a_fact, deadline_set, extended, joined, left, rules
from tests.fakes.enforcer import Enforcer

MINUTE = 60_000
LIMIT = 10 * MINUTE
ENDS = DAY + LIMIT


def telling(*tell: Telling, can: tuple[str, ...] = ("message", "tell"), mode: Mode = "enforce") -> Settings:
    return rules(duration_ms=LIMIT, tell=tell, can=can, mode=mode)


def a_session(settings: Settings) -> Enforcer:
    enforcer = Enforcer(settings)
    enforcer.tell(joined("p", DAY, user="anna"))
    return enforcer


def told(enforcer: Enforcer) -> list[tuple[int, str]]:
    """When, in seconds before the first end, and what."""
    return [
        ((ENDS - event.recorded_at) // 1000, event.data.text)
        for event in enforcer.read
        if isinstance(event.data, MessageRequested)
    ]


WARNINGS = [
    (300, "This session ends in 5 minutes."),
    (60, "This session ends in 1 minute."),
    (20, "This session ends in 20 seconds."),
]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (telling("warning"), WARNINGS),
        (telling("warning", "extension", "removal"), WARNINGS),
        (telling("extension", "removal"), []),
        (telling(), []),
        (telling("warning", can=()), []),
        (telling("warning", mode="observe"), []),  # it does not end then
        (telling("warning", mode="off"), []),
    ],
)
def test_warnings_are_told_once_each(settings: Settings, expected: list[tuple[int, str]]) -> None:
    enforcer = a_session(settings)
    enforcer.run_until(ENDS + LIMIT)
    assert told(enforcer) == expected
    assert len(enforcer.of(WarningRaised)) == 3


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (300, "This session was extended: 11 minutes are left."),
        (-300, "This session was shortened: 1 minute is left."),
        (-315, "This session was shortened: 45 seconds are left."),
        (0, None),
    ],
)
def test_a_change_is_told_once(seconds: int, text: str | None) -> None:
    enforcer = a_session(telling("extension"))
    enforcer.at(DAY + 4 * MINUTE, extended(seconds, version=2))
    enforcer.run_until(DAY + 5 * MINUTE)
    assert [one for _, one in told(enforcer)] == ([] if text is None else [text])


def test_each_of_several_changes_is_told() -> None:
    enforcer = a_session(telling("extension"))
    enforcer.tell(extended(60, version=2))
    enforcer.tell(extended(-60, version=3))
    assert [text for _, text in told(enforcer)] == [
        "This session was extended: 11 minutes are left.",
        "This session was shortened: 10 minutes are left.",
    ]


def test_the_first_deadline_is_no_change_nor_is_what_the_timer_corrects() -> None:
    enforcer = Enforcer(telling("extension"))
    enforcer.tell(joined("p", DAY), a_decision(DeadlineSet(version=2, ends_at=ENDS)))
    assert told(enforcer) == []


def test_a_change_that_the_platform_takes_back_at_once_is_not_told() -> None:
    enforcer = a_session(telling("extension"))
    enforcer.tell(a_fact(DeadlineReported(ends_at=ENDS), DAY + 1))
    enforcer.tell(deadline_set(ENDS + MINUTE, version=enforcer.room.deadline_version + 1))
    assert enforcer.room.deadline is not None
    assert (enforcer.room.deadline.ends_at, told(enforcer)) == (ENDS, [])


def test_after_an_outage_the_time_that_is_left_is_told() -> None:
    enforcer = a_session(telling("warning"))
    enforcer.now = ENDS + MINUTE
    enforcer.act()
    assert [text for _, text in told(enforcer)] == ["This session ends in 20 seconds."], "the grace"


def test_what_is_old_is_not_told() -> None:
    """The gateway was away between the raising of the warning and the message."""
    enforcer = a_session(telling("warning", "extension"))
    enforcer.add(extended(60, version=2))
    enforcer.now += NEWS_MS - 1
    assert len(enforcer.proposals()) == 1
    enforcer.now += 1
    assert enforcer.proposals() == []


def test_nobody_is_told_in_an_empty_room() -> None:
    enforcer = a_session(telling("warning"))
    enforcer.tell(left("p", DAY + 2 * MINUTE))
    enforcer.run_until(ENDS - 4 * MINUTE)
    assert told(enforcer) == []


def test_what_was_sent_is_not_sent_again_whatever_became_of_it() -> None:
    enforcer = a_session(telling("warning"))
    enforcer.run_until(ENDS - 5 * MINUTE)
    (message,) = enforcer.room.pending
    enforcer.tell(a_decision(MessageConfirmed(command=message.id)))  # type: ignore[arg-type]
    again = a_decision(MessageRequested(text="again", about="warning 1-300000"))
    (refused,) = enforcer.tell(again)
    assert refused.kind == "decision_refused"
    assert len(told(enforcer)) == 1


@pytest.mark.parametrize("later", [extended(60, version=2), None])
def test_a_message_falls_when_it_is_no_news_any_more(later: Event | None) -> None:
    enforcer = a_session(telling("warning"))
    enforcer.run_until(ENDS - 5 * MINUTE)
    (message,) = enforcer.of(MessageRequested)
    assert still_wanted(enforcer.room, message, enforcer.now, held=True), "it removes nobody"
    if later is not None:
        enforcer.add(later)
    now = enforcer.now + (NEWS_MS if later is None else 0)
    assert not still_wanted(enforcer.room, message, now, held=False)


def test_gateways_word_it_differently_but_it_is_one_message() -> None:
    enforcer = a_session(telling("extension"))
    enforcer.add(extended(60, version=2))
    ids = {
        proposal.event(enforcer.room, now).id
        for now in (enforcer.now, enforcer.now + 40_000)
        for proposal in decide(enforcer.room, now)
    }
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (telling("removal"), True),
        (telling("removal", mode="off"), True),  # a moderator may remove somebody in any room
        (telling("warning"), False),
        (telling("removal", can=("message",)), False),
        (Settings(), False),
    ],
)
def test_whether_a_reason_is_told(settings: Settings, expected: bool) -> None:
    assert tells_reason(a_session(settings).room) is expected


def test_every_reason_can_be_told() -> None:
    texts = {farewell(reason) for reason in get_args(Reason)}
    assert len(texts) == len(get_args(Reason))
    assert farewell("room_full") == "You are being disconnected: this session is full."


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (-1, "0 seconds"),
        (400, "0 seconds"),
        (1_000, "1 second"),
        (19_990, "20 seconds"),
        (59_499, "59 seconds"),
        (59_990, "1 minute"),
        (89_000, "1 minute"),
        (299_990, "5 minutes"),
        (3_600_000, "60 minutes"),
    ],
)
def test_times_as_people_say_them(ms: int, words: str) -> None:
    assert spelt(ms) == words
