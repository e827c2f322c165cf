"""What policies and timers put forward: events whose ids derive from the slot they compete for, so repeats show."""

from msgspec import Struct

from moderator.domain.events import Actor, Event
from moderator.domain.ids import InstanceId, RoomId, SourceName, derive_event_id
from moderator.domain.kinds import Data
from moderator.domain.rooms import Room

TIMER = Actor("timer")
POLICY = Actor("policy")


class Proposal(Struct, frozen=True, gc=False):
    """Something to be appended to the log. `slot` makes its id, together with the room's instance and the kind."""

    data: Data
    actor: Actor
    slot: tuple[object, ...]
    at: int | None = None
    """The platform's time, for facts that follow from what is known; else the time of proposing."""

    def event(self, room: Room, now: int) -> Event:
        """The event that puts this proposal to the log."""
        return Event(
            id=derive_event_id(room.source, room.room, room.instance, type(self.data).__name__, *self.slot),
            source=SourceName(room.source),
            room=RoomId(room.room),
            instance=InstanceId(room.instance),
            at=now if self.at is None else self.at,
            actor=self.actor,
            data=self.data,
        )
