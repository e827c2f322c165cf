"""What each event says, and that the picture does not depend on the order in which it is told."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.domain.events import DeadlineReported, ParticipantJoined, ParticipantLeft, RoomEnded, RoomStarted
from moderator.domain.kinds import Data
from moderator.providers.reporting import NotUnderstoodError
from moderator.providers.stream.facts import Body, facts_of
from tests.providers.stream.made import (
    ANA,
    BEGIN,
    BOB,
    HOUR_MS,
    RECORDED,
    SESSION,
    call,
    event,
    fixture,
    folded,
    joined,
    left,
    ns,
    parse,
    participant,
    room_of,
    session,
    started,
    text,
)

DOCTOR = ParticipantJoined(participant=ANA, user="dr-41", name="Dr Forty-One", role="specialist")
GUEST = ParticipantJoined(participant=BOB, user="guest-42", name="Guest Forty-Two", role="patient")
STARTED = (BEGIN, RoomStarted())
CAME = [(BEGIN + 142, DOCTOR), (BEGIN + 15_142, GUEST)]


def told(body: Any) -> list[tuple[int, Data]]:
    """Each with its time; all of one session."""
    found = facts_of(msgspec.convert(body, Body))
    assert found is not None
    assert {one.instance for one in found} <= {SESSION}
    return [(one.at, one.data) for one in found]


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("call.created", []),
        ("call.session_started", [STARTED, CAME[0], (BEGIN + 142, DeadlineReported(ends_at=BEGIN + HOUR_MS))]),
        ("call.session_started.ns", [STARTED, CAME[0], (BEGIN + 142, DeadlineReported(ends_at=BEGIN + HOUR_MS))]),
        ("call.session_participant_joined", [CAME[1]]),
        (
            "call.updated_extended_to_5400",
            [STARTED, *CAME, (BEGIN + 3_000_142, DeadlineReported(ends_at=BEGIN + 5_400_000))],
        ),
        ("call.session_participant_left", [CAME[1], (BEGIN + 3_302_142, ParticipantLeft(participant=BOB))]),
        ("call.ended_by_moderator", [(BEGIN + 3_500_412, RoomEnded(reason="ended by Moderator One"))]),
    ],
)
def test_recorded_events(name: str, facts: list[tuple[int, Data]]) -> None:
    assert told(fixture(f"webhooks/{name}.json")) == facts


def test_every_recorded_event_is_understood() -> None:
    kinds = {name: {one.kind for one in parse(fixture(f"webhooks/{name}.json"))} for name in RECORDED}
    assert [name for name, found in kinds.items() if "provider_event_unknown" in found] == [
        "call.blocked_user",
        "call.user_muted",
    ], "known news, in words"


def test_the_same_fact_is_the_same_event_whichever_delivery_told_it() -> None:
    texts, numbers = (parse(fixture(f"webhooks/call.session_started{form}.json")) for form in ("", ".ns"))
    assert [one.id for one in texts] == [one.id for one in numbers]
    (guest,) = parse(fixture("webhooks/call.session_participant_joined.json"))
    assert guest.id in {one.id for one in parse(fixture("webhooks/call.updated_extended_to_5400.json"))}
    assert guest.id in {one.id for one in parse(fixture("webhooks/call.session_participant_left.json"))}


def test_a_call_without_a_limit_has_no_end() -> None:
    assert told(started(session()))[-1] == (BEGIN, DeadlineReported(ends_at=None))


def test_a_session_without_a_begin_begins_when_it_is_told() -> None:
    body = started(session(started_at=None), BEGIN + 5)
    assert told(body)[0] == (BEGIN + 5, RoomStarted())
    nothing = event("call.session_started", BEGIN + 5, session_id=SESSION, call=None)
    assert told(nothing) == [(BEGIN + 5, RoomStarted())]


def test_a_call_may_have_a_name_and_an_end_may_have_none() -> None:
    named = event("call.updated", call=call(session(), custom={"name": "Visit 7"}))
    assert told(named)[0] == (BEGIN, RoomStarted(name="Visit 7"))
    over = call(session(participant(ANA, "ana"), ended_at=ns(BEGIN + 9)))
    assert told(event("call.updated", call=over)) == []


@pytest.mark.parametrize("kind", ["call.reaction_new", "call.member_added", "call.ring", "custom"])
def test_what_is_told_in_passing_is_told_once(kind: str) -> None:
    """However often somebody waves: the end is told by those events only after which it may be another."""
    live = call(session(participant(ANA, "ana"), ends_at=BEGIN + HOUR_MS))
    first, second = (parse(event(kind, BEGIN + after, call=live)) for after in (5_000, 6_000))
    assert [one.id for one in first] == [one.id for one in second]
    assert [type(one.data) for one in first] == [RoomStarted, ParticipantJoined]


@pytest.mark.parametrize("kind", ["call.session_started", "call.created", "call.updated"])
def test_events_after_which_the_end_may_be_another(kind: str) -> None:
    live = call(session(ends_at=BEGIN + HOUR_MS))
    body = event(kind, BEGIN + 5_000, session_id=SESSION, call=live)
    assert told(body)[-1] == (BEGIN + 5_000, DeadlineReported(ends_at=BEGIN + HOUR_MS))


@pytest.mark.parametrize("kind", ["call.member_added", "call.member_removed", "call.live_started", "custom"])
def test_who_is_invited_is_not_there(kind: str) -> None:
    assert told(event(kind, call=None, members=["ana"])) == []


@pytest.mark.parametrize(
    ("body", "at", "reason"),
    [
        (event("call.session_ended", BEGIN + 9, session_id=SESSION, call=call()), BEGIN + 9, "the session ended"),
        (event("call.deleted", BEGIN + 9, call=call(session())), BEGIN + 9, "the call was deleted"),
        (event("call.ended", BEGIN + 9, call=call(current_session_id=SESSION)), BEGIN + 9, "ended by the platform"),
        (
            event(
                "call.ended", BEGIN + 9, call=call(session(), ended_at=ns(BEGIN + 8)), user={"id": "u"}, reason="why"
            ),
            BEGIN + 8,
            "ended by u: why",
        ),
    ],
)
def test_ends(body: Any, at: int, reason: str) -> None:
    assert told(body) == [(at, RoomEnded(reason=reason))]


def test_a_call_that_nobody_joined_has_nothing_to_end() -> None:
    assert told(event("call.ended", call=call())) == []
    assert told(event("call.deleted", call=None)) == []


@pytest.mark.parametrize(
    ("reason", "forced"), [("kicked", True), ("User Blocked", True), ("left", False), ("", False), (None, False)]
)
def test_whether_somebody_was_made_to_leave(reason: str | None, forced: bool) -> None:
    (_, (_, gone)) = told(left(BOB, "bob", BEGIN + 9, reason=reason))
    assert gone == ParticipantLeft(participant=BOB, reason=reason or "", forced=forced)


def test_a_participant_without_a_time_joins_when_it_is_told_and_is_not_told_of_in_passing() -> None:
    who = participant(ANA, "ana", None)
    came = event("call.session_participant_joined", BEGIN + 7, session_id=SESSION, participant=who)
    assert [at for at, _ in told(came)] == [BEGIN + 7]
    assert [type(data) for _, data in told(started(session(who)))] == [RoomStarted, DeadlineReported]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({**joined(ANA, "ana"), "session_id": None}, "no session is named"),
        ({**joined(ANA, "ana"), "participant": None}, "nobody is named"),
        ({**joined(ANA, "ana"), "created_at": None}, "no time"),
        ({**joined(ANA, "ana"), "created_at": "soon"}, "a time that is none"),
        (joined("", "ana"), "nobody is named"),
        (event("call.updated", call=call(session(ends_at=BEGIN + 400 * 24 * HOUR_MS))), "an end that is years ahead"),
    ],
)
def test_events_that_make_no_sense(body: Any, problem: str) -> None:
    with pytest.raises(NotUnderstoodError, match=problem):
        told(body)


def test_one_device_that_is_odd_hides_nobody() -> None:
    """Their ids are of their own choice."""
    odd, twice, nameless = participant("*", "eve"), participant(ANA, "mallory"), participant("", "zoe")
    room = room_of(folded(started(session(odd, participant(ANA, "ana"), twice, nameless))))
    assert sorted((one.id, one.user) for one in room.here()) == sorted([("%2A", "eve"), (ANA, "ana")])
    room = room_of(folded(joined("*", "eve"), joined("b@", "bob"), left("*", "eve", BEGIN + 9)))
    assert [(one.id, one.user) for one in room.here()] == [("b%40", "bob")]


def test_devices_of_a_user_are_participants_of_their_own() -> None:
    room = room_of(folded(joined("d1", "ana"), joined("d2", "ana", BEGIN + 5), left("d1", "ana", BEGIN + 9)))
    assert [(one.id, one.user) for one in room.here()] == [("d2", "ana")]
    assert room.instance == SESSION


def test_a_session_of_digits_is_the_platforms_own_all_the_same() -> None:
    room = room_of(folded(joined("d1", "ana", session_id="77")))
    assert (room.instance, room.instance_kept_by) == ("s77", "provider")


def test_dates_as_text_say_the_same_as_numbers() -> None:
    number = joined("d1", "ana", BEGIN + 5)
    who = {**number["participant"], "joined_at": text(BEGIN + 5)}
    (as_text,), (as_number,) = parse({**number, "created_at": text(BEGIN + 155), "participant": who}), parse(number)
    assert as_text == as_number


def _story() -> list[dict[str, Any]]:
    """Two people, one of them with two devices, an extension, and the end."""
    ana, bob, phone = (participant("a", "ana"), participant("b", "bob", BEGIN + 5), participant("p", "bob", BEGIN + 6))
    extended = call(session(ana, bob, phone, ends_at=BEGIN + 2 * HOUR_MS))
    over = session(ended_at=ns(BEGIN + 900))
    return [
        started(session(ana, ends_at=BEGIN + HOUR_MS)),
        joined("a", "ana"),
        joined("b", "bob", BEGIN + 5),
        joined("p", "bob", BEGIN + 6),
        event("call.updated", BEGIN + 300, call=extended),
        left("b", "bob", BEGIN + 400, BEGIN + 5, reason="kicked"),
        event("call.ended", BEGIN + 899, call=call(over), user=None),
        event("call.session_ended", BEGIN + 901, session_id=SESSION, call=call(over)),
    ]


STORY = _story()


@given(st.lists(st.sampled_from(range(len(STORY))), max_size=12), st.permutations(range(len(STORY))))
def test_any_order_and_any_repetition_give_the_same(again: list[int], order: list[int]) -> None:
    anyhow = room_of(folded(*(STORY[index] for index in [*order, *again])))
    assert replace(anyhow, version=0) == replace(room_of(folded(*STORY)), version=0)


def test_what_the_story_comes_to() -> None:
    live, over = room_of(folded(*STORY[:-2])), room_of(folded(*STORY))
    assert [(one.id, one.user) for one in live.here()] == [("a", "ana"), ("p", "bob")]
    assert live.reported_end is not None
    assert live.reported_end.ends_at == BEGIN + 2 * HOUR_MS
    assert (over.state, over.ended_at) == ("ended", BEGIN + 900)
