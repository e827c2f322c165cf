"""What a storm left behind, and what follows from it: the log, the platform's record, what moderators were told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeVar

from msgspec import Struct

from moderator.domain.events import DisconnectConfirmed, DisconnectRequested, Entry, Event, TimeExpired, WarningRaised
from moderator.domain.fold import fold
from moderator.domain.ids import EventId, RoomKey
from moderator.domain.kinds import Data
from moderator.domain.rooms import Deadline, Room
from moderator.domain.settings import grace_ms
from moderator.domain.state import State
from moderator.feed.audit import Verified
from tests.end_to_end.cluster_storm import Storm

D = TypeVar("D", bound=Data)
GAP_MS: Final = 250
"""So long nobody took a webhook, although many are sent: then nobody could."""


class Moment(Struct, frozen=True):
    """Something that had to happen at a time, and when it was written down; milliseconds since the epoch."""

    what: str
    due_at: int
    done_at: int


class Order(Struct, frozen=True):
    """That somebody is to be removed, and how often a gateway asked the platform for it."""

    room: str
    participant: str
    asked: int
    faults: int
    """How many of the faults fell into the time between the order and its confirmation."""


class Reader(Struct, frozen=True):
    """What one moderator has at the end."""

    rooms: Mapping[RoomKey, Room]
    told: Counter[EventId]
    """How often they were told of each event."""
    connections: int


class Findings:
    """All of it, and what follows from it."""

    def __init__(
        self,
        *,
        entries: Sequence[Entry],
        copies: Sequence[Sequence[Entry]],
        verified: Sequence[Verified],
        shown: Sequence[Mapping[RoomKey, Room]],
        readers: Sequence[Reader],
        storm: Storm,
        faults: Sequence[tuple[int, int]],
    ) -> None:
        self.entries = entries
        """What the servers of the log have."""
        self.copies, self.verified = copies, verified
        """What each gateway has of it."""
        self.shown = shown
        """What each gateway says is going on."""
        self.readers = readers
        self.acknowledged = storm.platform.acknowledged
        self.extended, self.perhaps_extended = storm.extended, storm.perhaps_extended
        self.ordered = storm.ordered
        self._removals = Counter(storm.platform.removals)
        self._faults = faults
        self.state = State()
        self.happened: list[Event] = []
        """What the fold accepted, in order."""
        self.moments: list[Moment] = []
        for entry in entries:
            for event in fold(self.state, entry):
                self.happened.append(event)
                self.moments += self._moments(event)

    def rooms(self) -> dict[RoomKey, Room]:
        """The picture that the log leads to."""
        return {room.key: room for room in self.state.all_rooms()}

    def of(self, kind: type[D]) -> list[tuple[Event, D]]:
        """The events of a kind, each with its data."""
        return [(event, event.data) for event in self.happened if isinstance(event.data, kind)]

    def orders(self) -> list[Order]:
        """Every order to remove somebody. Nobody is ordered out twice: they don't come back with the same id."""
        done_at = {data.command: event.recorded_at for event, data in self.of(DisconnectConfirmed)}
        return [self._order(event, data, done_at[event.id]) for event, data in self.of(DisconnectRequested)]

    def _order(self, event: Event, data: DisconnectRequested, done_at: int) -> Order:
        room, participant = event.room or "", data.participant
        span = (event.recorded_at, done_at)
        faults = sum(_overlap(fault, span) > 0 for fault in self._faults)
        return Order(room, participant, self._removals[room, participant], faults)

    def outages(self) -> list[tuple[int, int]]:
        """When no gateway took anything: from, until."""
        times = sorted(self.acknowledged.values())
        return [(before, after) for before, after in pairwise(times) if after - before > GAP_MS]

    def excused_ms(self, moment: Moment) -> int:
        """How much of the time that passed until it was done nobody could have done it."""
        return sum(_overlap(outage, (moment.due_at, moment.done_at)) for outage in self.outages())

    def _moments(self, event: Event) -> Iterator[Moment]:
        room = self.state.room(event.key) if event.key else None
        deadline = room.deadline if room else None
        if deadline is None:
            return
        if isinstance(event.data, WarningRaised):
            due_at = deadline.ends_at - event.data.threshold_ms
            yield Moment(f"{event.data.threshold_ms} ms left in {event.room}", due_at, event.recorded_at)
        if isinstance(event.data, TimeExpired):
            yield Moment(f"the end of {event.room}", _due_at(deadline), event.recorded_at)


def _due_at(deadline: Deadline) -> int:
    assert deadline.last_call_at is not None, "nobody is cut off unwarned"
    return max(deadline.ends_at, deadline.last_call_at + grace_ms(deadline.warn_ms))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))
