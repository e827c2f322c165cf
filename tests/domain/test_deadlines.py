"""Time limits, played through: warnings in time, nobody cut off unwarned, extensions that hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.deadlines import started_at
from moderator.domain.events import (
    DeadlineCleared,
    DeadlineExtended,
    DeadlineReported,
    DeadlineSet,
    DisconnectRequested,
    EnforcementHeld,
    EnforcementResumed,
    Event,
    ExtensionConfirmed,
    ExtensionFailed,
    ExtensionRequested,
    ParticipantLeft,
    RoomEndConfirmed,
    RoomEndFailed,
    RoomEndRequested,
    TimeExpired,
    WarningRaised,
)
from moderator.domain.policy import decide
from moderator.domain.presence import EVERYBODY
from moderator.domain.rooms import Deadline
from moderator.domain.settings import Mode, OnExpiry, StartRule
from moderator.domain.wanted import still_wanted
from tests.fakes.builders import (
    DAY,
    a_decision,
    a_fact,
    announced,
    deadline_set,
    extended,
    joined,
    left,
    room_started,
    rules,
)
from tests.fakes.enforcer import Enforcer

MINUTE = 60_000
LIMIT = 10 * MINUTE
ENDS = DAY + LIMIT
AN_HOUR = rules(duration_ms=LIMIT)


def a_session(*facts: Event, mode: str = "enforce", now: int = DAY) -> Enforcer:
    settings = rules(duration_ms=LIMIT, mode=mode)  # type: ignore[arg-type]
    enforcer = Enforcer(settings, now=now)
    enforcer.tell(*(facts or (joined("p", DAY, user="anna"), joined("q", DAY + 1, user="bert"))))
    return enforcer


def deadline(enforcer: Enforcer) -> Deadline:
    found = enforcer.room.deadline
    assert found is not None
    return found


def warnings(enforcer: Enforcer) -> list[tuple[int, int, int]]:
    """(time before the first deadline, version, threshold), in seconds."""
    return [
        ((ENDS - event.recorded_at) // 1000, event.data.deadline_version, event.data.threshold_ms // 1000)
        for event in enforcer.read
        if isinstance(event.data, WarningRaised)
    ]


# --- the first deadline --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "facts", "expected"),
    [
        ("first_join", [joined("p", DAY + 3), joined("q", DAY + 1)], DAY + 1),
        ("second_person", [joined("p", DAY), joined("q", DAY + 7)], DAY + 7),
        ("second_person", [joined("p", DAY, user="anna"), joined("q", DAY + 7, user="anna")], None),
        ("second_person", [joined("p", DAY), left("p", DAY + 5), joined("q", DAY + 7)], None),
        ("second_person", [joined("p", DAY), joined("q", DAY)], DAY),
        ("provider", [joined("p", DAY), joined("q", DAY)], None),
        ("provider", [joined("p", DAY), room_started(DAY + 9), room_started(DAY + 5)], DAY + 5),
        ("scheduled", [joined("p", DAY)], None),
        ("scheduled", [announced(starts_at=DAY + 60), joined("p", DAY)], DAY + 60),
        ("scheduled", [joined("p", DAY), announced(starts_at=DAY - 60)], DAY - 60),
    ],
)
def test_when_the_clock_starts(starts: str, facts: list[Event], expected: int | None) -> None:
    enforcer = Enforcer(rules(starts=starts))  # type: ignore[arg-type]
    enforcer.tell(*facts)
    assert started_at(enforcer.room, 0) == expected


@pytest.mark.parametrize(
    ("starts", "offset", "begins"),
    [
        ("first_join", 0, DAY + 5_000),
        ("first_join", -3_000, DAY + 2_000),
        ("first_join", 9_000, DAY + 10_000),  # not later than now
        ("provider", -3_000, DAY + 1_000),
        ("scheduled", -3_000, DAY + 60_000),  # the appointment is not in the platform's time, and still to come
    ],
)
def test_the_first_deadline_is_in_the_gateways_time(starts: StartRule, offset: int, begins: int) -> None:
    enforcer = Enforcer(rules(duration_ms=LIMIT, starts=starts))
    for event in (announced(starts_at=DAY + 60_000), room_started(DAY + 4_000), joined("p", DAY + 5_000)):
        enforcer.add(event)
    (proposal,) = decide(enforcer.room, DAY + 10_000, clock_offset_ms=offset)
    assert isinstance(proposal.data, DeadlineSet)
    assert (proposal.data.ends_at - LIMIT, proposal.data.basis) == (begins, f"{starts} at {begins}")


def test_an_appointment_has_its_own_duration() -> None:
    enforcer = Enforcer(rules(duration_ms=LIMIT, starts="scheduled"))
    enforcer.tell(announced(starts_at=DAY + MINUTE, duration_ms=30 * MINUTE), joined("p", DAY))
    assert deadline(enforcer).ends_at == DAY + 31 * MINUTE


def test_an_appointment_that_is_not_known_yet_sets_the_deadline_when_it_is() -> None:
    enforcer = Enforcer(rules(duration_ms=LIMIT, starts="scheduled"))
    enforcer.tell(joined("p", DAY))
    assert enforcer.room.deadline is None
    enforcer.at(DAY + MINUTE, announced(starts_at=DAY))
    assert deadline(enforcer).ends_at == ENDS
    enforcer.tell(announced(starts_at=DAY + MINUTE))
    assert deadline(enforcer).ends_at == ENDS, "once it is set, only people move it"


@pytest.mark.parametrize(
    ("mode", "on_expiry", "enforced"),
    [
        ("enforce", "disconnect", True),
        ("enforce", "end", True),
        ("enforce", "alert", False),
        ("observe", "disconnect", False),
        ("off", "end", False),
    ],
)
def test_time_that_is_up_says_how_many_have_to_go(mode: Mode, on_expiry: OnExpiry, enforced: bool) -> None:
    enforcer = Enforcer(rules(duration_ms=LIMIT, mode=mode, on_expiry=on_expiry))
    enforcer.tell(joined("p", DAY, user="anna"), joined("p2", DAY, user="anna"), joined("q", DAY + 1))
    enforcer.run_until(ENDS)
    (expired,) = enforcer.of(TimeExpired)
    assert expired.data == TimeExpired(deadline_version=1, people=2, enforced=enforced)


@pytest.mark.parametrize(
    ("added_s", "allowance_s"),
    [
        ([], 600),
        ([300], 300),
        ([300, 300], 0),
        ([300, -300], 600),  # undone
        ([-120], 720),  # time that was taken away can be given back
        ([600, 60], 0),
    ],
)
def test_what_may_still_be_added(added_s: list[int], allowance_s: int) -> None:
    enforcer = Enforcer(rules(duration_ms=LIMIT, max_extension_ms=600_000))
    enforcer.tell(joined("p", DAY))
    for version, seconds in enumerate(added_s, 2):
        enforcer.tell(extended(seconds, version=version, key=version))
    assert deadline(enforcer).allowance_ms == allowance_s * 1000
    assert deadline(enforcer).moved_ms == (added_s[-1] * 1000 if added_s else 0)


def test_a_platform_whose_clock_is_ahead_gives_nobody_more_time() -> None:
    enforcer = a_session(joined("p", DAY + 4_000), now=DAY)
    assert deadline(enforcer).ends_at == ENDS


# --- warnings ------------------------------------------------------------------------------------------------------


def test_each_threshold_is_raised_when_it_is_crossed() -> None:
    enforcer = a_session()
    enforcer.run_until(ENDS + LIMIT)
    assert warnings(enforcer) == [(300, 1, 300), (60, 1, 60), (20, 1, 20)]
    assert [event.recorded_at for event in enforcer.of(TimeExpired)] == [ENDS]


def test_of_several_crossed_at_once_the_tightest_is_raised() -> None:
    enforcer = a_session()
    enforcer.now = ENDS - 50_000  # after an outage
    enforcer.act()
    enforcer.run_until(ENDS)
    assert warnings(enforcer) == [(50, 1, 60), (20, 1, 20)]


def test_thresholds_above_the_time_left_count_as_raised() -> None:
    enforcer = Enforcer()
    enforcer.tell(joined("p", DAY), deadline_set(DAY + 90_000, warn_ms=(300_000, 60_000, 20_000)))
    enforcer.run_until(DAY + 90_000)
    assert [
        event.data.threshold_ms for event in enforcer.of(WarningRaised) if isinstance(event.data, WarningRaised)
    ] == [
        60_000,
        20_000,
    ]


@pytest.mark.parametrize(
    ("added_s", "expected"),
    [
        (29, [(20, 1, 20)]),  # 49 s left: all thresholds count as raised, people are in the picture
        (30, [(20, 1, 20), (-10, 2, 20)]),  # 50 s left: 30 s to spare before the last call
        (69, [(20, 1, 20), (-49, 2, 20)]),
        (70, [(20, 1, 20), (-10, 2, 60), (-50, 2, 20)]),
    ],
)
def test_a_threshold_is_armed_again_only_with_time_to_spare(added_s: int, expected: list[tuple[int, int, int]]) -> None:
    enforcer = a_session()
    enforcer.at(ENDS - 20_000, extended(added_s, version=2))
    enforcer.run_until(ENDS + LIMIT)
    assert [found for found in warnings(enforcer) if found[0] <= 20] == expected
    assert [event.recorded_at for event in enforcer.of(TimeExpired)] == [ENDS + added_s * 1000]


@pytest.mark.parametrize(
    ("left_s", "added_s", "expected"),
    [
        (310, 10, [(290, 2, 300)]),  # not raised yet and still ahead: people shall hear of it
        (301, 0, [(300, 2, 300)]),
        (299, 30, [(300, 1, 300)]),  # raised a second ago: once is enough
        (299, 31, [(300, 1, 300), (269, 2, 300)]),
        (301, -2, []),  # nothing was raised, and the next one tells people in time
    ],
)
def test_a_small_extension_takes_no_warning_away(
    left_s: int, added_s: int, expected: list[tuple[int, int, int]]
) -> None:
    enforcer = a_session()
    enforcer.at(ENDS - left_s * 1000, extended(added_s, version=2))
    enforcer.run_until(ENDS + LIMIT)
    assert [found for found in warnings(enforcer) if found[2] == 300] == expected
    assert (60 - added_s, 2, 60) in warnings(enforcer)


@st.composite
def journeys(draw: st.DrawFn) -> list[tuple[int, int]]:
    """(pause in seconds, seconds to add or to take), some of it longer than the session."""
    return draw(st.lists(st.tuples(st.integers(0, 400), st.integers(-300, 700)), max_size=6))


@given(journeys(), st.integers(0, 3 * LIMIT))
def test_nobody_is_cut_off_unwarned_and_no_warning_comes_twice(journey: list[tuple[int, int]], outage: int) -> None:
    enforcer = Enforcer(AN_HOUR, now=DAY + outage)  # the gateway hears of the session so late
    enforcer.tell(joined("p", DAY, user="anna"))
    for pause_s, seconds in journey:
        enforcer.run_until(enforcer.now + pause_s * 1000)
        enforcer.tell(extended(seconds, version=enforcer.room.deadline_version + 1))
    enforcer.run_until(max(enforcer.now, deadline(enforcer).ends_at) + MINUTE)
    raised = [(version, threshold) for _, version, threshold in warnings(enforcer)]
    assert len(raised) == len(set(raised))
    last_calls = [event.recorded_at for event in enforcer.of(WarningRaised) if _is_last_call(event)]
    for event in enforcer.of(TimeExpired):
        assert any(call + 20_000 <= event.recorded_at for call in last_calls)
    assert deadline(enforcer).expired
    assert enforcer.now >= deadline(enforcer).ends_at


def _is_last_call(event: Event) -> bool:
    return isinstance(event.data, WarningRaised) and event.data.threshold_ms == 20_000


# --- the end -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("late_by", [0, 1, 5 * MINUTE])
def test_a_deadline_found_past_gets_the_last_call_and_its_grace(late_by: int) -> None:
    enforcer = a_session(now=ENDS + late_by)
    assert [found[1:] for found in warnings(enforcer)] == [(1, 20)]
    enforcer.run_until(ENDS + late_by + 19_999)
    assert (enforcer.of(TimeExpired), enforcer.disconnected()) == ([], [])
    enforcer.run_until(ENDS + late_by + 20_000)
    assert (len(enforcer.of(TimeExpired)), enforcer.disconnected()) == (1, ["p", "q"])


def test_at_the_end_each_person_present_is_disconnected_once() -> None:
    enforcer = a_session()
    enforcer.at(DAY + MINUTE, joined("r", DAY + MINUTE), left("q", DAY + MINUTE))
    enforcer.run_until(ENDS + MINUTE)
    enforcer.tell(joined("s", DAY + 2))  # known late, so also there
    assert enforcer.disconnected() == ["p", "r", "s"]
    enforcer.confirm_all()
    enforcer.run_until(ENDS + 5 * MINUTE)
    assert (enforcer.disconnected(), enforcer.room.people) == (["p", "r", "s"], 0)


@pytest.mark.parametrize("mode", ["observe", "off"])
def test_who_only_observes_disconnects_nobody(mode: str) -> None:
    enforcer = a_session(mode=mode)
    enforcer.run_until(ENDS + MINUTE)
    assert (len(warnings(enforcer)), len(enforcer.of(TimeExpired)), enforcer.disconnected()) == (3, 1, [])


def test_where_expiry_only_alerts_nobody_is_disconnected() -> None:
    enforcer = Enforcer(rules(duration_ms=LIMIT, on_expiry="alert"))
    enforcer.tell(joined("p", DAY))
    enforcer.run_until(ENDS + MINUTE)
    assert (len(enforcer.of(TimeExpired)), enforcer.disconnected()) == (1, [])


def test_a_deadline_that_the_platform_keeps_is_the_platforms_to_enforce() -> None:
    enforcer = Enforcer(rules(starts="provider"))
    kept = a_decision(DeadlineSet(version=1, ends_at=ENDS, kept_by="provider", warn_ms=(MINUTE,)))
    enforcer.tell(joined("p", DAY), kept)
    enforcer.run_until(ENDS + MINUTE)
    assert (len(enforcer.of(WarningRaised)), enforcer.disconnected()) == (1, [])


def test_an_extension_after_the_end_revives_the_room() -> None:
    enforcer = a_session()
    enforcer.at(ENDS + MINUTE, extended(300, version=2))
    assert (deadline(enforcer).expired, deadline(enforcer).ends_at) == (False, ENDS + 300_000)
    before = len(enforcer.disconnected())
    enforcer.fail_all()
    enforcer.run_until(ENDS + 299_999)
    assert len(enforcer.disconnected()) == before, "nobody is sent away in the time that was added"
    enforcer.run_until(ENDS + 300_000)
    assert len(enforcer.disconnected()) == before + 2


def test_an_extension_that_comes_too_late_to_help_is_followed_by_a_last_call() -> None:
    """+5 min pressed 10 min after the end: the new end is past as well, but the old last call was for the old one."""
    enforcer = a_session(mode="observe")
    pressed_at = ENDS + 10 * MINUTE
    enforcer.at(pressed_at, extended(300, version=2))
    assert (warnings(enforcer)[-1], deadline(enforcer).expired) == ((-600, 2, 20), False)
    enforcer.run_until(pressed_at + 19_999)
    assert len(enforcer.of(TimeExpired)) == 1
    enforcer.run_until(pressed_at + 20_000)
    assert [event.recorded_at for event in enforcer.of(TimeExpired)] == [ENDS, pressed_at + 20_000]


def test_two_extensions_at_once_add_up_when_the_second_is_asked_again() -> None:
    enforcer = a_session()
    (won, lost) = enforcer.tell(extended(300, version=2, key=1), extended(300, version=2, key=2))
    assert isinstance(won.data, DeadlineExtended)
    assert lost.kind == "decision_refused"
    enforcer.tell(extended(300, version=3, key=2))
    assert deadline(enforcer).ends_at == ENDS + 600_000


def test_a_cleared_deadline_is_not_decided_again() -> None:
    enforcer = a_session()
    enforcer.tell(a_decision(DeadlineCleared(version=2)))
    enforcer.run_until(ENDS + MINUTE)
    assert (enforcer.room.deadline, enforcer.room.deadline_version, len(enforcer.of(DeadlineSet))) == (None, 2, 1)
    enforcer.tell(deadline_set(ENDS + LIMIT, version=3))
    assert deadline(enforcer).version == 3


def test_a_hold_pauses_disconnects_and_nothing_else() -> None:
    enforcer = a_session()
    enforcer.at(ENDS - MINUTE, a_decision(EnforcementHeld(), room=None))
    enforcer.run_until(ENDS + MINUTE)
    assert (len(enforcer.of(TimeExpired)), enforcer.of(DisconnectRequested)) == (1, [])
    enforcer.tell(a_decision(EnforcementResumed(), room=None))
    assert enforcer.disconnected() == ["p", "q"]


# --- deadlines that the platform keeps -----------------------------------------------------------------------------


def the_end(ends_at: int | None, at: int) -> Event:
    return a_fact(DeadlineReported(ends_at=ends_at), at)


def moved(version: int, ends_at: int, seconds: int = 0, *, key: object = "") -> Event:
    return a_decision(ExtensionRequested(version=version, ends_at=ends_at, seconds=seconds), key=key)


def test_what_the_platform_says_is_the_deadline_whatever_the_type_says() -> None:
    enforcer = a_session()
    assert deadline(enforcer).kept_by == "gateway"
    enforcer.tell(the_end(DAY + 3 * MINUTE, DAY + 5))
    found = deadline(enforcer)
    assert (found.ends_at, found.version, found.kept_by, found.reported_ends_at) == (
        DAY + 3 * MINUTE,
        2,
        "provider",
        DAY + 3 * MINUTE,
    )


def test_a_room_that_the_platform_gives_no_limit_has_none() -> None:
    enforcer = Enforcer(rules(duration_ms=LIMIT))
    enforcer.tell(the_end(None, DAY), joined("p", DAY, user="anna"))
    assert enforcer.room.deadline is None
    enforcer.tell(the_end(ENDS, DAY + 2))
    assert deadline(enforcer).ends_at == ENDS
    enforcer.tell(the_end(None, DAY + 3))
    assert enforcer.room.deadline is None
    (cleared,) = enforcer.of(DeadlineCleared)
    assert cleared.actor.kind == "timer"


def test_an_older_report_of_the_end_changes_nothing() -> None:
    enforcer = a_session(joined("p", DAY), the_end(ENDS, DAY + 9))
    enforcer.tell(the_end(ENDS + MINUTE, DAY + 8), the_end(None, DAY + 7))
    assert (deadline(enforcer).ends_at, deadline(enforcer).version) == (ENDS, 1)


def test_the_platforms_end_is_warned_of_and_its_own_to_enforce() -> None:
    enforcer = a_session(joined("p", DAY, user="anna"), the_end(ENDS, DAY))
    enforcer.run_until(ENDS + MINUTE)
    assert warnings(enforcer) == [(300, 1, 300), (60, 1, 60), (20, 1, 20)]
    assert len(enforcer.of(TimeExpired)) == 1
    assert enforcer.disconnected() == []


def test_an_end_that_is_first_seen_with_little_left_is_warned_of_at_once() -> None:
    enforcer = Enforcer(now=ENDS - 2 * MINUTE)
    enforcer.tell(joined("p", DAY), the_end(ENDS, DAY))
    assert warnings(enforcer) == [(120, 1, 300)]
    enforcer.run_until(ENDS)
    assert [threshold for _, _, threshold in warnings(enforcer)] == [300, 60, 20]


def test_a_later_end_of_the_platforms_warns_again() -> None:
    enforcer = a_session(joined("p", DAY, user="anna"), the_end(ENDS, DAY))
    enforcer.at(ENDS - 2 * MINUTE, the_end(ENDS + LIMIT, ENDS - 2 * MINUTE))
    enforcer.run_until(ENDS + LIMIT)
    assert [(version, threshold) for _, version, threshold in warnings(enforcer)] == [
        (1, 300),
        (2, 300),
        (2, 60),
        (2, 20),
    ]


def test_while_an_extension_is_under_way_the_report_of_it_waits_for_its_outcome() -> None:
    enforcer = a_session(joined("p", DAY, user="anna"), the_end(ENDS, DAY))
    enforcer.tell(command := moved(2, ENDS + 300_000, 300))
    enforcer.tell(the_end(ENDS + 300_000, DAY + 1))
    assert deadline(enforcer).version == 1, "the outcome says who did it"
    outcome = DeadlineExtended(version=2, seconds=300, reported_ends_at=ENDS + 300_000)
    enforcer.add(a_decision(ExtensionConfirmed(command=command.id)))
    enforcer.tell(a_decision(outcome))
    found = deadline(enforcer)
    assert (found.ends_at, found.version, found.extended_ms, found.changed_by) == (ENDS + 300_000, 2, 300_000, "anna")
    assert enforcer.room.pending == ()


def test_a_failed_extension_leaves_what_the_platform_says() -> None:
    enforcer = a_session(joined("p", DAY, user="anna"), the_end(ENDS, DAY))
    enforcer.tell(command := moved(2, ENDS + 300_000, 300))
    enforcer.tell(a_decision(ExtensionFailed(command=command.id, why="no grant", code="provider_forbidden")))
    assert (deadline(enforcer).ends_at, deadline(enforcer).version) == (ENDS, 1)
    (failure,) = enforcer.room.failures
    assert (failure.command, failure.why) == ("extension", "no grant")
    assert enforcer.state.verdicts[command.id].code == "provider_forbidden", "for who asks again"
    enforcer.tell(the_end(ENDS + MINUTE, DAY + 9))
    assert deadline(enforcer).ends_at == ENDS + MINUTE, "the platform's word counts again"


def test_nothing_takes_the_place_of_an_extension_that_is_under_way() -> None:
    enforcer = a_session(joined("p", DAY, user="anna"), the_end(ENDS, DAY))
    enforcer.tell(command := moved(2, ENDS + 300_000, 300))
    rivals = [deadline_set(ENDS + 1, version=2), extended(9, version=2), a_decision(DeadlineCleared(version=2))]
    read = [found for rival in rivals for found in enforcer.add(rival)]
    assert [event.data.code for event in read] == ["conflict"] * 3  # type: ignore[attr-defined]
    enforcer.tell(a_decision(ExtensionFailed(command=command.id)), the_end(ENDS + 1, DAY + 1))
    assert (deadline(enforcer).ends_at, deadline(enforcer).version) == (ENDS + 1, 2)


def test_of_two_extensions_at_a_time_the_first_is_done() -> None:
    enforcer = a_session(joined("p", DAY, user="anna"), the_end(ENDS, DAY))
    enforcer.tell(moved(2, ENDS + 300_000, 300))
    enforcer.tell(moved(2, ENDS + 600_000, 600), moved(2, ENDS + 300_000, 300, key="again"))
    assert [one.command for one in enforcer.room.pending] == ["extension"]
    assert [event.data.code for event in enforcer.read if event.kind == "decision_refused"] == ["conflict"] * 2  # type: ignore[attr-defined]


def test_without_a_type_the_platforms_end_is_warned_of_five_minutes_ahead() -> None:
    enforcer = Enforcer()
    enforcer.tell(joined("p", DAY), the_end(ENDS, DAY))
    enforcer.run_until(ENDS)
    assert warnings(enforcer) == [(300, 1, 300), (60, 1, 60), (20, 1, 20)]


# --- ending the whole room -----------------------------------------------------------------------------------------


def an_ending(mode: str = "enforce") -> Enforcer:
    enforcer = Enforcer(rules(duration_ms=LIMIT, on_expiry="end", mode=mode))  # type: ignore[arg-type]
    enforcer.tell(joined("p", DAY, user="anna"), joined("q", DAY + 1, user="bert"))
    return enforcer


def test_the_platform_is_told_to_end_the_room_once() -> None:
    enforcer = an_ending()
    enforcer.run_until(ENDS + MINUTE)
    (end,) = enforcer.of(RoomEndRequested)
    assert (end.recorded_at, end.actor.kind) == (ENDS, "policy")
    assert enforcer.disconnected() == []
    enforcer.tell(a_fact(ParticipantLeft(participant=EVERYBODY), ENDS + MINUTE))
    enforcer.tell(a_decision(RoomEndConfirmed(command=end.id)))
    assert len(enforcer.of(RoomEndRequested)) == 1
    enforcer.tell(joined("r", ENDS + MINUTE + 1, user="anna"))
    assert len(enforcer.of(RoomEndRequested)) == 2, "back in a room whose time is up"


def test_an_end_that_failed_is_tried_again_later() -> None:
    enforcer = an_ending()
    enforcer.run_until(ENDS)
    (end,) = enforcer.of(RoomEndRequested)
    enforcer.tell(a_decision(RoomEndFailed(command=end.id, why="no answer")))
    assert len(enforcer.of(RoomEndRequested)) == 1
    enforcer.run_until(ENDS + 15_000)
    assert len(enforcer.of(RoomEndRequested)) == 2


def test_a_policy_that_observes_or_is_held_ends_no_room() -> None:
    observer, held = an_ending("observe"), an_ending()
    observer.run_until(ENDS + MINUTE)
    held.tell(a_decision(EnforcementHeld(), room=None))
    held.run_until(ENDS + MINUTE)
    assert observer.of(RoomEndRequested) == held.of(RoomEndRequested) == []
    held.tell(a_decision(EnforcementResumed(), room=None))
    assert len(held.of(RoomEndRequested)) == 1


def test_time_that_was_added_meanwhile_keeps_the_room() -> None:
    enforcer = an_ending()
    enforcer.run_until(ENDS)
    (end,) = enforcer.of(RoomEndRequested)
    assert still_wanted(enforcer.room, end, ENDS, held=False)
    assert not still_wanted(enforcer.room, end, ENDS, held=True)
    enforcer.tell(extended(60, version=2))
    assert not still_wanted(enforcer.room, end, ENDS, held=False)
