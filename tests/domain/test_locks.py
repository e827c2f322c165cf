"""Locked rooms: who is there stays and may come back, nobody else comes in."""

import pytest

from moderator.domain.events import EnforcementHeld, Event, RoomUnlocked, ViolationFound
from moderator.domain.locks import locked_out
from moderator.domain.settings import Mode, Settings
from tests.fakes.builders import DAY, a_decision, allowed, joined, left, locked, rules, updated
from tests.fakes.enforcer import Enforcer

AT = DAY + 10_000
"""When the room is locked."""
ANNA = joined("p", DAY, user="anna")
UNLOCKED = a_decision(RoomUnlocked())


def a_locked_room(settings: Settings | None = None) -> Enforcer:
    """With Anna in it, as the moderator saw."""
    enforcer = Enforcer(settings or Settings())
    enforcer.tell(ANNA)
    enforcer.at(AT, locked("anna"))
    return enforcer


def violating(enforcer: Enforcer) -> list[str]:
    return [one.participant for one in enforcer.room.violations]


@pytest.mark.parametrize(
    ("told", "removed"),
    [
        ([joined("q", AT + 1, user="bert")], ["q"]),
        ([joined("q", AT + 1)], ["q"]),
        ([joined("p2", AT + 1, user="anna")], []),
        ([left("p", AT + 1), joined("p2", AT + 2, user="anna")], []),
        ([joined("q", AT - 1, user="bert")], []),  # heard of late: they were there
        ([joined("q", AT, user="bert")], []),
        ([joined("q", AT - 9, user="bert"), left("q", AT + 5), joined("q2", AT + 9, user="bert")], []),
        ([joined("q", AT - 9, user="bert"), left("q", AT - 5), joined("q2", AT + 9, user="bert")], ["q2"]),
        ([allowed("bert"), joined("q", AT + 1, user="bert")], []),
        ([UNLOCKED, joined("q", AT + 1, user="bert")], []),
    ],
)
def test_who_has_to_go(told: list[Event], removed: list[str]) -> None:
    enforcer = a_locked_room()
    for event in told:
        enforcer.add(event)
    enforcer.act()
    assert (violating(enforcer), enforcer.disconnected()) == (removed, removed)


@pytest.mark.parametrize("mode", ["off", "observe", "enforce"])
def test_the_mode_does_not_matter(mode: Mode) -> None:
    """A moderator said so, as with blocks."""
    enforcer = a_locked_room(rules(mode=mode))
    enforcer.tell(joined("q", AT + 1, user="bert"))
    assert enforcer.disconnected() == ["q"]
    (found,) = enforcer.of(ViolationFound)
    assert found.data == ViolationFound(policy="lock", participant="q", user="bert", reason="other", enforced=True)


def test_who_was_seen_as_a_stranger_stays_when_the_name_is_known() -> None:
    enforcer = Enforcer()
    enforcer.tell(joined("p", DAY))
    enforcer.at(AT, locked("p"), updated("p", AT + 5, user="anna"), joined("p2", AT + 6, user="anna"))
    assert violating(enforcer) == []


def test_letting_somebody_in_and_unlocking_take_violations_back() -> None:
    for way_out in (allowed("bert"), UNLOCKED):
        enforcer = a_locked_room()
        enforcer.tell(a_decision(EnforcementHeld(), room=None), joined("q", AT + 1, user="bert"))
        assert (violating(enforcer), enforcer.disconnected()) == (["q"], [])
        enforcer.tell(way_out)
        assert violating(enforcer) == []


def test_the_platforms_clock_is_corrected() -> None:
    """By a platform whose clock is 5 s behind, everything seems to be sooner than it is."""
    enforcer = a_locked_room()
    enforcer.add(joined("q", AT - 4_000, user="bert"))
    assert locked_out(enforcer.room, 0).people == ()
    assert [one.id for one in locked_out(enforcer.room, 5_000).people] == ["q"]
