"""The log read back: the gateway's own picture, always as far as the log is. Who wants to act proposes, and reads the
verdict here.
"""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from moderator.clock import Clock
from moderator.domain.accounting import PersonErased
from moderator.domain.events import Entry, Event
from moderator.domain.fold import concerned, fold
from moderator.domain.ids import EventId, RoomKey, derive_event_id
from moderator.domain.rooms import Room
from moderator.domain.state import State, Verdict
from moderator.gateway.ledger_marks import LedgerMarks
from moderator.journal.event_log import EventLog, LogError, Slice

RECENT_ENTRIES: Final = 20_000
"""How far back a reader of the feed can resume without a new snapshot."""

READ_AT_ONCE: Final = 256
Listener = Callable[[Sequence[Event]], None]


class Ledger:
    """Follows the log and folds it. Single-threaded: listeners are called in order, right after each batch."""

    def __init__(self, log: EventLog, clock: Clock) -> None:
        self.log = log
        self.state = State()
        self.marks = LedgerMarks()
        self.changing = asyncio.Lock()
        """Held by whoever takes something out of the log."""
        self._clock = clock
        self._listeners: list[Listener] = []
        self._recent: deque[tuple[int, tuple[Event, ...]]] = deque(maxlen=RECENT_ENTRIES)
        self._forgotten_seq = 0
        """The newest entry that is not in `_recent` any more."""
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        """A heap of who waits for which `seq` to be read back."""
        self._tie = itertools.count()
        self._is_followed = True
        self._changes: dict[RoomKey, asyncio.Event] = {}
        """Rooms that somebody waits for; each event is set once, then forgotten."""

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the events of every batch, after they were folded."""
        self._listeners.append(listener)

    async def catch_up(self) -> None:
        """Read what the log holds so far; nobody is told of it."""
        self.state = await self.beginning()
        self._forgotten_seq = self.state.seq
        async for batch in self.log.read(self.state.seq):
            self._fold(batch)
            await asyncio.sleep(0)

    async def beginning(self, key: RoomKey | None = None) -> State:
        """A state of its own to fold entries into from the first that there is, for one room or all.

        Not empty where entries were trimmed: then it is what those led to.
        """
        before = await self.log.before()
        if before is None:
            return State()
        rooms = tuple(room for room in before.rooms if key is None or room.key == key)
        return State.from_snapshot(replace(before, rooms=rooms))

    async def rebuild(self) -> None:
        """Read everything again that was read so far, since it is not the same any more; forget how it was.

        For who holds `changing`.
        """
        state, marks = await self.beginning(), LedgerMarks()
        while state.seq < self.state.seq:  # entries go on being folded into the old state meanwhile
            part = Slice(after=state.seq, before=self.state.seq + 1, limit=READ_AT_ONCE)
            for entry in await self.log.read_slice(part):
                marks.read(entry.seq, fold(state, entry))
            await asyncio.sleep(0)
        self.state, self.marks = state, marks
        self._forget()

    def _forget(self) -> None:
        """Whoever reads the feed begins with a new snapshot, also who has heard of everything so far."""
        self._recent.clear()
        self._forgotten_seq = self.state.seq + 1

    async def follow(self) -> None:
        """Fold new entries as they are stored, until cancelled. Whoever waits is told when this ends for any reason."""
        try:
            async for batch in self.log.tail(self.state.seq):
                events = self._fold(batch)
                for listener in self._listeners:
                    listener(events)
                self._wake(events)
        finally:
            self._is_followed = False
            for _, _, future in self._waiting:
                if not future.done():
                    future.set_exception(_not_followed())

    async def append(self, events: Sequence[Event]) -> int:
        """Store events as one entry; returns its `seq` once it is durable. Raises LogError."""
        entry_id = derive_event_id(*(event.id for event in events))
        return await self.log.append(Entry(id=entry_id, recorded_at=self._clock.now_ms(), events=tuple(events)))

    async def propose(self, events: Sequence[Event]) -> list[Verdict]:
        """Store decisions as one entry and wait until they were read back and judged. Raises LogError."""
        seq = await self.append(events)
        await self.read_back(seq)
        return [self.state.verdicts.get(event.id, _forgotten(seq)) for event in events]

    async def read_back(self, seq: int) -> None:
        """Wait until the entry with this `seq` was folded. Raises LogError when the log is not followed any more."""
        if seq <= self.state.seq:
            return
        if not self._is_followed:
            raise _not_followed()
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (seq, next(self._tie), future))
        await future

    async def until(self, key: RoomKey, condition: Callable[[], bool], within_s: float) -> bool:
        """Whether a condition on a room comes true soon; it is looked at whenever something happened in that room."""
        give_up_at = self._clock.monotonic() + within_s
        while not condition():
            change = self._changes.setdefault(key, asyncio.Event())
            if not await self._clock.wait(change, max(0.0, give_up_at - self._clock.monotonic())):
                return condition()
        return True

    def verdict(self, event_id: EventId) -> Verdict | None:
        """What became of an event, when it was read within the last 24 h."""
        return self.state.verdicts.get(event_id)

    def room(self, key: RoomKey) -> Room | None:
        return self.state.room(key)

    def since(self, seq: int) -> Iterator[Event] | None:
        """Events after `seq`, as they were read; None when they are not at hand any more, or `seq` is yet to come."""
        if seq < self._forgotten_seq or seq > self.state.seq:
            return None
        newer = itertools.takewhile(lambda item: item[0] > seq, reversed(self._recent))
        return (event for _, events in reversed(list(newer)) for event in events)

    def _fold(self, batch: Sequence[Entry]) -> list[Event]:
        read: list[Event] = []
        for entry in batch:
            events = fold(self.state, entry)
            if len(self._recent) == RECENT_ENTRIES:
                self._forgotten_seq = self._recent[0][0]
            self._recent.append((entry.seq, tuple(events)))
            self.marks.read(entry.seq, events)
            if any(isinstance(event.data, PersonErased) for event in events):
                self._forget()
            read += events
        return read

    def _wake(self, events: Sequence[Event]) -> None:
        for key in [key for event in events for key in concerned(self.state, event)] if self._changes else []:
            if (change := self._changes.pop(key, None)) is not None:
                change.set()
        while self._waiting and self._waiting[0][0] <= self.state.seq:
            _, _, future = heapq.heappop(self._waiting)
            if not future.done():
                future.set_result(None)


def _not_followed() -> LogError:
    return LogError("the log is not read any more, so nothing can be decided: restart the gateway")


def _forgotten(seq: int) -> Verdict:
    """Of an event that the log has had for so long that the fold does not remember what became of it."""
    return Verdict(seq, 0, "repeated", "this was decided more than a day ago")
