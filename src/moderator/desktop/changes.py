"""What has changed since widgets were told last, in portions small enough for one turn of the event loop. Pure."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from msgspec import Struct

from moderator.domain.announcements import AnnouncementWithdrawn, RoomAnnounced, RoomOpened
from moderator.domain.events import Event
from moderator.domain.fold import concerned
from moderator.domain.ids import RoomKey
from moderator.domain.state import State

ROOMS_A_TURN: Final = 64
"""More rooms are told in several turns, so that none keeps a key or a frame waiting."""
FEWEST: Final = 16
MORE: Final = 8
"""By so many a portion grows as long as it takes no longer than it may."""
TURN_MS: Final = 6.0
"""So long telling a portion may take: a third of a frame, for painting comes after it."""
NAMES: Final = (RoomAnnounced, AnnouncementWithdrawn, RoomOpened)
"""What is said about names, and so about rooms that it does not name."""
EVERYWHERE: Final = frozenset({"config_loaded", "source_restarted"})
"""Kinds of events that bear on rooms they do not name."""


class Portion(Struct, frozen=True):
    """What is told in one turn."""

    replaced: bool
    """Every room may be another."""
    rooms: frozenset[RoomKey]
    events: tuple[Event, ...]
    """All of them with the last portion, in their order."""


class Changes:
    """Collects until somebody takes."""

    def __init__(self) -> None:
        self._replaced = False
        self._rooms: dict[RoomKey, None] = {}
        """In the order in which they changed."""
        self._events: list[Event] = []
        self._most = ROOMS_A_TURN
        """Rooms in a portion."""
        self._pruned_at = 0
        self._shown: frozenset[RoomKey] = frozenset()
        """The rooms that there were something to show of when the state last forgot some."""

    def __bool__(self) -> bool:
        return self._replaced or bool(self._rooms or self._events)

    def replace(self) -> None:
        """Every room may be another."""
        self._replaced = True

    def note(self, events: Sequence[Event], state: State) -> None:
        """These happened, and the state knows them."""
        self._events += events
        for event in events:
            if event.key is not None:
                self._rooms[event.key] = None
            elif isinstance(event.data, NAMES):
                self._rooms.update(dict.fromkeys(concerned(state, event)))
            elif event.kind in EVERYWHERE:
                self._replaced = True
        if state.pruned_at != self._pruned_at:
            self._note_forgotten(state)

    def _note_forgotten(self, state: State) -> None:
        """Once an hour rooms go that ended a day ago, and no event says so."""
        self._pruned_at = state.pruned_at
        shown = frozenset(key for key in state.rooms if state.room(key) is not None)
        self._rooms.update(dict.fromkeys(self._shown - shown))
        self._shown = shown

    def take(self) -> Portion:
        """The next portion; what is in it is forgotten here."""
        replaced, self._replaced = self._replaced, False
        if replaced:
            self._rooms.clear()
        rooms = tuple(islice(self._rooms, self._most))
        for key in rooms:
            del self._rooms[key]
        events: list[Event] = []
        if not self._rooms:
            events, self._events = self._events, events
        return Portion(replaced, frozenset(rooms), tuple(events))

    def took(self, rooms: int, ms: float) -> None:
        """To tell a portion of so many rooms took so long: the next is larger or smaller."""
        if ms > TURN_MS:
            self._most = max(FEWEST, min(self._most, rooms) // 2)
        elif rooms == self._most:
            self._most = min(ROOMS_A_TURN, self._most + MORE)
