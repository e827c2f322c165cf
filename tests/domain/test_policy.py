"""Deciding as a whole: it comes to rest, it is woken in time, and what it asks for is wanted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.domain.events import (
    DeadlineSet,
    DisconnectRequested,
    EnforcementHeld,
    Entry,
    Event,
    PersonAllowed,
    PersonBlocked,
    PersonReadmitted,
    RoomEnded,
    TimeExpired,
    WarningRaised,
)
from moderator.domain.fold import fold
from moderator.domain.kinds import Fact
from moderator.domain.policy import decide, still_wanted, wake_at
from moderator.domain.settings import DEFAULT_RESUME_WITHIN_MS, Mode, Settings
from moderator.domain.state import State
from tests.domain.histories import SETTINGS, decisions, histories
from tests.fakes.builders import (
    DAY,
    FIRST,
    KEY,
    a_decision,
    an_entry,
    configured,
    emptied,
    extended,
    joined,
    kicked,
    left,
    room_ended,
    rules,
    the_room,
    updated,
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


@given(histories, decisions, steps)
@settings(deadline=None)
def test_it_always_comes_to_rest_and_is_woken_for_all_that_falls_due(
    facts: list[Event], ordered: list[Event], steps: list[tuple[str, int]]
) -> None:
    """The enforcer asserts it at every step, and that what it asks for is wanted: `act` and `run_until`."""
    enforcer = Enforcer(SETTINGS, now=DAY + 13_000)
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

    def __init__(self, log: list[Entry]) -> None:
        self.log = log
        self.state = State()
        self.state.settings = SETTINGS

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


@given(histories, turns)
def test_gateways_that_know_different_parts_of_the_log_agree(
    facts: list[Event], turns: list[tuple[int, bool, int, int]]
) -> None:
    """Each deadline version, each warning and each end of time is there once; nobody is disconnected twice at once."""
    now = DAY + 13_000
    log = [an_entry(event, seq=seq, recorded_at=now) for seq, event in enumerate(facts, 1)]
    replicas = [Replica(log) for _ in range(3)]
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


# --- whether a command still stands --------------------------------------------------------------------------------


def wanted(enforcer: Enforcer, *, held: bool = False) -> bool:
    return still_wanted(enforcer.room, enforcer.of(DisconnectRequested)[0], enforcer.now, held=held)


def test_a_disconnect_at_the_end_falls_when_time_was_added() -> None:
    enforcer = Enforcer(rules(duration_ms=60_000))
    enforcer.at(DAY, joined("p", DAY, user="anna"), a_decision(PersonAllowed(person="anna")))
    enforcer.run_until(DAY + 60_000)
    assert wanted(enforcer), "being allowed in is not being allowed to stay for ever"
    assert not wanted(enforcer, held=True)
    enforcer.tell(extended(60, version=2))
    assert not wanted(enforcer)


def test_a_disconnect_for_size_falls_when_there_is_room_again_or_the_person_is_allowed() -> None:
    for way_out in (left("p", DAY + 5), a_decision(PersonAllowed(person="bert"))):
        enforcer = Enforcer(rules(max_people=1))
        enforcer.tell(joined("p", DAY, user="anna"), joined("q", DAY + 1, user="bert"))
        assert wanted(enforcer)
        enforcer.tell(way_out)
        assert not wanted(enforcer)


def test_a_disconnect_for_size_falls_when_the_person_turns_out_to_be_an_allowed_one() -> None:
    """The violation was found of a connection without a name, and is cleared only when policy has its next turn."""
    enforcer = Enforcer(rules(max_people=1))
    enforcer.tell(joined("p", DAY, user="anna"), joined("q", DAY + 1))
    enforcer.add(a_decision(PersonAllowed(person="bert")))
    assert wanted(enforcer)
    enforcer.add(updated("q", DAY + 2, user="bert"))
    assert [one.participant for one in enforcer.room.violations] == ["q"]
    assert not wanted(enforcer)


@pytest.mark.parametrize("mode", ["observe", "off"])
def test_nobody_is_disconnected_for_what_is_only_observed_by_now(mode: Mode) -> None:
    """Policy has not had its turn: the violation and the end of time stand as they were found."""
    crowded = Enforcer(rules(max_people=1))
    crowded.tell(joined("p", DAY), joined("q", DAY + 1))
    over = Enforcer(rules(duration_ms=60_000))
    over.tell(joined("p", DAY))
    over.run_until(DAY + 60_000)
    for enforcer in (crowded, over):
        assert wanted(enforcer)
        enforcer.add(configured(rules(max_people=1, duration_ms=60_000, mode=mode)))
        assert not wanted(enforcer)


def test_nobody_is_disconnected_at_the_end_where_it_only_alerts_by_now() -> None:
    enforcer = Enforcer(rules(duration_ms=60_000))
    enforcer.tell(joined("p", DAY))
    enforcer.run_until(DAY + 60_000)
    assert wanted(enforcer)
    enforcer.add(configured(rules(duration_ms=60_000, on_expiry="alert")))
    assert not wanted(enforcer)


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


def test_a_disconnect_of_a_blocked_person_falls_with_the_block() -> None:
    enforcer = Enforcer()
    enforcer.tell(joined("p", DAY, user="anna"), a_decision(PersonBlocked(user="anna")))
    assert wanted(enforcer)
    enforcer.tell(a_decision(PersonReadmitted(user="anna")))
    assert not wanted(enforcer)


def test_what_a_moderator_ordered_stands() -> None:
    enforcer = Enforcer(rules(mode="off"))
    enforcer.tell(joined("p", DAY), a_decision(EnforcementHeld(), room=None), kicked("p"))
    assert wanted(enforcer, held=True)
