"""Appointments: rooms announced before they exist, by name. What may stand in the log about them, and what it leads to.

A platform's room may serve several appointments, one after the other. Which of them an instance belongs to is decided
by when it began.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from moderator.domain.kinds import Decision

EARLY_MS: Final = 15 * 60_000
"""Who comes this long before an appointment, or later, comes for it."""


class Listed(Struct, frozen=True, gc=False):
    """Somebody who is expected, as the application knows them."""

    user: str
    role: str = ""


class RoomAnnounced(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """An appointment, new or changed: the last one of that name holds. About a source; the room may not exist yet."""

    name: str
    room: str = ""
    """The platform's id of the room, where it is known; else that of the room opened under this name, or the name."""
    type: str = ""
    """The name of a room type, whatever else the room's name would match."""
    starts_at: int
    duration_ms: int | None = None
    """None: the type's."""
    allow: tuple[Listed, ...] = ()


class AnnouncementWithdrawn(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """There is no such appointment any more. `room` as it had been announced."""

    name: str
    room: str = ""


class RoomOpened(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The platform's room that was made for a name. Slot: (source, name), so two first visitors meet in one room."""

    name: str
    room: str


class Appointment(Struct, frozen=True, gc=False, kw_only=True):
    """A room announced before it exists. Times in milliseconds since the epoch, UTC."""

    source: str
    name: str
    room: str = ""
    type: str = ""
    starts_at: int
    duration_ms: int | None = None
    allow: tuple[Listed, ...] = ()
    announced_at: int = 0

    def listed(self, user: str) -> Listed | None:
        """The entry of this person, or None for somebody who is not expected."""
        return next((one for one in self.allow if user and one.user == user), None)

    def is_for(self, room: str, name: str) -> bool:
        """Whether it is announced for this room: by the platform's id, or by name."""
        return self.room == room if self.room else self.name in (room, name)


def appointment_at(appointments: Iterable[Appointment], began_at: int) -> Appointment | None:
    """Which of a room's appointments an instance belongs to that began then: the last one that people could be
    coming for, else the first one to come.
    """
    by_start = sorted(appointments, key=lambda one: (one.starts_at, one.name))
    begun = [one for one in by_start if one.starts_at - EARLY_MS <= began_at]
    return begun[-1] if begun else next(iter(by_start), None)


def following(appointments: Iterable[Appointment], current: Appointment | None, began_at: int) -> Appointment | None:
    """The next appointment of the same room."""
    after = current.starts_at if current else began_at
    later = [one for one in appointments if one is not current and one.starts_at > after]
    return min(later, key=lambda one: (one.starts_at, one.name), default=None)
