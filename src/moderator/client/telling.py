"""Which events people have to read: what another event says better beside them is left out, and what is news of a room
although it names none. Pure."""

from moderator.domain.accounting import Checkpoint, EscalationStarted
from moderator.domain.announcements import AnnouncementWithdrawn, Appointment, RoomAnnounced
from moderator.domain.events import (
    DeadlineReported,
    Event,
    ExtensionConfirmed,
    ExtensionRequested,
    ParticipantLeft,
    RoomEnded,
    TimeExpired,
    ViewingEnded,
    ViewingStarted,
)
from moderator.domain.rooms import Room


def is_told(event: Event) -> bool:
    """Whether it is news for people.

    A platform that keeps the end tells it with every event: the new version of the deadline says it once, when it is
    another, and in the name of who moved it. What came of asking for an extension, or of telling somebody outside, is
    told when it has come. Nor is it news how machines are kept out, that the log vouches for itself, or which moderator
    looks at what.
    """
    match event.data:
        case DeadlineReported() | ExtensionRequested() | ExtensionConfirmed() | EscalationStarted() | Checkpoint():
            return False
        case ViewingStarted() | ViewingEnded():
            return False
        case RoomEnded():
            return not event.late  # then its end was told before
        case ParticipantLeft(machine=machine):
            return not machine
        case _:
            return True


def is_moot(event: Event, room: Room) -> bool:
    """Whether it was decided of a room that had ended by then, as is known by now."""
    moment = event.at or event.recorded_at
    return isinstance(event.data, TimeExpired) and room.ended_at is not None and moment >= room.ended_at


def is_about(event: Event, room: Room) -> bool:
    """Whether it belongs to this instance of the room; appointments are announced for a room before it is there."""
    match event.data:
        case RoomAnnounced(name=name, room=announced) | AnnouncementWithdrawn(name=name, room=announced):
            known = {one.name for one in (room.appointment, room.next_appointment) if one}
            source = event.source or ""
            meant = Appointment(source=source, name=name, room=announced, starts_at=0).is_for(room.room, room.name)
            return source == room.source and (meant or name in known)
        case _:
            return event.key == room.key and event.instance in {None, room.instance}
