"""What the window knows: the feed's picture, told to widgets in batches, at most twenty times a second (`changes.py`).

Widgets read from here and never from the feed; nothing here is a widget.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from moderator.client.link import SHUT_OUT, Link
from moderator.client.me import Me
from moderator.clock import Clock
from moderator.desktop.census.census import Census, Figures
from moderator.desktop.changes import Changes
from moderator.desktop.orders.availability import why_not
from moderator.desktop.orders.intents import Intent
from moderator.desktop.turns import Turns
from moderator.domain.announcements import Appointment
from moderator.domain.attendance import Attendance, attendances, planned_end
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.rewinding import Surroundings
from moderator.domain.rooms import Person, Room, Source, Violation
from moderator.domain.settings import Mode
from moderator.domain.state import Hold
from moderator.feed.session import FeedSession, Freshness
from moderator.feed.sse import SseFrame
from moderator.language import tr

BATCH_MS: Final = 50
"""Between two changes of the widgets: a repaint costs more than a hundred events."""
HEARD_WITHIN_MS: Final = 90_000
"""Lists that are younger keep the rooms of a source true whose webhooks do not come: two reconciles, and some more."""


class GatewayTime(Protocol):
    """The gateway's clock as it is known here."""

    def now_ms(self) -> int: ...
    @property
    def error_ms(self) -> float | None: ...


class OwnTime:
    """This machine's own clock, as long as no gateway was asked."""

    error_ms: float | None = None

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now_ms(self) -> int:
        return self._clock.now_ms()


class LiveStore(QObject):
    """The rooms as they are now. It is the feed reader's observer."""

    replaced = Signal()
    """Everything may be another: a snapshot came."""
    rooms_updated = Signal(object)
    """`frozenset[RoomKey]`: these rooms changed, appeared or went."""
    events_arrived = Signal(object)
    """`tuple[Event, ...]` in their order, after `rooms_updated`."""
    link_updated = Signal(object)
    """`Link`: state and sentence of the connection."""
    me_updated = Signal(object)
    """`Me`, or None after signing out: whose token this is."""
    somebody_else = Signal()
    """Who sat here does so no longer: nobody is signed in, or another person. What was told to them or can be done in
    their name is forgotten. Comes before `me_updated`."""

    def __init__(self, time: GatewayTime, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.link = Link("connecting", "starting")
        self.me: Me | None = None
        self.complete_since: int | None = None
        """When the last snapshot came, by the gateway's clock: of all that happened later nothing is missing."""
        self.turns = Turns(self)
        self._time = time
        self._clock = clock
        self._session = FeedSession()
        self._changes = Changes()
        self._census: Census | None = None
        """None: every room is to be counted anew."""
        self.replaced.connect(self._forget_census)
        self.rooms_updated.connect(self._count)
        self._batch = QTimer(self)
        self._batch.setSingleShot(True)
        self._batch.setTimerType(Qt.TimerType.PreciseTimer)
        self._batch.timeout.connect(self._ask_for_turn)
        self._has_turn = False
        """A turn was asked for in which to tell."""

    # --- what is known ---------------------------------------------------------------------------------------------

    def room(self, key: RoomKey) -> Room | None:
        """The newest instance of a room."""
        return self._session.state.room(key)

    def rooms(self) -> list[Room]:
        """Every room there is something to show of, also those that just ended."""
        return self._session.state.all_rooms()

    @property
    def census(self) -> Census:
        """Counts of the live rooms as widgets were told of them."""
        if self._census is None:
            self._census = Census(self.rooms())
        return self._census

    @property
    def figures(self) -> Figures:
        """How many rooms are in what state now."""
        return self.census.figures(self.now_ms(), self.stale_sources)

    @property
    def sources(self) -> Mapping[str, Source]:
        """By name."""
        return self._session.sources

    @property
    def hold(self) -> Hold | None:
        """Who paused automatic disconnects, if anybody did."""
        return self._session.state.hold

    @property
    def policy_modes(self) -> frozenset[Mode]:
        """How the policies of the room types are carried out; empty where there are no room types."""
        settings = self._session.state.settings
        return frozenset(one.mode for one in settings.room_types)

    @property
    def on_duty(self) -> Mapping[str, Person]:
        """The moderators who watch the rooms now, by id."""
        return self._session.state.on_duty

    @property
    def appointments(self) -> tuple[Appointment, ...]:
        """Everything that is announced, in the order of source and name."""
        return self._session.state.announced.appointments()

    def attendances(self, wanted: Sequence[Appointment]) -> list[Attendance]:
        """How these appointments are going, in their order. Works out who was in their rooms: not for each tick."""
        return attendances(self._session.state, wanted, self.now_ms())

    def planned_end(self, appointment: Appointment) -> int | None:
        """When an appointment is to end, if that is known."""
        return planned_end(appointment, self._session.state.settings)

    def past_violations(self, room: Room) -> tuple[Violation, ...]:
        """Those found in this instance of people who are not there any more."""
        known = self._session.state.rooms.get(room.key)
        decided = known.decided.get(room.instance) if known else None
        here = {one.id for one in room.here()} if decided and decided.violations else set()
        return tuple(one for one in decided.violations if one.participant not in here) if decided else ()

    def surroundings(self, key: RoomKey) -> Surroundings:
        """What bears on a room beside its own events, for looking back at it."""
        return Surroundings.of(self._session.state, key)

    @property
    def ready(self) -> bool:
        """A whole picture was received."""
        return self._session.ready

    @property
    def shut_out(self) -> bool:
        """The gateway lets nobody in with this token: what is known is shown to nobody until there is another."""
        return self.link.state in SHUT_OUT

    def now_ms(self) -> int:
        """The gateway's time: milliseconds since the epoch, UTC."""
        return self._time.now_ms()

    def monotonic(self) -> float:
        """Seconds, by a clock that nobody sets."""
        return self._clock.monotonic()

    @property
    def clock_error_ms(self) -> float | None:
        """How wrong `now_ms` can be; None as long as nothing is known."""
        return self._time.error_ms

    @property
    def age_s(self) -> float | None:
        """Seconds since the gateway was heard; None before the first time."""
        return self._session.age_s(self._clock.monotonic())

    @property
    def retry_in_s(self) -> float | None:
        """Seconds until the gateway is tried again; None while that is not due."""
        at_s = self.link.retry_at_s
        return None if at_s is None else max(0.0, at_s - self._clock.monotonic())

    @property
    def own_clock_ahead_ms(self) -> int:
        """How far this computer's clock is ahead of the gateway's time as it is known here."""
        return self._clock.now_ms() - self._time.now_ms()

    @property
    def freshness(self) -> Freshness:
        """Whether the picture can be relied on."""
        return self._session.freshness(self._clock.monotonic())

    def staleness(self, room: Room) -> str:
        """Since when nothing is known of a room, such as `22 s`; empty while it can be relied on."""
        return self.staleness_of(room.source)

    def staleness_of(self, name: str) -> str:
        """The same for all rooms of a source."""
        if self.freshness == "stale" and self.age_s is not None:
            return tr("{count} s").format(count=round(self.age_s))
        source = self.sources.get(name)
        if source is None or source.state not in {"failing", "silent"}:
            return ""
        heard_at = max(source.heard_at or 0, source.listed_at or 0)
        age_ms = max(0, self.now_ms() - heard_at)
        if age_ms < HEARD_WITHIN_MS:  # webhooks without lists, or lists without webhooks, still tell
            return ""
        return tr("{count} s").format(count=age_ms // 1000) if heard_at else "?"

    @property
    def stale_sources(self) -> frozenset[str]:
        """Those whose rooms cannot be relied on."""
        return frozenset(name for name in {*self.sources, *self.census.by_source} if self.staleness_of(name))

    def why_not(self, intent: Intent) -> str:
        """Why a wish cannot be granted on the picture as it is now; empty when it can."""
        room = self.room(intent.room) if intent.room else None
        stale = self.freshness == "stale" or bool(room and self.staleness(room))
        return why_not(intent, room, self.me, stale=stale, shut_out=self.shut_out)

    # --- what is told to it ----------------------------------------------------------------------------------------

    def watch(self, session: FeedSession, time: GatewayTime) -> None:
        """From now on show this reader's picture, by this clock."""
        self._session, self._time = session, time

    def signed_in(self, me: Me) -> None:
        """The gateway said who we are."""
        another = self.me is not None and self.me.id != me.id
        self.me = me
        if another:
            self.somebody_else.emit()
        self.me_updated.emit(me)

    def forget(self, session: FeedSession) -> None:
        """Somebody signed out: nothing is known any more, until this session receives it."""
        self._batch.stop()
        self._changes = Changes()
        self._session, self.me = session, None
        self.somebody_else.emit()
        self.me_updated.emit(None)
        self.replaced.emit()

    def link_changed(self, link: Link) -> None:
        """The reader's word on the connection."""
        self.link = link
        self.link_updated.emit(link)

    def frame_applied(self, frame: SseFrame, events: Sequence[Event]) -> None:
        """A frame was folded; what changed is told with the next batch."""
        if frame.event == "snapshot" and not self._session.receiving_snapshot:
            self.complete_since = self.now_ms()
            self._changes.replace()
        self._changes.note(events, self._session.state)
        if self._changes and not self._has_turn and not self._batch.isActive():
            self._batch.start(BATCH_MS)

    def _forget_census(self) -> None:
        self._census = None

    def _count(self, keys: frozenset[RoomKey]) -> None:
        if self._census is not None:
            for key in keys:
                self._census.take(key, self.room(key))

    def _ask_for_turn(self) -> None:
        if not self._has_turn:
            self._has_turn = True
            self.turns.ask(self._tell)

    def _tell(self) -> None:
        self._has_turn, began_s = False, self._clock.monotonic()
        portion = self._changes.take()
        if self._changes:
            self._ask_for_turn()
        if portion.replaced:
            self.replaced.emit()
        if portion.rooms:
            self.rooms_updated.emit(portion.rooms)
        if portion.events:
            self.events_arrived.emit(portion.events)
        self._changes.took(len(portion.rooms), (self._clock.monotonic() - began_s) * 1000)
