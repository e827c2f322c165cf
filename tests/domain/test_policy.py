"""Deciding as a whole: it comes to rest, it is woken in time, and what it asks for is wanted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.domain.announcements import EARLY_MS
from moderator.domain.events import (
    DeadlineSet,
    DisconnectRequested,
    EnforcementHeld,
    Entry,
    Event,
    MessageRequested,
    PersonBlocked,
    RoomEnded,
    TimeExpired,
    WarningRaised,
)
from moderator.domain.fold import fold
from moderator.domain.kinds import Fact
from moderator.domain.policy import RELOAD_MS, decide, wake_at
from moderator.domain.settings import DEFAULT_RESUME_WITHIN_MS, MINUTE_MS, Settings
from moderator.domain.state import State
from tests.domain.histories import SETTINGS, decisions, histories, rule_sets
from tests.fakes.builders import (
    DAY,
    FIRST,
    KEY,
    a_decision,
    an_entry,
    announced,
    emptied,
    extended,
    joined,
    left,
    room_ended,
    rules,
    the_room,
)
from tests.fakes.enforcer import Enforcer

RESUME = DEFAULT_RESUME_WITHIN_MS


# --- coming to rest ------------------------------------------------------------------------------------------------

steps = st.lists(
    st.one_of(
        st.integers(0, 40_000).map(lambda pause_ms: ("pause", pause_ms)),
        st.sampled_from([("confirm", 0), ("fail", 0)]),
    ),
    max_size=6,
)


@given(rule_sets, histories, decisions, steps)
def test_it_always_comes_to_rest_and_is_woken_for_all_that_falls_due(
    rule_set: Settings, facts: list[Event], ordered: list[Event], steps: list[tuple[str, int]]
) -> None:
    """The enforcer asserts it at every step, and that what it asks for is wanted: `act` and `run_until`."""
    enforcer = Enforcer(rule_set, now=DAY + 13_000)
    blocks = [a_decision(PersonBlocked(user="anna", until=DAY + 50_000))]
    for event in (*facts, *ordered, *blocks):
        enforcer.tell(event)
    for step, pause_ms in steps:
        if enforcer.state.room(KEY) is None:
            return
        if step == "pause":
            enforcer.run_until(enforcer.now + pause_ms)
        elif step == "confirm":
            enforcer.confirm_all()
        else:
            enforcer.fail_all()


class Replica:
    """One of several gateways: it reads the log when it gets to it, and decides from what it has read."""

    def __init__(self, log: list[Entry], rule_set: Settings = SETTINGS) -> None:
        self.log = log
        self.state = State()
        self.state.settings = rule_set

    def read(self) -> list[Event]:
        return [event for entry in self.log[self.state.seq :] for event in fold(self.state, entry)]

    def propose(self, now: int) -> None:
        room = self.state.room(KEY)
        for proposal in [] if room is None else decide(room, now):
            event = proposal.event(the_room(self.state), now)
            if not any(event.id == entry.events[0].id for entry in self.log):
                self.log.append(an_entry(event, seq=len(self.log) + 1, recorded_at=now))


turns = st.lists(
    st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 15_000), st.integers(-500, 500)), min_size=4, max_size=25
)


@given(rule_sets, histories, decisions, turns)
def test_gateways_that_know_different_parts_of_the_log_agree(
    rule_set: Settings, facts: list[Event], ordered: list[Event], turns: list[tuple[int, bool, int, int]]
) -> None:
    """Each deadline version, each warning and each end of time is there once; nobody is disconnected twice at once."""
    now = DAY + 13_000
    ordered = [one for one in ordered if _slot(one) is None]  # those of gateways themselves come below
    log = [an_entry(event, seq=seq, recorded_at=now) for seq, event in enumerate([*facts, *ordered], 1)]
    replicas = [Replica(log, rule_set) for _ in range(3)]
    for which, reads, pause_ms, skew_ms in turns:
        now += pause_ms
        if reads:
            replicas[which].read()
        replicas[which].propose(now + skew_ms)
    for replica in replicas:
        replica.read()
        assert replica.state.snapshot() == replicas[0].state.snapshot()
    taken = [slot for event in Replica(log).read() if (slot := _slot(event)) is not None]
    assert len(taken) == len(set(taken))


def _slot(event: Event) -> tuple[object, ...] | None:
    match event.data:
        case DeadlineSet(version=version):
            return event.instance, "deadline", version
        case WarningRaised(deadline_version=version, threshold_ms=threshold_ms):
            return event.instance, "warning", version, threshold_ms
        case TimeExpired(deadline_version=version):
            return event.instance, "expired", version
        case MessageRequested(about=about) if about:
            return event.instance, "message", about
        case DisconnectRequested(participant=participant):
            return event.instance, "disconnect", participant  # nothing settles one here
        case _:
            return None


def test_nothing_is_asked_of_a_room_without_a_type_or_after_its_end() -> None:
    enforcer = Enforcer(Settings())
    enforcer.tell(*(joined(f"p{n}", DAY) for n in range(9)))
    assert (enforcer.proposals(), enforcer.wake_at()) == ([], None)
    ended = Enforcer(rules(duration_ms=1, max_people=1))
    ended.tell(joined("p", DAY), left("p", DAY + 1))
    ended.run_until(DAY + 10 * RESUME)
    assert (ended.room.state, decide(ended.room, ended.now), wake_at(ended.room, 0)) == ("ended", [], None)


# --- empty rooms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [Settings(), rules()])
def test_an_empty_room_ends_after_a_while(settings: Settings) -> None:
    enforcer = Enforcer(settings)
    enforcer.tell(joined("p", DAY), left("p", DAY + 5_000))
    enforcer.run_until(DAY + 5_000 + RESUME - 1)
    assert enforcer.room.state == "live"
    enforcer.run_until(DAY + 5_000 + RESUME)
    assert (enforcer.room.state, enforcer.room.ended_at) == ("ended", DAY + 5_000 + RESUME)


def test_a_room_refilled_in_time_goes_on_with_its_deadline() -> None:
    enforcer = Enforcer(rules(duration_ms=3 * RESUME))
    enforcer.tell(joined("p", DAY), left("p", DAY + 5_000))
    enforcer.tell(extended(60, version=2))
    before = enforcer.room
    enforcer.at(DAY + 4_999 + RESUME, joined("q", DAY + 4_999 + RESUME))
    enforcer.run_until(DAY + 10_000 + RESUME)
    assert (enforcer.room.state, enforcer.room.instance) == ("live", before.instance)
    assert (enforcer.room.deadline, enforcer.room.people) == (before.deadline, 1)


def test_a_refilling_reported_late_takes_the_end_back() -> None:
    """The timer had ended the room already; the report shows that it was wrong, and nobody's time starts anew."""
    enforcer = Enforcer(rules(duration_ms=3 * RESUME))
    enforcer.tell(joined("p", DAY), left("p", DAY + 5_000))
    before = enforcer.room
    enforcer.run_until(DAY + 10_000 + RESUME)
    assert enforcer.room.state == "ended"
    enforcer.tell(joined("q", DAY + 4_999 + RESUME))
    assert (enforcer.room.state, enforcer.room.instance, enforcer.room.people) == ("live", before.instance, 1)
    assert enforcer.room.deadline == before.deadline
    assert len(enforcer.of(DeadlineSet)) == 1


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
@pytest.mark.parametrize(
    ("between", "ends"),
    [
        ((joined("q", DAY + 4_000), left("q", DAY + 5_001)), False),  # there a moment longer than was known
        ((joined("q", DAY + 6_000), left("q", DAY + 7_000)), False),
        ((joined("q", DAY + 5_000 + RESUME), left("q", DAY + 6_000 + RESUME)), False),
        ((joined("q", DAY + 4_000), left("q", DAY + 5_000)), True),  # gone with the last one
    ],
)
def test_an_end_by_emptiness_is_void_when_somebody_was_there(
    between: tuple[Event, Event], ends: bool, order: tuple[int, ...]
) -> None:
    facts = [joined("p", DAY), left("p", DAY + 5_000), *between]
    entries = [an_entry(emptied(DAY + 5_000, DAY + 5_000 + RESUME)), *(an_entry(facts[n]) for n in order)]
    state = State()
    for seq, entry in enumerate(entries, 1):
        fold(state, replace(entry, seq=seq, recorded_at=DAY + 2 * RESUME))
    assert (the_room(state).state == "ended") is ends
    assert the_room(state).instance == FIRST


def test_an_end_that_the_platform_told_is_never_void() -> None:
    enforcer = Enforcer()
    enforcer.tell(joined("p", DAY), room_ended(DAY + 5_000), joined("q", DAY + 4_000))
    assert enforcer.room.state == "ended"


def test_nothing_ends_as_empty_as_long_as_somebody_may_be_there_unheard_of() -> None:
    enforcer = Enforcer(rules(duration_ms=RESUME))
    enforcer.tell(joined("p", DAY), left("p", DAY + 5_000))
    now = DAY + 5_000 + RESUME
    kinds = [type(one.data) for one in decide(enforcer.room, now, complete=False)]
    assert kinds == [WarningRaised], "the clock runs on"
    assert [type(one.data) for one in decide(enforcer.room, now, complete=True)] == [RoomEnded, WarningRaised]


def test_a_room_refilled_later_is_another_one() -> None:
    enforcer = Enforcer(rules(duration_ms=3 * RESUME))
    enforcer.tell(joined("p", DAY), left("p", DAY + 5_000))
    enforcer.at(DAY + 10_000 + RESUME, joined("q", DAY + 10_000 + RESUME))
    deadline = enforcer.room.deadline
    assert deadline is not None
    assert (deadline.ends_at, enforcer.room.instance) == (DAY + 10_000 + 4 * RESUME, str(DAY + 5_000 + RESUME))


NEXT = DAY + 60 * MINUTE_MS
"""When the next appointment of the room begins; people may come for it 15 minutes before."""


@pytest.mark.parametrize(
    ("left_at", "ends_at"),
    [
        (NEXT - 30 * MINUTE_MS, NEXT - 20 * MINUTE_MS),  # long before: as ever
        (NEXT - 25 * MINUTE_MS, NEXT - EARLY_MS),
        (NEXT - 20 * MINUTE_MS, NEXT - EARLY_MS),
        (NEXT - EARLY_MS, NEXT - EARLY_MS + RELOAD_MS),  # time is not up: who loads the page anew comes back to it
        (NEXT - 5 * MINUTE_MS, NEXT - 4 * MINUTE_MS),
        (NEXT + 5 * MINUTE_MS, NEXT + 5 * MINUTE_MS),  # time was up before
    ],
)
def test_an_empty_room_ends_when_people_may_come_for_the_next_appointment(left_at: int, ends_at: int) -> None:
    enforcer = Enforcer(rules(duration_ms=60 * MINUTE_MS, starts="scheduled", on_expiry="alert"))
    enforcer.tell(announced("this", starts_at=DAY), announced("next", starts_at=NEXT, users=["bert"]))
    enforcer.tell(joined("p", DAY, user="anna"))
    enforcer.at(left_at, left("p", left_at))
    if ends_at > left_at:
        enforcer.run_until(ends_at - 1)
        assert enforcer.room.state == "live"
        enforcer.run_until(ends_at)
    assert (enforcer.room.state, enforcer.room.ended_at) == ("ended", ends_at)
    enforcer.at(ends_at + 1, joined("q", ends_at + 1, user="bert"))
    appointment, deadline = enforcer.room.appointment, enforcer.room.deadline
    assert appointment is not None
    if ends_at >= NEXT - EARLY_MS:
        assert deadline is not None
        assert (appointment.name, deadline.ends_at) == ("next", NEXT + 60 * MINUTE_MS)


def test_the_end_before_the_next_appointment_is_by_the_platforms_clock() -> None:
    enforcer = Enforcer(rules())
    enforcer.tell(announced("next", starts_at=NEXT), joined("p", DAY))
    left_at = NEXT - 20 * MINUTE_MS
    enforcer.add(announced("after", starts_at=NEXT + 90 * MINUTE_MS))
    enforcer.add(left("p", left_at))
    assert wake_at(enforcer.room, DAY, clock_offset_ms=3_000) == left_at + RESUME + 3_000, "this one is not the next"
    enforcer.add(announced("before", starts_at=DAY))
    due = NEXT - EARLY_MS
    assert wake_at(enforcer.room, DAY, clock_offset_ms=3_000) == due
    (proposal,) = decide(enforcer.room, due, clock_offset_ms=3_000)
    assert proposal.event(enforcer.room, due).at == due - 3_000


def test_the_end_of_a_named_instance_is_the_platforms_business() -> None:
    enforcer = Enforcer()
    enforcer.tell(joined("p", DAY, instance="call-1"), left("p", DAY + 5, instance="call-1"))
    enforcer.run_until(DAY + 10 * RESUME)
    assert (enforcer.room.state, enforcer.of(RoomEnded)) == ("live", [])


def test_the_platforms_clock_is_corrected() -> None:
    enforcer = Enforcer()
    enforcer.tell(joined("p", DAY), left("p", DAY + 5_000))
    due = DAY + 5_000 + RESUME + 3_000
    assert wake_at(enforcer.room, DAY, clock_offset_ms=3_000) == due
    assert decide(enforcer.room, due - 1, clock_offset_ms=3_000) == []
    (proposal,) = decide(enforcer.room, due, clock_offset_ms=3_000)
    assert isinstance(proposal.data, Fact)
    assert proposal.event(enforcer.room, due).at == due - 3_000, "as the platform would date it"


def test_of_several_reasons_to_disconnect_somebody_one_is_enough() -> None:
    """Their time is up, they are blocked, and they are one too many."""
    enforcer = Enforcer(rules(duration_ms=60_000, max_people=1))
    enforcer.tell(a_decision(EnforcementHeld(), room=None))
    enforcer.tell(joined("p", DAY, user="anna"), joined("q", DAY + 1, user="bert"))
    enforcer.tell(a_decision(PersonBlocked(user="bert")))
    enforcer.run_until(DAY + 60_000)
    found = [one.data for one in decide(enforcer.room, enforcer.now)]
    orders = [(one.participant, one.reason) for one in found if isinstance(one, DisconnectRequested)]
    assert orders == [("p", "time_over"), ("q", "time_over")]
