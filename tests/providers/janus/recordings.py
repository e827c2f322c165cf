"""Recorded deliveries, and the state that they fold to."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from moderator.domain.events import Entry, Event
from moderator.domain.fold import fold
from moderator.domain.ids import EventId, RoomId, RoomKey, SourceName
from moderator.domain.rooms import Participant, Room
from moderator.domain.state import State
from moderator.providers.janus.webhooks import Parser
from moderator.providers.provider import Delivery

DATA = Path(__file__).parents[2] / "data" / "janus"
SOURCE = "clinic"
KEY = b"test key"
EPOCH = 1_795_220_000_000
"""Shortly before the recordings were made."""
ALL_RECORDINGS = (
    "01_three_participants",
    "02_unclean_exits",
    "03_moderation",
    "06_receiver_failures",
    "09_tokens",
    "10_integer_ids_ungrouped",
)


def deliveries(name: str) -> list[Delivery]:
    """Of one recording, in the order of arrival."""
    lines = map(msgspec.json.decode, (DATA / f"{name}.jsonl").read_bytes().splitlines())
    return [
        delivery(line["body"].encode(), {key.lower(): value for key, value in line["headers"].items()}, line)
        for line in lines
    ]


def delivery(body: bytes, headers: dict[str, str] | None = None, line: dict[str, Any] | None = None) -> Delivery:
    received_at = line["received_at_ns"] // 1_000_000 if line else 1_790_000_000_000
    return Delivery(headers or {}, body, "127.0.0.1", received_at)


def parsed(found: Iterable[Delivery]) -> list[list[Event]]:
    """The events of each delivery that has any, dated by its arrival."""
    parser = Parser(SOURCE, KEY)
    lists = (
        [msgspec.structs.replace(event, recorded_at=one.received_at) for event in parser.parse(one)] for one in found
    )
    return [events for events in lists if events]


def folded(events: Iterable[list[Event]], state: State | None = None) -> State:
    """The state after these deliveries."""
    state = State() if state is None else state
    for events_of_one in events:
        seq = state.seq + 1
        recorded_at = events_of_one[0].recorded_at
        fold(state, Entry(id=EventId(f"entry-{seq}"), recorded_at=recorded_at, events=tuple(events_of_one), seq=seq))
    return state


def room(state: State, name: str) -> Room:
    found = state.room(RoomKey(SourceName(SOURCE), RoomId(name)))
    assert found is not None
    return found


def person(of: Room, user: str) -> Participant:
    """The newest stay of a user."""
    return [found for found in of.participants if found.user == user][-1]


def state_at(name: str, at: int) -> State:
    """What was known at a moment of a recording, in milliseconds since `EPOCH`."""
    events = ([one for one in some if one.at - EPOCH <= at] for some in parsed(deliveries(name)))
    return folded([some for some in events if some])


def here(of: Room) -> dict[str, list[str]]:
    """Who is there, with the kinds of their streams."""
    return {found.user: [stream.kind for stream in found.streams] for found in of.here()}
