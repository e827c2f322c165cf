"""Rooms for listed people only."""

import pytest

from moderator.domain.events import DisconnectRequested, Event, ViolationFound
from moderator.domain.settings import Mode
from tests.fakes.builders import DAY, ROOM, allowed, announced, configured, joined, rules, updated
from tests.fakes.enforcer import Enforcer

LISTED = rules(allow="listed")
ANNA = joined("p", DAY, user="anna")
BERT = joined("q", DAY + 1, user="bert")
NOBODY = joined("r", DAY + 2)
FOR_ANNA = announced(users=["anna"])


def violating(enforcer: Enforcer) -> list[str]:
    return [one.participant for one in enforcer.room.violations]


@pytest.mark.parametrize(
    ("told", "objected"),
    [
        ([FOR_ANNA, ANNA, BERT, NOBODY], ["q", "r"]),
        ([ANNA, BERT, FOR_ANNA], ["q"]),  # taken back as soon as she turns out to be expected
        ([ANNA], ["p"]),  # without an appointment nobody is expected
        ([announced(users=["anna"], room="another"), ANNA], ["p"]),
        ([announced("by-name", users=["anna"], room=""), ANNA], ["p"]),
        ([announced(ROOM, users=["anna"], room=""), ANNA], []),
        ([announced(users=[]), ANNA], ["p"]),
        ([FOR_ANNA, joined("p", DAY), updated("p", DAY + 1, user="anna")], []),
        ([FOR_ANNA, BERT, allowed("bert")], []),
        ([allowed("bert"), FOR_ANNA, BERT], []),
    ],
)
def test_who_is_objected_to(told: list[Event], objected: list[str]) -> None:
    enforcer = Enforcer(rules(allow="listed", mode="observe"))
    enforcer.tell(*told)
    assert (violating(enforcer), enforcer.disconnected()) == (objected, [])


@pytest.mark.parametrize(
    ("mode", "found", "removed"), [("off", [], []), ("observe", ["q"], []), ("enforce", ["q"], ["q"])]
)
def test_only_enforcing_disconnects(mode: Mode, found: list[str], removed: list[str]) -> None:
    enforcer = Enforcer(rules(allow="listed", mode=mode))
    enforcer.tell(FOR_ANNA, ANNA, BERT)
    assert (violating(enforcer), enforcer.disconnected()) == (found, removed)


def test_what_is_found_says_whom_and_why() -> None:
    enforcer = Enforcer(LISTED)
    enforcer.tell(FOR_ANNA, BERT)
    (found,) = enforcer.of(ViolationFound)
    assert found.data == ViolationFound(
        policy="allow_list", participant="q", user="bert", reason="not_listed", enforced=True
    )
    (order,) = enforcer.of(DisconnectRequested)
    assert order.data == DisconnectRequested(participant="q", reason="not_listed")


def test_a_room_for_anyone_objects_to_nobody() -> None:
    enforcer = Enforcer(rules())
    enforcer.tell(FOR_ANNA, BERT)
    assert violating(enforcer) == []
    enforcer.tell(configured(LISTED))
    assert violating(enforcer) == ["q"]


def test_a_changed_list_takes_the_violation_back() -> None:
    enforcer = Enforcer(LISTED)
    enforcer.tell(FOR_ANNA, BERT, announced(users=["anna", "bert"]))
    assert violating(enforcer) == []
