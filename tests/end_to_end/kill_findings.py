"""What is to be found in a log, and was seen at a feed, after a gateway was killed: nothing lost, nothing twice."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from msgspec import Struct, field

from moderator.domain.events import DisconnectConfirmed, DisconnectRequested, Entry, Event, TimeExpired, WarningRaised
from moderator.domain.fold import fold
from moderator.domain.ids import EventId, RoomKey
from moderator.domain.rooms import Room
from moderator.domain.state import State
from moderator.journal.sqlite_evidence import verify_file
from moderator.journal.sqlite_file import connect_to_read
from moderator.journal.stored import from_stored

FED: Final = {
    *("participant_joined", "participant_left", "deadline_set", "warning_raised", "time_expired"),
    *("disconnect_requested", "disconnect_confirmed"),
}
"""Kinds that everybody at the feed hears of."""


class Order(NamedTuple):
    """A disconnect that was answered 202: the `seq` it was given, and whom it is about."""

    seq: int
    user: str
    participant: str


class Promises(Struct):
    """What the gateway acknowledged."""

    stored: set[EventId] = field(default_factory=set)
    """Events of webhooks that were answered 200."""
    orders: list[Order] = field(default_factory=list)


class Seen(Protocol):
    """What somebody at the feed saw, over all lives of the gateway."""

    events: list[Event]
    snapshots: int
    first_seq: int
    """Of the first snapshot."""

    @property
    def seq(self) -> int: ...

    def rooms(self) -> dict[RoomKey, Room]: ...


class Findings(NamedTuple):
    problems: list[str]
    summary: str


def read_log(path: Path, after: int = 0) -> list[Entry]:
    """The entries of a log file, whoever has it."""
    with closing(connect_to_read(path)) as store:
        return [*_entries(store, after)]


def _entries(store: sqlite3.Connection, after: int) -> Iterator[Entry]:
    for seq, body in store.execute("SELECT seq, body FROM entries WHERE seq > ? ORDER BY seq", (after,)):
        texts = store.execute("SELECT value FROM texts WHERE seq = ? ORDER BY number", (seq,))
        yield from_stored(body, seq, [value for (value,) in texts])


def is_settled(path: Path) -> bool:
    """Whether no command is open any more in this log."""
    with closing(connect_to_read(path)) as store:
        (count,) = store.execute("SELECT count(*) FROM commands WHERE done = 0").fetchone()
    return not count


def findings(path: Path, promises: Promises, seen: Seen, here: Collection[str]) -> Findings:
    """What is wrong with a log; `here` is who is still in the platform's rooms."""
    entries = read_log(path)
    state, read = State(), list[Event]()
    for entry in entries:
        if entry.seq <= seen.seq:
            read += fold(state, entry)
    stored = Counter(event.id for entry in entries for event in entry.events)
    problems = [
        *_wrong_file(path),
        *_wrong_events(promises.stored, stored),
        *_wrong_orders(promises.orders, entries, here),
        *_wrong_warnings(entries),
        *_wrong_feed(seen, read, state),
    ]
    kinds = Counter(event.kind for event in read)
    summary = (
        f"the log: {len(entries)} entries, {kinds['warning_raised']} warnings, {kinds['time_expired']} rooms' time "
        f"was up, {kinds['disconnect_confirmed']} disconnects confirmed; acknowledged: {len(promises.stored)} events, "
        f"{len(promises.orders)} disconnects; the feed: {len(seen.events)} events, {seen.snapshots} snapshots"
    )
    return Findings(problems, summary)


def _wrong_file(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(path)) as store:
        if (said := store.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            yield f"the file is damaged: {said}"
    if problem := verify_file(path).problem:
        yield f"the evidence is not whole: {problem}"


def _wrong_events(acknowledged: Iterable[EventId], stored: Mapping[EventId, int]) -> Iterator[str]:
    for id_ in acknowledged:
        if stored[id_] != 1:
            yield f"event {id_} was acknowledged and is in the log {stored[id_]} times"


def _wrong_orders(orders: Iterable[Order], entries: Iterable[Entry], here: Collection[str]) -> Iterator[str]:
    """Whoever was ordered out twice goes once: the second order is refused, and who gave it is told that it is done."""
    events = [(entry.seq, event.data) for entry in entries for event in entry.events]
    requested = {(seq, data.participant) for seq, data in events if isinstance(data, DisconnectRequested)}
    confirmed = Counter(data.participant for _, data in events if isinstance(data, DisconnectConfirmed))
    for order in orders:
        if (order.seq, order.participant) not in requested:
            yield f"{order} was accepted and is not in the log"
        if confirmed[order.participant] != 1:
            yield f"{order} was accepted and is confirmed {confirmed[order.participant]} times"
        if order.user in here:
            yield f"{order} was accepted, and they are still there"


def _wrong_warnings(entries: Iterable[Entry]) -> Iterator[str]:
    raised: Counter[tuple[object, ...]] = Counter()
    warned: set[tuple[object, ...]] = set()
    for entry in entries:
        for event in entry.events:
            if isinstance(event.data, WarningRaised):
                raised[event.key, event.instance, event.data] += 1
                warned.add((event.key, event.instance))
            elif isinstance(event.data, TimeExpired) and (event.key, event.instance) not in warned:
                yield f"the time of {event.key} was up unwarned"
    yield from (f"{warning} was raised {count} times" for warning, count in raised.items() if count > 1)


def _wrong_feed(seen: Seen, read: Iterable[Event], state: State) -> Iterator[str]:
    """Everything after the first snapshot, once and in order; and the same picture in the end."""
    expected = [event.id for event in read if event.seq > seen.first_seq and event.kind in FED]
    got = [event.id for event in seen.events if event.kind in FED]
    if got != expected:
        missing, more = Counter(expected) - Counter(got), Counter(got) - Counter(expected)
        yield f"the feed lacks {missing.total()} events and has {more.total()} more: {[*missing][:3]} {[*more][:3]}"
    for key, room in seen.rooms().items():
        if (known := state.room(key)) != room:
            yield f"{key} is another at the feed: {_differences(room, known)}"


def _differences(one: Room, other: Room | None) -> list[str]:
    pairs = [(name, getattr(one, name), getattr(other, name, None)) for name in one.__struct_fields__]
    return [f"{name}: {here!r}, not {there!r}" for name, here, there in pairs if here != there]
