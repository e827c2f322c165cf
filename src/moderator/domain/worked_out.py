"""What was worked out of a room last. A report changes one seat, a decision none: the rest stands as it was, so that an
event costs the same in a room of three and in one of three hundred. Pure: it only saves work.
"""

from collections.abc import Sequence
from operator import attrgetter

from moderator.domain.announced import Announced
from moderator.domain.instances import Instance, instances_by_ends, named_instance
from moderator.domain.presence import Presence
from moderator.domain.room_states import UNNAMED, RoomState
from moderator.domain.rooms import Room
from moderator.domain.settings import Settings
from moderator.domain.stays import SeatStays
from moderator.domain.terms import KnownTerms
from moderator.domain.view import Participants, view


class WorkedOut:
    """Of one room. What is given is frozen, so that the same object tells that nothing has changed."""

    def __init__(self) -> None:
        self._presences: dict[str, Presence] = {}
        self._restarts: tuple[int, ...] = ()
        self._instances: Sequence[Instance] = ()
        self._seats: dict[str, SeatStays] = {}
        """By the platform's instance id."""
        self._participants = Participants()
        self._terms = KnownTerms()

    def instances(self, room: RoomState, restarts: tuple[int, ...]) -> Sequence[Instance]:
        """The instances of the room, oldest first."""
        if room.presences is not self._presences or restarts != self._restarts:
            self._presences, self._restarts = room.presences, restarts
            self._instances = tuple(self._read(room, restarts))
        return self._instances

    def room(self, room: RoomState, restarts: tuple[int, ...], announced: Announced, settings: Settings) -> Room | None:
        """The room as people see it, or None when there is nothing to show of it."""
        instances = self.instances(room, restarts)
        if not instances:
            return None
        terms = self._terms.of(room, instances[-1].started_at, announced, settings)
        return view(room, instances[-1], terms, self._participants)

    def _read(self, room: RoomState, restarts: tuple[int, ...]) -> list[Instance]:
        if self._seats.keys() != room.presences.keys():
            self._seats = {id_: self._seats.get(id_) or SeatStays() for id_ in room.presences}
        found: list[Instance] = []
        for id_, presence in room.presences.items():
            if id_ == UNNAMED:
                found += instances_by_ends(presence, restarts, self._seats[id_])
            elif (named := named_instance(id_, presence, restarts, self._seats[id_])) is not None:
                found.append(named)
        return sorted(found, key=attrgetter("started_at", "id"))
