"""How many people may be in a room, and who has to go of too many."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.events import (
    DisconnectRequested,
    EnforcementHeld,
    Entry,
    Event,
    PersonAllowed,
    PersonBlocked,
    ViolationCleared,
    ViolationFound,
)
from moderator.domain.fold import fold
from moderator.domain.policy import decide
from moderator.domain.settings import Mode, Settings
from moderator.domain.state import State
from tests.fakes.builders import (
    DAY,
    KEY,
    a_decision,
    an_entry,
    announced,
    configured,
    joined,
    left,
    room_started,
    rules,
    the_room,
    updated,
)
from tests.fakes.enforcer import Enforcer


def a_pair(*, mode: Mode = "enforce") -> Enforcer:
    """A room for two, with two in it."""
    enforcer = Enforcer(rules(max_people=2, mode=mode))
    enforcer.tell(joined("p", DAY, user="anna"), joined("q", DAY + 1, user="bert"))
    return enforcer


def violating(enforcer: Enforcer) -> list[str]:
    return [one.participant for one in enforcer.room.violations]


def test_the_third_person_has_to_go() -> None:
    enforcer = a_pair()
    enforcer.tell(joined("r", DAY + 2, user="carla"))
    assert (violating(enforcer), enforcer.disconnected()) == (["r"], ["r"])
    (found,) = enforcer.of(ViolationFound)
    assert found.data == ViolationFound(
        policy="max_people", participant="r", user="carla", reason="room_full", enforced=True
    )


@given(st.permutations(["a", "b", "c"]))
def test_of_two_who_join_at_once_at_the_last_place_exactly_one_stays(names: list[str]) -> None:
    """Joins in the same millisecond go by the person's id, whichever was heard of first."""
    enforcer = Enforcer(rules(max_people=2))
    enforcer.tell(room_started(DAY - 10), joined("first", DAY - 5))
    for name in names[:2]:
        enforcer.add(joined(f"p-{name}", DAY, user=name))
    enforcer.act()
    assert enforcer.disconnected() == [f"p-{max(names[:2])}"]
    enforcer.confirm_all()
    enforcer.run_until(DAY + 60_000)
    assert (enforcer.room.people, len(enforcer.disconnected()), enforcer.room.violations) == (2, 1, ())


def test_a_second_tab_is_no_third_person_and_goes_with_its_person() -> None:
    enforcer = a_pair()
    enforcer.tell(joined("p-tab", DAY + 2, user="anna"))
    assert violating(enforcer) == []
    enforcer.tell(joined("r", DAY + 3, user="carla"), joined("r-tab", DAY + 4, user="carla"))
    assert violating(enforcer) == ["r", "r-tab"]


def test_who_reconnects_keeps_their_turn() -> None:
    enforcer = a_pair()
    enforcer.tell(left("p", DAY + 5), joined("r", DAY + 6, user="carla"))
    enforcer.tell(joined("p2", DAY + 7, user="anna"))
    assert enforcer.disconnected() == ["r"]


def test_a_violation_ends_with_its_cause_and_can_be_found_again() -> None:
    enforcer = a_pair(mode="observe")
    enforcer.tell(joined("r", DAY + 2, user="carla"))
    enforcer.tell(left("p", DAY + 3))
    assert violating(enforcer) == []
    enforcer.tell(joined("p2", DAY + 4, user="anna"))
    assert violating(enforcer) == ["r"]
    assert (len(enforcer.of(ViolationFound)), len(enforcer.of(ViolationCleared))) == (2, 1)
    assert enforcer.disconnected() == []


def test_a_moderator_can_allow_a_person_that_the_policy_refuses() -> None:
    enforcer = a_pair(mode="observe")
    enforcer.tell(joined("r", DAY + 2, user="carla"))
    enforcer.tell(a_decision(PersonAllowed(person="carla", participant="r")))
    assert (violating(enforcer), [one.allowed for one in enforcer.room.here()]) == ([], [True, True, True])


def test_somebody_allowed_as_a_stranger_is_looked_at_again_when_their_name_is_known() -> None:
    enforcer = a_pair(mode="observe")
    enforcer.tell(joined("r", DAY + 2), a_decision(PersonAllowed(person="r", participant="r")))
    assert violating(enforcer) == []
    enforcer.tell(updated("r", DAY + 3, user="carla"))
    assert violating(enforcer) == ["r"]


@pytest.mark.parametrize(("mode", "found"), [("off", []), ("observe", ["r"])])
def test_only_enforcing_disconnects(mode: Mode, found: list[str]) -> None:
    enforcer = a_pair(mode=mode)
    enforcer.tell(joined("r", DAY + 2))
    assert (violating(enforcer), enforcer.disconnected()) == (found, [])


def test_what_was_only_observed_is_found_anew_when_it_is_enforced() -> None:
    enforcer = a_pair(mode="observe")
    enforcer.tell(joined("r", DAY + 2, user="carla"))
    assert [one.enforced for one in enforcer.room.violations] == [False]
    enforcer.tell(configured(rules(max_people=2)))
    assert [(one.participant, one.enforced) for one in enforcer.room.violations] == [("r", True)]
    kinds = [event.kind for event in enforcer.read[-3:]]
    assert kinds == ["violation_cleared", "violation_found", "disconnect_requested"], "the reason is there first"
    enforcer.tell(configured(rules(max_people=2, mode="observe")))
    assert [(one.participant, one.enforced) for one in enforcer.room.violations] == [("r", False)]


def test_a_violation_ends_with_its_policy() -> None:
    for without in (rules(max_people=2, mode="off"), rules(), Settings()):
        enforcer = a_pair(mode="observe")
        enforcer.tell(joined("r", DAY + 2, user="carla"))
        enforcer.tell(configured(without))
        assert (violating(enforcer), len(enforcer.of(ViolationCleared))) == ([], 1)


def test_a_hold_pauses_disconnects_but_not_findings() -> None:
    enforcer = a_pair()
    enforcer.tell(a_decision(EnforcementHeld(), room=None), joined("r", DAY + 2))
    assert (violating(enforcer), enforcer.disconnected()) == (["r"], [])


def test_who_has_to_go_anyway_takes_nobodys_place() -> None:
    """Anna was there first, and is blocked: Carla has her place, although Anna comes back with her turn of before."""
    enforcer = Enforcer(rules(max_people=2))
    enforcer.tell(joined("p", DAY, user="anna"), joined("q", DAY + 1, user="bert"))
    enforcer.tell(a_decision(PersonBlocked(user="anna", until=DAY + 60_000)))
    enforcer.confirm_all()
    enforcer.tell(joined("r", DAY + 2, user="carla"), joined("p2", DAY + 3, user="anna"))
    assert (enforcer.disconnected(), violating(enforcer)) == (["p", "p2"], [])


def test_when_the_block_ends_they_count_again() -> None:
    enforcer = Enforcer(rules(max_people=2, mode="observe"))
    enforcer.tell(a_decision(EnforcementHeld(), room=None), a_decision(PersonBlocked(user="anna", until=DAY + 60_000)))
    enforcer.tell(*(joined(f"p{n}", DAY + n, user=user) for n, user in enumerate(("anna", "bert", "carla"))))
    assert violating(enforcer) == []
    enforcer.run_until(DAY + 60_000)
    assert violating(enforcer) == ["p2"]


def test_an_unlisted_person_takes_no_place() -> None:
    enforcer = Enforcer(rules(max_people=2, allow="listed"))
    enforcer.tell(announced(users=["anna", "bert"]))
    enforcer.tell(*(joined(f"p{n}", DAY + n, user=user) for n, user in enumerate(("carla", "anna", "bert"))))
    assert [(one.participant, one.policy) for one in enforcer.room.violations] == [("p0", "allow_list")]


class Gateway:
    """One of two on the same log."""

    def __init__(self, log: list[Entry]) -> None:
        self.log = log
        self.state = State()
        self.state.settings = rules(max_people=2)

    def read(self, most: int) -> list[Event]:
        return [event for entry in self.log[self.state.seq :][:most] for event in fold(self.state, entry)]

    def propose(self) -> None:
        room = self.state.room(KEY)
        for proposal in [] if room is None else decide(room, DAY + 99):
            event = proposal.event(the_room(self.state), DAY + 99)
            self.log.append(an_entry(event, seq=len(self.log) + 1, recorded_at=DAY + 99, key=len(self.log)))


@given(
    st.permutations([("anna", DAY), ("bert", DAY + 1)]),
    st.sampled_from([0, 1]),
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 4)), max_size=12),
)
def test_two_gateways_send_the_same_one_of_two_away(
    arrivals: list[tuple[str, int]], apart_ms: int, turns: list[tuple[int, int]]
) -> None:
    """Whoever was heard of first, whichever gateway heard, and although both propose what they think."""
    facts = [joined("first", DAY - 5, user="first")]
    facts += [joined(user, at if apart_ms else DAY, user=user) for user, at in arrivals]
    log = [an_entry(event, seq=seq, recorded_at=DAY) for seq, event in enumerate(facts, 1)]
    gateways = [Gateway(log) for _ in range(2)]
    for which, most in turns:
        gateways[which].read(most)
        gateways[which].propose()
    for gateway in (*gateways, *gateways):
        gateway.read(999)
        gateway.propose()
    judged = [one.data for one in Gateway(log).read(9_999)]
    assert [one.participant for one in judged if isinstance(one, DisconnectRequested)] == ["bert"]
    assert [one.participant for one in judged if isinstance(one, ViolationFound)] == ["bert"]


@given(st.lists(st.sampled_from("abcd"), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_delivery_does_not_choose_who_goes(users: list[str], chance: random.Random) -> None:
    facts: list[Event] = [joined(f"p{n}", DAY + n // 2, user=user) for n, user in enumerate(users)]
    rooms = []
    for order in (facts, chance.sample(facts, len(facts))):
        enforcer = Enforcer(rules(max_people=2))
        for event in order:
            enforcer.add(event)
        enforcer.act()
        rooms.append(set(enforcer.disconnected()))
    first_two = list(dict.fromkeys(sorted(users, key=lambda user: (users.index(user) // 2, user))))[:2]
    assert rooms == [{f"p{n}" for n, user in enumerate(users) if user not in first_two}] * 2
