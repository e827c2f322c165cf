"""Blocked people, and disconnects that fail."""

import itertools

import pytest

from moderator.domain.events import (
    DisconnectRequested,
    EnforcementHeld,
    EnforcementResumed,
    ParticipantLeft,
    PersonBlocked,
)
from moderator.domain.removals import RETRY_MS
from tests.fakes.builders import DAY, a_decision, a_fact, confirmed, failed, joined, kicked, left, rules, seen
from tests.fakes.enforcer import Enforcer


def a_block(until: int | None = None) -> Enforcer:
    enforcer = Enforcer(rules(mode="observe"))
    enforcer.tell(joined("p", DAY, user="anna"), joined("q", DAY, user="bert"))
    enforcer.tell(a_decision(PersonBlocked(user="anna", until=until, reason="conduct")))
    return enforcer


def test_a_blocked_person_who_comes_back_is_disconnected_again() -> None:
    enforcer = a_block()
    enforcer.confirm_all()
    enforcer.at(DAY + 1_000, joined("p2", DAY + 1_000, user="anna"))
    assert enforcer.disconnected() == ["p", "p2"]
    (first, _) = enforcer.of(DisconnectRequested)
    assert first.data == DisconnectRequested(participant="p", reason="conduct", block=True)


@pytest.mark.parametrize("key", ["7@", "p"])
def test_so_is_one_who_comes_back_under_the_same_id(key: str) -> None:
    enforcer = Enforcer()
    enforcer.tell(a_decision(PersonBlocked(user="anna")), joined(key, DAY, user="anna"))
    enforcer.confirm_all()
    enforcer.at(DAY + 5_000, joined(key, DAY + 5_000, user="anna"))
    came_back = key.endswith("@")  # elsewhere the platform never gives an id twice, and the leave counts
    assert (len(enforcer.disconnected()), enforcer.room.people) == (1 + came_back, int(came_back))


def test_a_block_holds_until_its_moment() -> None:
    enforcer = a_block(until=DAY + 60_000)
    (first,) = enforcer.of(DisconnectRequested)
    assert first.data == DisconnectRequested(participant="p", reason="conduct"), "no platform would let go in time"
    enforcer.confirm_all()
    enforcer.at(DAY + 60_000, joined("p2", DAY + 60_000, user="anna"))
    assert enforcer.disconnected() == ["p"]


def test_a_hold_pauses_it() -> None:
    enforcer = Enforcer()
    enforcer.tell(a_decision(EnforcementHeld(), room=None), a_decision(PersonBlocked(user="anna")))
    enforcer.tell(joined("p", DAY, user="anna"))
    assert enforcer.disconnected() == []
    enforcer.tell(a_decision(EnforcementResumed(), room=None))
    assert enforcer.disconnected() == ["p"]


def test_a_person_without_identity_is_not_mistaken_for_a_blocked_one() -> None:
    enforcer = Enforcer()
    enforcer.tell(a_decision(PersonBlocked(user="")), joined("p", DAY))
    assert enforcer.disconnected() == []


def test_a_failed_disconnect_is_tried_again_later_and_later() -> None:
    enforcer = a_block()
    asked_at = [enforcer.now]
    for count in (1, 2, 3, 4, 5, 5):
        enforcer.fail_all()
        enforcer.run_until(enforcer.now + RETRY_MS * count - 1)
        assert len(enforcer.disconnected()) == len(asked_at)
        enforcer.run_until(enforcer.now + 1)
        asked_at.append(enforcer.of(DisconnectRequested)[-1].recorded_at)
        assert len(enforcer.disconnected()) == len(asked_at)
    assert [(later - sooner) // RETRY_MS for sooner, later in itertools.pairwise(asked_at)] == [
        1,
        2,
        3,
        4,
        5,
        5,
    ]


def test_who_is_there_after_all_is_disconnected_by_a_new_order() -> None:
    """Two lists without them confirmed the first one; the next list shows them again, under the id of before."""
    enforcer = a_block()
    (order,) = enforcer.room.pending
    enforcer.tell(a_fact(ParticipantLeft(participant="p", inferred=True), DAY + 5), confirmed(order.id, "p"))
    enforcer.at(DAY + 9, seen("p", DAY + 9))
    assert enforcer.disconnected() == ["p", "p"]


def test_nobody_is_tried_again_who_is_gone() -> None:
    enforcer = a_block()
    enforcer.fail_all()
    enforcer.tell(left("p", DAY + 10))
    enforcer.run_until(DAY + 10 * RETRY_MS)
    assert enforcer.disconnected() == ["p"]


def test_what_a_moderator_ordered_is_not_tried_again_by_itself() -> None:
    enforcer = Enforcer(rules())
    order = kicked("p")
    enforcer.tell(joined("p", DAY), order)
    enforcer.tell(failed(order.id, "p"))
    enforcer.run_until(DAY + 10 * RETRY_MS)
    assert (enforcer.disconnected(), len(enforcer.room.failures)) == (["p"], 1)
