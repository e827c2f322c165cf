"""The breaker: suddenly many removals are held, on however many gateways they are proposed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderator.domain.breaker import admitted, is_held
from moderator.domain.events import (
    DisconnectRequested,
    EnforcementHeld,
    EnforcementResumed,
    Entry,
    Event,
    RoomEndRequested,
)
from moderator.domain.fold import fold
from moderator.domain.kinds import Data
from moderator.domain.policy import decide
from moderator.domain.proposals import POLICY
from moderator.domain.state import State
from tests.fakes.builders import ANNA, DAY, KEY, a_decision, an_entry, joined, rules, the_room

MOST = 20
MINUTE = 60_000


def a_removal(name: object, data: Data | None = None) -> Event:
    return a_decision(data or DisconnectRequested(participant=f"p{name}"), by=POLICY, key=name)


def after(*events: Event, at: int = DAY, hold_above: int | None = MOST) -> State:
    state = State()
    state.settings = rules(hold_above=hold_above)
    for seq, event in enumerate(events, 1):
        fold(state, an_entry(event, seq=seq, recorded_at=at))
    return state


def many(count: int, first: int = 0) -> list[Event]:
    return [a_removal(first + n) for n in range(count)]


@pytest.mark.parametrize(
    ("before", "proposed", "taken", "holds"),
    [
        (0, MOST, MOST, False),
        (0, MOST + 1, 0, True),
        (0, 50, 0, True),
        (15, 5, 5, False),
        (15, 6, 0, True),
        (MOST, 1, 0, True),
        (MOST, 0, 0, False),
        (MOST + 1, 0, 0, True),  # another gateway was as quick
    ],
)
def test_how_many_are_let_through(before: int, proposed: int, taken: int, holds: bool) -> None:
    state = after(*many(before))
    result = admitted(state, many(proposed, first=100), DAY)
    assert [isinstance(one.data, EnforcementHeld) for one in result] == [False] * taken + [True] * holds


def test_the_hold_says_how_many() -> None:
    held = admitted(after(*many(15)), many(30, first=100), DAY)[-1]
    assert held.actor == POLICY
    assert isinstance(held.data, EnforcementHeld)
    assert "45 removals within a minute, and may for 20" in held.data.reason


def test_what_was_held_before_can_be_held_again() -> None:
    """The same hold would be a repeat, and change nothing."""
    state = after()
    for seq, now in enumerate((DAY, DAY + 2 * MINUTE), 1):
        (held,) = admitted(state, many(50), now)
        fold(state, an_entry(held, seq=2 * seq, recorded_at=now))
        assert is_held(state, now)
        resumed = a_decision(EnforcementResumed(), room=None, key=seq)
        fold(state, an_entry(resumed, seq=2 * seq + 1, recorded_at=now))
        assert not is_held(state, now)


def test_only_removals_by_policies_count() -> None:
    others = [a_decision(DisconnectRequested(participant=f"p{n}"), by=ANNA, key=n) for n in range(30)]
    assert admitted(after(*others), others, DAY) == others
    ends = [a_removal("end", RoomEndRequested())]
    assert len(admitted(after(*many(MOST)), ends, DAY)) == 1


def test_what_is_longer_ago_does_not_count() -> None:
    state = after(*many(MOST))
    assert [one.kind for one in admitted(state, many(1, first=100), DAY + MINUTE - 1)] == ["enforcement_held"]
    assert admitted(state, many(1, first=100), DAY + MINUTE) == many(1, first=100)


def test_without_a_limit_nothing_is_held() -> None:
    state = after(*many(500), hold_above=None)
    assert admitted(state, many(500, first=500), DAY) == many(500, first=500)
    assert not is_held(state, DAY)


def test_too_many_are_held_before_the_log_says_so() -> None:
    """What two gateways ordered at once falls, until one of them has put the hold to the log."""
    assert not is_held(after(*many(MOST)), DAY)
    assert is_held(after(*many(MOST + 1)), DAY)


def test_no_more_is_remembered_than_tells_that_it_was_too_much() -> None:
    """Else each removal of thousands would cost as much as all before it."""
    state = after(*many(500))
    assert len(state.automatic_removals) == MOST + 1
    assert is_held(state, DAY + MINUTE - 1)
    assert not is_held(state, DAY + MINUTE)
    again = State.from_snapshot(state.snapshot())
    for one in (state, again):
        fold(one, an_entry(a_removal(500), seq=501, recorded_at=DAY + MINUTE - 1))
    assert again.snapshot() == state.snapshot()
    assert not after(*many(500), hold_above=None).automatic_removals


def test_a_moderator_who_resumes_lets_all_through_for_a_minute() -> None:
    state = after(*many(MOST), a_decision(EnforcementHeld(), room=None))
    assert is_held(state, DAY)
    resumed = [a_decision(EnforcementResumed(), room=None), *many(30, first=100)]
    for seq, event in enumerate(resumed, 100):
        fold(state, an_entry(event, seq=seq, recorded_at=DAY))
    for now in (DAY, DAY + MINUTE - 1, DAY + MINUTE):
        assert not is_held(state, now)
        assert len(admitted(state, many(MOST, first=200), now)) == MOST
    assert len(admitted(state, many(MOST + 1, first=200), DAY + MINUTE - 1)) == MOST + 1
    assert [one.kind for one in admitted(state, many(MOST + 1, first=200), DAY + MINUTE)] == ["enforcement_held"]
    assert State.from_snapshot(state.snapshot()).resumed_at == DAY


turns = st.lists(st.tuples(st.integers(0, 1), st.booleans()), min_size=6, max_size=30)


@given(turns)
@settings(max_examples=40)
def test_of_fifty_unwelcome_people_two_gateways_remove_no_more_than_may_be(turns: list[tuple[int, bool]]) -> None:
    """Each reads the log when it gets to it. An order counts as done as soon as a gateway that has read it may."""
    log = [an_entry(joined(f"p{n}", DAY, user=f"u{n}"), seq=n + 1, recorded_at=DAY) for n in range(50)]
    gateways = [_Gateway(log) for _ in range(2)]
    for which, reads in turns:
        if reads:
            gateways[which].read()
        gateways[which].propose()
    for gateway in (*gateways, *gateways):
        gateway.read()
        gateway.propose()
    for gateway in gateways:
        gateway.read()
        assert gateway.state.hold is not None
    assert len(gateways[0].done | gateways[1].done) <= MOST
    assert gateways[0].state.snapshot() == gateways[1].state.snapshot()


class _Gateway:
    def __init__(self, log: list[Entry]) -> None:
        self.log = log
        self.state = State()
        self.state.settings = rules(max_people=1, hold_above=MOST)
        self.done: set[str] = set()

    def read(self) -> None:
        for entry in self.log[self.state.seq :]:
            for event in fold(self.state, entry):
                if isinstance(event.data, DisconnectRequested) and not is_held(self.state, DAY):
                    self.done.add(event.data.participant)

    def propose(self) -> None:
        if self.state.room(KEY) is None:
            return
        room = the_room(self.state)
        proposals = decide(room, DAY, held=is_held(self.state, DAY))
        for event in admitted(self.state, [one.event(room, DAY) for one in proposals], DAY):
            if not any(event.id == entry.events[0].id for entry in self.log):
                self.log.append(an_entry(event, seq=len(self.log) + 1, recorded_at=DAY))
