"""The log read back: the gateway's own picture, always as far as the log is. Who wants to act proposes, and reads the
verdict here.
"""

import asyncio
import heapq
import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import aclosing, suppress
from typing import Any, Final, cast
from weakref import WeakValueDictionary

from msgspec.structs import replace

from moderator.clock import Clock
from moderator.domain.accounting import PersonErased
from moderator.domain.events import Entry, Event
from moderator.domain.fold import concerned, fold
from moderator.domain.ids import EventId, RoomKey, derive_event_id
from moderator.domain.rooms import Room
from moderator.domain.state import State, Verdict
from moderator.gateway.ledger_marks import LedgerMarks
from moderator.gateway.measures import LogMeasures
from moderator.gateway.recent import Recent
from moderator.journal.event_log import EventLog, LogError, Slice
from moderator.journal.starts import Start

READ_AT_ONCE: Final = 256
Listener = Callable[[Sequence[Event]], None]


class Ledger:
    """Follows the log and folds it. Single-threaded: listeners are called in order, right after each batch."""

    def __init__(self, log: EventLog, clock: Clock) -> None:
        self.log = log
        self.state = State()
        self.marks = LedgerMarks()
        self.measures = LogMeasures()
        self.changing = asyncio.Lock()
        """Held by whoever takes something out of the log."""
        self.began_at = 0
        """The `seq` of the start that reading began with; 0 when it began with the first entry."""
        self.remembers_erased = False
        """Somebody was erased, perhaps by another gateway, and the state is not yet without them."""
        self._erased_at = 0
        """The `seq` of the newest record of that."""
        self._clock = clock
        self._listeners: list[Listener] = []
        self._recent = Recent()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        """A heap of who waits for which `seq` to be read back."""
        self._tie = itertools.count()
        self._is_followed = True
        self._changes: WeakValueDictionary[RoomKey, asyncio.Event] = WeakValueDictionary()
        """Rooms that somebody waits for, as long as they do; each event is set once, then forgotten."""

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the events of every batch, after they were folded."""
        self._listeners.append(listener)

    async def catch_up(self) -> None:
        """Read what the log holds so far, from its start on if there is one; nobody is told of it."""
        while not await self._read_all():
            pass
        self.remembers_erased = False  # what was read then is without them

    async def _read_all(self) -> bool:
        """False when another gateway took out what was not read yet, or who was read already."""
        newest = await self.log.newest()
        start = await self.log.start()
        if start is None or start.seq < await self.log.trimmed():
            self.state, self.marks, self.began_at = await self.beginning(), LedgerMarks(), 0
        else:
            self.state, self.marks = State.from_snapshot(start.snapshot), LedgerMarks.from_start(start)
            self.began_at = start.seq
        self._recent.start_over(self.state.seq)
        batches = cast("AsyncGenerator[Sequence[Entry], None]", self.log.read(self.state.seq))
        async with aclosing(batches):
            async for batch in batches:
                if await self.log.trimmed() > self.state.seq:
                    return False
                self._fold(batch)
                await asyncio.sleep(0)
        return self._erased_at <= newest and await self.log.trimmed() <= self.state.seq

    def start(self) -> Start:
        """A start for who reads the log later. For who holds `changing`: what is being erased may stand in it."""
        return self.marks.start(self.state.snapshot())

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
        while not await self._read_again():
            pass
        self._forget()

    async def _read_again(self) -> bool:
        """False when another gateway took out what was not read yet."""
        erased_at = self._erased_at
        state, marks = await self.beginning(), LedgerMarks()
        while state.seq < self.state.seq:  # entries go on being folded into the old state meanwhile
            part = Slice(after=state.seq, before=self.state.seq + 1, limit=READ_AT_ONCE)
            entries = await self.log.read_slice(part)
            if await self.log.trimmed() > state.seq:
                return False
            for entry in entries:
                marks.read(entry.seq, fold(state, entry))
            await asyncio.sleep(0)
        self.state, self.marks = state, marks
        self.remembers_erased = self._erased_at > erased_at  # what was read before that has them still
        return True

    def _forget(self) -> None:
        """Whoever reads the feed begins with a new snapshot, also who has heard of everything so far."""
        self._recent.start_over(self.state.seq + 1)

    async def follow(self) -> None:
        """Fold new entries as they are stored, until cancelled. Whoever waits is told when this ends for any reason."""
        try:
            async for batch in self.log.tail(self.state.seq):
                begun = self._clock.monotonic()
                events = self._fold(batch)
                self.measures.folded(len(batch), self._clock.monotonic() - begun)
                for listener in self._listeners:
                    listener(events)
                self._wake(events)
        finally:
            self._is_followed = False
            for _, _, future in self._waiting:
                if not future.done():
                    future.set_exception(_not_followed())

    def append(self, events: Sequence[Event]) -> Coroutine[Any, Any, int]:
        """Store events as one entry; gives its `seq` once it is durable. Raises LogError.

        To be awaited; but the log is given it when this is called.
        """
        return self._stored(self._begin(events), self._clock.monotonic())

    def _begin(self, events: Sequence[Event]) -> Awaitable[int]:
        entry_id = derive_event_id(*(event.id for event in events))
        return self.log.append(Entry(id=entry_id, recorded_at=self._clock.now_ms(), events=tuple(events)))

    async def _stored(self, appended: Awaitable[int], begun: float) -> int:
        try:
            seq = await appended
        except LogError:
            self.measures.failures += 1
            raise
        self.measures.stored_entry(seq, self._clock.monotonic() - begun)
        return seq

    def propose(self, events: Sequence[Event]) -> Coroutine[Any, Any, list[Verdict]]:
        """Store decisions as one entry and wait until they were read back and judged; see `append`. Raises LogError."""
        return self._judged(events, self._begin(events), self._clock.monotonic())

    async def _judged(self, events: Sequence[Event], appended: Awaitable[int], begun: float) -> list[Verdict]:
        seq = await self._stored(appended, begun)
        await self.read_back(seq)
        return [self.state.verdicts.get(event.id, _forgotten(seq)) for event in events]

    async def read_back(self, seq: int) -> None:
        """Wait until the entry with this `seq` was folded. Raises LogError when the log is not followed any more."""
        if seq <= self.state.seq:
            return
        if not self._is_followed:
            raise _not_followed()
        waiting = (seq, next(self._tie), asyncio.get_running_loop().create_future())
        heapq.heappush(self._waiting, waiting)
        try:
            await waiting[2]
        except asyncio.CancelledError:
            with suppress(ValueError):
                self._waiting.remove(waiting)
                heapq.heapify(self._waiting)
            raise

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
        return None if seq > self.state.seq else self._recent.since(seq)

    def _fold(self, batch: Sequence[Entry]) -> list[Event]:
        read: list[Event] = []
        for entry in batch:
            events = fold(self.state, entry)
            self._recent.add(entry.seq, events)
            self.marks.read(entry.seq, events)
            if any(isinstance(event.data, PersonErased) for event in events):
                self._forget()
                self.remembers_erased, self._erased_at = True, entry.seq
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
