"""One reader's side of the feed: folds frames, keeps the position, notices gaps and silence. No I/O; `now` is an
argument.
"""

from itertools import islice
from typing import Final, Literal

from moderator.domain.announced import Announced
from moderator.domain.events import Entry, Event
from moderator.domain.fold import fold
from moderator.domain.instances import named_by_platform
from moderator.domain.retention import prune
from moderator.domain.rooms import Source
from moderator.domain.state import State
from moderator.feed.messages import Events, EventsFrame, Frame, Heartbeat, Snapshot, SnapshotPage

AGED_AFTER_S: Final = 5.0
STALE_AFTER_S: Final = 15.0
REMEMBERED: Final = 10_000
"""Ids of events, at least. The gateway leaves repeats out, and positions follow one another: this is for a gateway that
does not; a whole day of ids, as the gateway itself has them, may be millions.
"""
Freshness = Literal["fresh", "aged", "stale"]


class FeedGap(Exception):
    """A frame is missing: connect again from `FeedSession.cursor`."""


class FeedSession:
    """What one reader knows. It survives reconnections: the cursor goes into `Last-Event-ID`."""

    def __init__(self) -> None:
        self.state = State()
        self.sources: dict[str, Source] = {}
        self.cursor: str | None = None
        self.ready = False
        """A whole snapshot was received; before that the picture is incomplete."""
        self._seq = 0
        self._heard_at: float | None = None
        self._next: State | None = None
        """The snapshot that is being received; the old picture stays until it is complete."""
        self._pages = 0

    def receive(self, frame: Frame, now_s: float) -> list[Event]:
        """Take a frame in; returns the events in it. `now_s` is monotonic. Raises FeedGap."""
        self._heard_at = now_s
        match frame:
            case SnapshotPage():
                self._page(frame)
                return []
            case EventsFrame():
                return self._events(frame)
            case Heartbeat():
                self._expect(frame.after)
                self._advance(frame.seq, frame.cursor)
                self.sources.update({source.source: source for source in frame.sources})
                return []

    def disconnected(self) -> None:
        """The connection is gone; half a snapshot is worth nothing."""
        self._next = None

    @property
    def receiving_snapshot(self) -> bool:
        """Pages are still to come; the picture is none yet, or the old one."""
        return self._next is not None

    def age_s(self, now_s: float) -> float | None:
        """Seconds since anything was heard; None before the first frame."""
        return None if self._heard_at is None else max(0.0, now_s - self._heard_at)

    def freshness(self, now_s: float) -> Freshness:
        """Whether what is known can be relied on."""
        age = self.age_s(now_s)
        if age is None or age > STALE_AFTER_S:
            return "stale"
        return "aged" if age > AGED_AFTER_S else "fresh"

    def _page(self, page: Snapshot) -> None:
        if page.page == 1:
            self._next = State()
            self._next.settings = page.fold.settings or self._next.settings
            self._next.hold = page.fold.hold
            self._next.restarts = dict(page.fold.restarts)
            self._next.announced = Announced(page.fold.appointments, page.fold.opened)
            self._next.on_duty = dict(page.fold.on_duty)
            self._pages = 0
        if self._next is None or page.page != self._pages + 1:
            raise FeedGap(f"page {page.page} of a snapshot came after page {self._pages}")
        self._pages = page.page
        for room in page.fold.rooms:
            self._next.rooms[room.key] = room
            self._next.room(room.key)  # worked out page by page: thousands of rooms at once would stop a window
        if page.last:
            prune(self._next, page.now)  # else the first event would, and in thousands of rooms that is felt
            self._next.seq = self._seq = page.seq
            self.state, self._next = self._next, None
            self.sources = {source.source: source for source in page.sources}
            self.cursor = page.cursor or None
            self.ready = True

    def _events(self, frame: Events) -> list[Event]:
        self._expect(frame.after)
        read: list[Event] = []
        for event in frame.events:
            if self._place(event):
                entry = Entry(id=event.id, recorded_at=event.recorded_at, events=(event,), seq=event.seq)
                if not fold(self.state, entry):
                    continue
            read.append(event)  # as the gateway judged it: it knows more than this picture holds
        self._advance(frame.seq, frame.cursor)
        self._forget_ids()
        return read

    def _forget_ids(self) -> None:
        known = self.state.verdicts
        if len(known) > 2 * REMEMBERED:  # many at a time: each by itself would search for the oldest again
            for id_ in list(islice(known, len(known) - REMEMBERED)):
                del known[id_]

    def _place(self, event: Event) -> bool:
        """Whether to fold an event. A room that was not in the snapshot had ended long before, if it had ever been: the
        gateway says after which end its instance began. Late news opens no room.
        """
        known = None if event.key is None else self.state.rooms.get(event.key)
        if event.key is None or (known is not None and known.presences):
            return True
        if event.late and known is None:
            return False
        if event.instance and not named_by_platform(event.instance):
            self.state.forgotten_end = int(event.instance)
        return True

    def _advance(self, seq: int, cursor: str) -> None:
        self._seq = seq
        self.cursor = cursor or self.cursor

    def _expect(self, after: int) -> None:
        if not self.ready or self._next is not None:
            raise FeedGap("news came before the snapshot was complete")
        if after != self._seq:
            raise FeedGap(f"a frame follows {after}, but the last one read was {self._seq}")
