"""The feed's sending side: every batch is encoded once per view, and the same bytes go to everybody who has that view.

A view is what a token may see. Flushing adapts: at once when idle, else not before a few times what the last flush
cost. A reader who does not keep up is cut, and resumes by `Last-Event-ID`; it never slows others down or makes memory
grow.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from moderator.clock import Clock
from moderator.domain.accounting import Checkpoint
from moderator.domain.events import Event
from moderator.domain.room_states import RoomState
from moderator.domain.rooms import Room, Source
from moderator.feed.codec import encode_event
from moderator.feed.messages import FoldBase, events_frame, heartbeat_frame, parse_cursor, snapshot_frames
from moderator.gateway.access.tokens import Access
from moderator.gateway.access.visibility import View, as_seen, sees_event, sees_named
from moderator.gateway.ledger import Ledger

HEARTBEAT_S: Final = 1.0
LONGEST_WAIT_S: Final = 0.05
WAIT_PER_COST: Final = 5.0
PORTION_BYTES: Final = 64 * 1024
MAX_WAITING_BYTES: Final = 4 * 1024 * 1024
EVENTS_PER_FRAME: Final = 500
JUST_ENDED_MS: Final = 5 * 60_000


class Subscriber:
    """One open feed: frames waiting to be sent. Closed when the gateway stops, or when too much is waiting."""

    def __init__(self, frames: Sequence[bytes]) -> None:
        self._frames = deque(frames)
        self._waiting_bytes = sum(map(len, frames))
        self._most_bytes = self._waiting_bytes + MAX_WAITING_BYTES
        self._wake = asyncio.Event()
        self.closed = False

    def put(self, frame: bytes) -> None:
        """One more frame to send; after a cut there are none, or the reader would get frames with a gap before them."""
        if self.closed:
            return
        self._frames.append(frame)
        self._waiting_bytes += len(frame)
        if self._waiting_bytes > self._most_bytes:
            self.close()
        self._wake.set()

    def close(self) -> None:
        """Nothing more is sent."""
        self.closed = True
        self._frames.clear()
        self._wake.set()

    @property
    def waiting(self) -> bool:
        """Whether there is something to take at once."""
        return bool(self._frames)

    async def take(self) -> bytes:
        """What waits, in portions: small frames together, a large one by itself. Empty when the feed is closed."""
        while not self._frames and not self.closed:
            self._wake.clear()
            await self._wake.wait()
        taken: list[bytes] = []
        size = 0
        while self._frames and (not taken or size + len(self._frames[0]) <= PORTION_BYTES):
            taken.append(self._frames.popleft())
            size += len(taken[-1])
        self._waiting_bytes -= size
        return taken[0] if len(taken) == 1 else b"".join(taken)


class _Channel:
    """The readers of one view, and the `seq` up to which they were told."""

    def __init__(self, access: Access, seq: int) -> None:
        self.access = access
        self.seq = seq
        self.subscribers: set[Subscriber] = set()
        self.snapshot: tuple[int, float, list[bytes]] = (-1, 0.0, [])
        """The last one, with its `seq` and the loop's time when it was made."""

    def send(self, frame: bytes, seq: int) -> None:
        self.seq = seq
        for subscriber in self.subscribers:
            subscriber.put(frame)


class Broadcast:
    """All open feeds."""

    def __init__(self, ledger: Ledger, clock: Clock, sources: Callable[[], Sequence[Source]]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._sources = sources
        self._channels: dict[View, _Channel] = {}
        self._pending: list[Event] = []
        self._next_flush_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.closed = False
        ledger.listen(self._on_events)

    @property
    def readers(self) -> int:
        """How many feeds are open."""
        return sum(len(channel.subscribers) for channel in self._channels.values())

    def subscribe(self, access: Access, last_event_id: str | None) -> Subscriber:
        """Open a feed: from the position that the reader has, or with a snapshot."""
        self._flush()
        view = View.of(access)
        channel = self._channels.setdefault(view, _Channel(access, self._ledger.state.seq))
        if channel.seq != self._ledger.state.seq:
            channel.send(self._heartbeat(channel), self._ledger.state.seq)
        frames = self._resumed(access, last_event_id) or self._shared_snapshot(channel)
        subscriber = Subscriber(frames)
        channel.subscribers.add(subscriber)
        if self.closed:
            subscriber.close()
        return subscriber

    def unsubscribe(self, access: Access, subscriber: Subscriber) -> None:
        """The reader is gone."""
        view = View.of(access)
        channel = self._channels.get(view)
        if channel is not None:
            channel.subscribers.discard(subscriber)
            if not channel.subscribers:
                del self._channels[view]

    async def run(self) -> None:
        """Heartbeats, until cancelled."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            self._flush()
            for channel in self._channels.values():
                channel.send(self._heartbeat(channel), self._ledger.state.seq)

    def close(self) -> None:
        """End every feed: the gateway stops."""
        self.closed = True
        for channel in self._channels.values():
            for subscriber in channel.subscribers:
                subscriber.close()

    def restart(self) -> None:
        """Cut every feed: what was sent does not hold any more, so whoever reads on begins with a new snapshot."""
        self._pending.clear()
        channels, self._channels = self._channels, {}
        for channel in channels.values():
            for subscriber in channel.subscribers:
                subscriber.close()

    # --- batches ---------------------------------------------------------------------------------------------------

    def _on_events(self, events: Sequence[Event]) -> None:
        if not self._channels:
            return
        self._pending += events
        loop = asyncio.get_running_loop()
        if loop.time() >= self._next_flush_at:
            self._flush()
        elif self._timer is None:
            self._timer = loop.call_at(self._next_flush_at, self._flush)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        loop = asyncio.get_running_loop()
        begun_at = loop.time()
        encoded: dict[int, bytes] = {}
        for channel in self._channels.values():
            self._send_events(channel, pending, encoded)
        cost_s = loop.time() - begun_at
        self._next_flush_at = loop.time() + min(LONGEST_WAIT_S, WAIT_PER_COST * cost_s)

    def _send_events(self, channel: _Channel, events: Sequence[Event], encoded: dict[int, bytes]) -> None:
        seen = [event for event in events if self._is_news(channel.access, event) and event.seq > channel.seq]
        if not seen:
            return
        seq = seen[-1].seq
        raw = [_encoded(channel.access, event, encoded) for event in seen]
        channel.send(events_frame(self._ledger.log.log_id, channel.seq, seq, self._clock.now_ms(), raw), seq)

    def _heartbeat(self, channel: _Channel) -> bytes:
        seq = self._ledger.state.seq
        sources = [one for one in self._sources() if channel.access.sees_source(one.source)]
        return heartbeat_frame(self._ledger.log.log_id, channel.seq, seq, self._clock.now_ms(), sources)

    def _is_news(self, access: Access, event: Event) -> bool:
        """Checkpoints are for who verifies the log: nobody acts on one, and they are large."""
        return not isinstance(event.data, Checkpoint) and sees_event(access, event, self._ledger.state.name_of)

    # --- beginnings ------------------------------------------------------------------------------------------------

    def _resumed(self, access: Access, last_event_id: str | None) -> list[bytes] | None:
        position = parse_cursor(last_event_id) if last_event_id else None
        log_id = self._ledger.log.log_id
        if position is None or position[0] != log_id:
            return None
        missed = self._ledger.since(position[1])
        if missed is None:
            return None
        now, after, frames = self._clock.now_ms(), position[1], []
        for seq, events in _in_frames(event for event in missed if self._is_news(access, event)):
            frames.append(events_frame(log_id, after, seq, now, [_encoded(access, event, {}) for event in events]))
            after = seq
        return [*frames, events_frame(log_id, after, self._ledger.state.seq, now, [])]

    def _shared_snapshot(self, channel: _Channel) -> list[bytes]:
        """Made once for all who come at about the same time, as all desktops do after a restart."""
        loop_time = asyncio.get_running_loop().time()
        seq, made_at, frames = channel.snapshot
        if seq != self._ledger.state.seq or loop_time - made_at > HEARTBEAT_S:
            frames = self._snapshot(channel.access)
            channel.snapshot = self._ledger.state.seq, loop_time, frames
        return frames

    def _snapshot(self, access: Access) -> list[bytes]:
        state, announced, now = self._ledger.state, self._ledger.state.announced, self._clock.now_ms()
        shown: list[tuple[Room, RoomState]] = []
        kept: list[RoomState] = []
        for key in sorted(state.rooms):
            found = state.rooms[key]
            if not access.sees_room(key.source, key.room, state.name_of(key)):
                continue
            room = state.room(key)
            if room is not None and is_current(room, now):
                shown.append((room, found))
            elif found.blocks:
                kept.append(found)
        base = FoldBase(
            rooms=tuple(kept),
            restarts={name: times for name, times in state.restarts.items() if access.sees_source(name)},
            settings=state.settings,
            hold=state.hold,
            appointments=tuple(one for one in announced.appointments() if sees_named(access, one.source, one)),
            opened=tuple(one for one in announced.opened() if sees_named(access, one.source, one)),
            on_duty=state.on_duty,
        )
        sources = [one for one in self._sources() if access.sees_source(one.source)]
        return list(snapshot_frames(self._ledger.log.log_id, state.seq, now, shown, sources, base))


def _encoded(access: Access, event: Event, encoded: dict[int, bytes]) -> bytes:
    """An event as a token may see it; `encoded` has what is the same for all, by the identity of the event."""
    shown = as_seen(access, event)
    if shown is not event:
        return encode_event(shown)
    if id(event) not in encoded:
        encoded[id(event)] = encode_event(event)
    return encoded[id(event)]


def _in_frames(events: Iterable[Event]) -> Iterator[tuple[int, list[Event]]]:
    """Events in frames of a bearable size, with the `seq` of each; an entry is never cut in two."""
    frame: list[Event] = []
    for seq, entry in itertools.groupby(events, key=lambda event: event.seq):
        frame += entry
        if len(frame) >= EVENTS_PER_FRAME:
            yield seq, frame
            frame = []
    if frame:
        yield frame[-1].seq, frame


def is_current(room: Room, now: int) -> bool:
    """Whether a snapshot has this room: live, or ended just now."""
    return room.state != "ended" or (room.ended_at or 0) > now - JUST_ENDED_MS
