"""A room as it was: its own events up to a moment, folded like everything else. Pure: no Qt, no clock.

What bears on a room without standing among its events is taken as it is now: settings, appointments, the name it was
opened for. What is older than the events, such as a block from the time before, is worked out in `before`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.announced import Announced, Opened
from moderator.domain.announcements import Appointment
from moderator.domain.before import blocks_before, decided_before, presence_before
from moderator.domain.decided import Decided
from moderator.domain.events import Entry, Event, PersonBlocked, ViewingEnded, ViewingStarted
from moderator.domain.fold import fold
from moderator.domain.ids import EventId, RoomKey
from moderator.domain.instances import FIRST_INSTANCE, named_by_platform
from moderator.domain.kinds import Decision
from moderator.domain.presence import Presence
from moderator.domain.retention import HOUR_MS
from moderator.domain.room_states import UNNAMED, RoomState
from moderator.domain.rooms import Room
from moderator.domain.settings import Settings
from moderator.domain.state import Snapshot, State

LONGEST_HISTORY: Final = 2_000
"""So many events of one instance are looked back over, the newest."""
_KEPT_EVERY: Final = 200
"""Events between two states that are kept, so that going to and fro folds few of them again."""
_NOT_FOLDED: Final = (ViewingStarted, ViewingEnded)
"""Who looks at a room stands among the events of other rooms too."""


class Surroundings(Struct, frozen=True, kw_only=True):
    """What bears on a room beside its own events, as it is now."""

    settings: Settings = Settings()
    appointments: tuple[Appointment, ...] = ()
    opened: tuple[Opened, ...] = ()
    restarts: tuple[int, ...] = ()
    """Of its source's media server."""
    known: RoomState | None = None
    """All that the log says of the room by now."""

    @classmethod
    def of(cls, state: State, key: RoomKey) -> "Surroundings":
        """Those of one room, out of everything that is known."""
        return cls(
            settings=state.settings,
            appointments=state.announced.appointments(),
            opened=state.announced.opened(),
            restarts=state.restarts.get(key.source, ()),
            known=state.rooms.get(key),
        )


class History:
    """The events of one instance of a room, as far as they are known."""

    def __init__(self, key: RoomKey, instance: str, around: Surroundings) -> None:
        self.key = key
        self.instance = instance
        self.is_cut = False
        """Whether there was more, earlier on, that is not known here."""
        self._around = around
        self._events: dict[EventId, Event] = {}
        self._ordered: list[tuple[int, Event]] = []
        """By the moment, and of decisions as the log has them: then those that stand before any moment are a part."""
        self._kept: list[Snapshot] = []
        """The states after each `_KEPT_EVERY` events."""
        self._begin: tuple[int, int] | None = None
        """The place in `_ordered` from which on there was a room, and the moment, once somebody asked."""
        self._newest_seq = 0
        self._decided_at = 0
        """The moment of the newest decision."""

    def add(self, events: Sequence[Event]) -> None:
        """What came with the history, or live; what is known already is left out."""
        self.is_cut = self.is_cut or len(events) >= LONGEST_HISTORY
        new = {event.id: event for event in events if event.id not in self._events}
        self._events.update(new)
        if any(event.seq < self._newest_seq for event in new.values()):  # then decisions may stand elsewhere
            self._ordered, self._kept, self._decided_at, new = [], [], 0, self._events
        if new:
            self._put_in_order(new.values())

    @property
    def begin(self) -> int | None:
        """The first moment at which there was a room; None as long as nothing is known."""
        if self._begin is None:
            found = (place for place, (moment, _) in enumerate(self._ordered) if self.room_at(moment) is not None)
            if (place := next(found, None)) is None:
                return None
            moment, event = self._ordered[place]
            self._begin = place, max(moment, moment_of(event))
        return self._begin[1]

    def moments(self) -> tuple[int, ...]:
        """When something happened, oldest first."""
        return tuple(moment for moment, _ in self._ordered)

    def room_at(self, moment: int) -> Room | None:
        """The room as it was then; None where there was none yet."""
        count = bisect_right(self._ordered, moment, key=lambda one: one[0])
        nearest = min(count // _KEPT_EVERY, len(self._kept))
        state = State.from_snapshot(self._kept[nearest - 1]) if nearest else self._beginning(moment)
        for done, (_, event) in enumerate(self._ordered[nearest * _KEPT_EVERY : count], nearest * _KEPT_EVERY):
            if done and done % _KEPT_EVERY == 0 and done // _KEPT_EVERY > len(self._kept):
                self._kept.append(state.snapshot())
            _fold(state, event)
        state.restarts = {self.key.source: tuple(at for at in self._around.restarts if at <= moment)}
        state.forget_views(None)
        room = state.room(self.key)
        return room if room is not None and room.instance == self.instance else None

    def last_block_of(self, user: str) -> Event | None:
        """The decision that keeps this person out, where it is known."""
        found = (event for _, event in reversed(self._ordered) if isinstance(event.data, PersonBlocked))
        return next((one for one in found if isinstance(one.data, PersonBlocked) and one.data.user == user), None)

    def _put_in_order(self, events: Iterable[Event]) -> None:
        """Events that the gateway wrote after all others. Decisions never stand before an earlier one, whichever clock
        was behind; facts stand where they happened. States are kept that none of them is a part of.
        """
        placed = []
        for event in sorted(events, key=lambda one: one.seq):
            moment = moment_of(event)
            if isinstance(event.data, Decision):
                moment = self._decided_at = max(self._decided_at, moment)
            placed.append((moment, event))
            self._newest_seq = event.seq
        first = bisect_left(self._ordered, min(map(_place, placed)), key=_place)
        del self._kept[first // _KEPT_EVERY :]
        if self._begin is not None and first <= self._begin[0]:
            self._begin = None
        self._ordered = sorted([*self._ordered, *placed], key=_place)

    def _beginning(self, moment: int) -> State:
        """Before the first of the events."""
        around, state = self._around, State()
        state.settings = around.settings
        state.announced = Announced(around.appointments, around.opened)
        first = self._ordered[0][1].recorded_at if self._ordered else moment
        state.pruned_at = first - first % HOUR_MS  # else it would begin by forgetting what was put in here
        state.rooms[self.key] = self._room_before()
        return state

    def _room_before(self) -> RoomState:
        known, events = self._around.known, [event for _, event in self._ordered]
        room = RoomState(source=self.key.source, room=self.key.room, presences=self._presences_before())
        if known is None:
            return room
        room = replace(
            room, named=known.named, unavailable=known.unavailable, blocks=blocks_before(known.blocks, events)
        )
        if not self.is_cut:
            return room
        return replace(
            room, decided={self.instance: decided_before(known.decided.get(self.instance, Decided()), events)}
        )

    def _presences_before(self) -> dict[str, Presence]:
        own = named_by_platform(self.instance)
        if self.is_cut and self._around.known is not None and self._ordered:
            track = self.instance if own else UNNAMED
            now = self._around.known.presences.get(track, Presence())
            return {track: presence_before(now, self._ordered[0][0])}
        if own or self.instance == FIRST_INSTANCE:
            return {}
        return {UNNAMED: Presence(ends=(int(self.instance),))}


def moment_of(event: Event) -> int:
    """When something happened: by the platform's own time of what it reported, else by the gateway's."""
    return event.at or event.recorded_at


def _place(placed: tuple[int, Event]) -> tuple[int, int]:
    return placed[0], placed[1].seq


def _fold(state: State, event: Event) -> None:
    if not isinstance(event.data, _NOT_FOLDED):
        fold(
            state,
            Entry(id=event.id, recorded_at=event.recorded_at, events=(replace(event, late=False),), seq=event.seq),
        )
