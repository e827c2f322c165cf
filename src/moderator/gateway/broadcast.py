"""The feed's sending side: every batch is encoded once per view, and the same bytes go to everybody who has that view.

A view is what a token may see. Flushing adapts: at once when idle, else not before a few times what the last flush
cost. A reader who does not keep up is cut, and resumes by `Last-Event-ID`; it never slows others down or makes memory
grow.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
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
from moderator.gateway.measures import FeedMeasures
from moderator.gateway.subscriber import Later, Subscriber, WriteAtOnce, never_at_once

HEARTBEAT_S: Final = 1.0
LONGEST_WAIT_S: Final = 0.05
WAIT_PER_COST: Final = 3.0
EVENTS_PER_FRAME: Final = 500
SHARED_PER_COST: Final = 20.0
LONGEST_SHARED_S: Final = 30.0
"""A snapshot serves all who come within some times of what it took to make, with the news since it was made."""
JUST_ENDED_MS: Final = 5 * 60_000


class _Channel:
    """The readers of one view, and the `seq` up to which they were told."""

    def __init__(self, access: Access, seq: int, measures: FeedMeasures) -> None:
        self.access = access
        self.seq = seq
        self._measures = measures
        self.subscribers: set[Subscriber] = set()
        self.snapshot: tuple[int, float, list[bytes]] | None = None
        """The last one, with its `seq` and the clock's monotonic time until which it is shared."""

    def send(self, frame: bytes, seq: int) -> None:
        self.seq = seq
        self._measures.sent(len(self.subscribers), len(frame))
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
        self._is_sending = False
        self.measures = FeedMeasures()
        self.closed = False
        ledger.listen(self._on_events)

    @property
    def readers(self) -> int:
        """How many feeds are open."""
        return sum(len(channel.subscribers) for channel in self._channels.values())

    @property
    def views(self) -> int:
        """How many different ones; each frame is encoded once for each."""
        return len(self._channels)

    @property
    def fullest(self) -> float:
        """The fill of the reader with whom most is waiting, from 0 to 1."""
        subscribers = (one for channel in self._channels.values() for one in channel.subscribers)
        return max((one.fill for one in subscribers), default=0.0)

    def subscribe(
        self, access: Access, last_event_id: str | None, write_at_once: WriteAtOnce = never_at_once
    ) -> Subscriber:
        """Open a feed: from the position that the reader has, or with a snapshot."""
        self._flush()
        view = View.of(access)
        channel = self._channels.setdefault(view, _Channel(access, self._ledger.state.seq, self.measures))
        if channel.seq != self._ledger.state.seq:
            channel.send(self._heartbeat(channel), self._ledger.state.seq)
        subscriber = Subscriber(self._beginning(channel, last_event_id), write_at_once)
        channel.subscribers.add(subscriber)
        if self.closed:
            subscriber.close()
        return subscriber

    def unsubscribe(self, access: Access, subscriber: Subscriber) -> None:
        """The reader is gone."""
        self.measures.cut += subscriber.cut
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
                if channel.snapshot is not None and channel.snapshot[1] < self._clock.monotonic():
                    channel.snapshot = None

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
        if not self._is_sending:
            self._flush_in_time()

    def _flush_in_time(self) -> None:
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
        begun_at = self._clock.monotonic()  # the loop's own time may go by whole milliseconds
        encoded: dict[int, bytes] = {}
        for channel in self._channels.values():
            self._send_events(channel, pending, encoded)
        self._is_sending = True
        asyncio.get_running_loop().call_soon(self._sent, begun_at)

    def _sent(self, begun_at: float) -> None:
        """What was written has gone out, at the end of the loop's turn: that is most of what a flush costs."""
        self._is_sending = False
        cost_s = self._clock.monotonic() - begun_at
        self._next_flush_at = asyncio.get_running_loop().time() + min(LONGEST_WAIT_S, WAIT_PER_COST * cost_s)
        if self._pending:
            self._flush_in_time()

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

    def _beginning(self, channel: _Channel, last_event_id: str | None) -> Sequence[bytes | Later]:
        position = parse_cursor(last_event_id) if last_event_id else None
        if position is not None and position[0] == self._ledger.log.log_id:
            missed = self._missed(channel.access, position[1])
            if missed is not None:
                return missed
        return self._shared_snapshot(channel)

    def _missed(self, access: Access, after: int) -> Sequence[Later] | None:
        """What came after a position, up to now; None when that is not at hand any more."""
        missed, upto = self._ledger.since(after), self._ledger.state.seq
        if missed is None:
            return None
        frames: list[Later] = []
        for seq, events in _in_frames(event for event in missed if self._is_news(access, event)):
            frames.append(Later(partial(self._old_news, access, after, seq, events)))
            after = seq
        return [*frames, Later(partial(self._old_news, access, after, upto, ()))]

    def _old_news(self, access: Access, after: int, seq: int, events: Sequence[Event]) -> bytes:
        raw = [_encoded(access, event, {}) for event in events]
        return events_frame(self._ledger.log.log_id, after, seq, self._clock.now_ms(), raw)

    def _shared_snapshot(self, channel: _Channel) -> Sequence[bytes | Later]:
        """Made once for all who come at about the same time, as all desktops do after a restart."""
        seq, begun_at = self._ledger.state.seq, self._clock.monotonic()
        if channel.snapshot is not None and begun_at <= channel.snapshot[1]:
            made_seq, _, frames = channel.snapshot
            missed = () if made_seq == seq else self._missed(channel.access, made_seq)
            if missed is not None:
                return [*frames, *missed]
        frames = self._snapshot(channel.access)
        made_at = self._clock.monotonic()
        shared_s = min(LONGEST_SHARED_S, max(HEARTBEAT_S, SHARED_PER_COST * (made_at - begun_at)))
        channel.snapshot = seq, made_at + shared_s, frames
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
