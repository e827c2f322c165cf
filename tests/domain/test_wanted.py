"""Whether what was decided is still to be done when its turn comes."""

import pytest

from moderator.domain.events import (
    DisconnectRequested,
    EnforcementHeld,
    Event,
    PersonAllowed,
    PersonBlocked,
    PersonReadmitted,
    RoomUnlocked,
)
from moderator.domain.settings import Mode
from moderator.domain.wanted import still_wanted
from tests.fakes.builders import (
    DAY,
    a_decision,
    announced,
    configured,
    extended,
    joined,
    kicked,
    left,
    locked,
    rules,
    updated,
)
from tests.fakes.enforcer import Enforcer


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


@pytest.mark.parametrize(
    "way_out",
    [
        announced(users=["anna"]),
        a_decision(PersonAllowed(person="anna")),
        configured(rules()),
        configured(rules(allow="listed", mode="observe")),
    ],
)
def test_a_disconnect_of_somebody_unlisted_falls_when_they_may_be_there(way_out: Event) -> None:
    enforcer = Enforcer(rules(allow="listed"))
    enforcer.tell(joined("p", DAY, user="anna"))
    assert wanted(enforcer)
    enforcer.add(announced(users=["bert"]))
    assert wanted(enforcer)
    enforcer.add(way_out)
    assert not wanted(enforcer)


@pytest.mark.parametrize("way_out", [a_decision(RoomUnlocked()), a_decision(PersonAllowed(person="anna"))])
def test_a_disconnect_out_of_a_locked_room_falls_with_the_lock(way_out: Event) -> None:
    enforcer = Enforcer(rules(mode="off"))
    enforcer.tell(joined("q", DAY))
    enforcer.tell(locked("q"))
    enforcer.at(DAY + 5_000, joined("p", DAY + 5_000, user="anna"))
    assert wanted(enforcer)
    assert not wanted(enforcer, held=True)
    enforcer.add(way_out)
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
