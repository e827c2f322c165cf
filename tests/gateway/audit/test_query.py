"""What is looked for in the audit, and what fits."""

from typing import Any

import pytest

from moderator.domain.accounting import AuditViewed, CredentialsRefused
from moderator.domain.announcements import Listed, RoomAnnounced
from moderator.domain.events import (
    AccessDenied,
    Actor,
    DisconnectConfirmed,
    DisconnectFailed,
    Event,
    MessageRequested,
    PersonAllowed,
    RoomClaimed,
    RoomLocked,
    Unknown,
)
from moderator.domain.kinds import Data
from moderator.gateway.audit.query import Filter, outcome_of, parse_query
from moderator.gateway.problems import Problem
from moderator.journal.event_log import Seat
from moderator.journal.starts import Refusal
from tests.fakes.builders import DAY, ROOM, SOURCE, a_decision, a_fact, joined, kicked, left

MESSAGE = a_decision(MessageRequested(text="Time is Up"))
ANNOUNCED = a_decision(RoomAnnounced(name="visit", starts_at=DAY, allow=(Listed("u1"),)))


def fits(asked: dict[str, str], event: Event, *seats: Seat) -> bool:
    return Filter(parse_query(asked), seats, lambda key: f"Room {key.room}").fits(event, DAY)


@pytest.mark.parametrize(
    ("asked", "event", "expected"),
    [
        ({}, MESSAGE, True),
        ({"kind": "message_requested"}, MESSAGE, True),
        ({"kind": "room_ended, message_requested"}, MESSAGE, True),
        ({"kind": "room_ended"}, MESSAGE, False),
        ({"source": SOURCE}, MESSAGE, True),
        ({"source": "other"}, MESSAGE, False),
        ({"room": ROOM}, MESSAGE, True),
        ({"room": f"Room {ROOM}"}, MESSAGE, True),
        ({"room": "room"}, MESSAGE, False),
        ({"moderator": "anna"}, MESSAGE, True),
        ({"moderator": "ANN"}, MESSAGE, True),
        ({"moderator": "maya"}, MESSAGE, False),
        ({"moderator": "clinic"}, joined("p", DAY), False),
        ({"text": "is up"}, MESSAGE, True),
        ({"text": "is down"}, MESSAGE, False),
        ({"from": str(DAY)}, MESSAGE, True),
        ({"from": str(DAY + 1)}, MESSAGE, False),
        ({"to": str(DAY)}, MESSAGE, False),
        ({"to": str(DAY + 1)}, MESSAGE, True),
        ({"person": "u1"}, joined("p", DAY, user="u1"), True),
        ({"person": "u1"}, joined("p", DAY, user="u2"), False),
        ({"person": "u1"}, a_decision(PersonAllowed(person="u1")), True),
        ({"person": "u1"}, a_decision(RoomLocked(people=("u2", "u1"))), True),
        ({"person": "u1"}, ANNOUNCED, True),
        ({"person": "u1"}, MESSAGE, False),
        ({"person": "u1"}, left("p", DAY), False),
    ],
)
def test_which_events_fit(asked: dict[str, str], event: Event, expected: bool) -> None:
    assert fits(asked, event) is expected


def test_what_was_done_to_a_connection_was_done_to_the_person() -> None:
    seat = Seat(SOURCE, ROOM, "p@")
    assert fits({"person": "u1"}, kicked("p@170"), seat)
    assert not fits({"person": "u1"}, kicked("q@170"), seat)


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"who": "x"}, "no such parameter"),
        ({"text": "x" * 201}, "200 characters"),
        ({"outcome": "well"}, "use one of"),
        ({"order": "random"}, "oldest or newest"),
        ({"limit": "0"}, "1 to 500"),
        ({"limit": "501"}, "1 to 500"),
        ({"limit": "many"}, "limit"),
        ({"after": "-1"}, "below zero"),
        ({"from": str(2**63)}, "19 digits"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(asked: dict[str, str], what: str) -> None:
    with pytest.raises(Problem, match=what) as caught:
        parse_query(asked)
    assert (caught.value.status, caught.value.code) == (422, "invalid_query")


def test_the_record_of_a_look_says_what_for_and_not_which_page() -> None:
    query = parse_query({"person": "u1", "from": "5", "after": "7", "limit": "3", "order": "newest"})
    assert query.words() == "person=u1 from=5"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (joined("p", DAY).data, ("reported", "")),
        (Unknown(unknown_kind="new", members={}), ("reported", "")),
        (RoomClaimed(moderator="m"), ("done", "")),
        (kicked("p").data, ("requested", "")),
        (DisconnectConfirmed(command="c"), ("done", "")),  # type: ignore[arg-type]
        (DisconnectFailed(command="c", why="gone"), ("failed", "gone")),  # type: ignore[arg-type]
        (AccessDenied(origin="api", reason="no_token"), ("denied", "no_token")),
        (CredentialsRefused(code="room_full"), ("denied", "room_full")),
        (AuditViewed(), ("noted", "")),
    ],
)
def test_what_came_of_it(data: Data, expected: Any) -> None:
    assert outcome_of(a_fact(data, DAY), {}, {}) == expected


def test_what_came_of_a_command_is_told_by_a_later_event() -> None:
    kick = kicked("p")
    assert outcome_of(kick, {kick.id: "disconnect_confirmed"}, {}) == ("done", "")
    assert outcome_of(kick, {kick.id: "disconnect_failed"}, {}) == ("failed", "")
    assert outcome_of(kick, {}, {kick.id: Refusal(1, "somebody was quicker")}) == ("refused", "somebody was quicker")


def test_actors_are_no_moderators_by_their_name() -> None:
    event = a_decision(MessageRequested(text="x"), by=Actor("policy", "anna", "anna"))
    assert not fits({"moderator": "anna"}, event)
