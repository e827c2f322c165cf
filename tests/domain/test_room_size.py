"""How many people may be in a room, and who has to go of too many."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.events import (
    EnforcementHeld,
    Event,
    PersonAllowed,
    ViolationCleared,
    ViolationFound,
)
from moderator.domain.settings import Mode, Settings
from tests.fakes.builders import DAY, a_decision, configured, joined, left, room_started, rules, updated
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
