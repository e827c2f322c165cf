"""The part of the state about names: which appointments there are, and which room was opened for a name."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.announcements import Appointment, RoomAnnounced, RoomOpened
from moderator.domain.ids import RoomId, RoomKey, SourceName

DAY_MS: Final = 24 * 3_600_000
KEPT_MS: Final = 90 * DAY_MS
"""A name goes on meaning the same room for this long after anything was told of the room, or decided in it."""


class Opened(Struct, frozen=True, gc=False):
    """A room that was made on the platform for a name."""

    source: str
    name: str
    room: str
    at: int
    used_at: int = 0
    """When the last event about the room was recorded; 0: none yet."""


class Announced:
    """Tables of frozen values. Only `moderator.domain.fold` writes to them."""

    def __init__(self, appointments: tuple[Appointment, ...] = (), opened: tuple[Opened, ...] = ()) -> None:
        self._appointments: dict[tuple[str, str], Appointment] = {}
        self._opened: dict[tuple[str, str], Opened] = {}
        self._by_place: dict[tuple[str, str], dict[str, Appointment]] = {}
        """By source, and the room's id or else the appointment's name; then by the appointment's name."""
        self._names: dict[tuple[str, str], str] = {}
        """The name that a room was opened for, by source and room."""
        self.changes = 0
        """Grows whenever something else is known of names: what was worked out of them before is out of date."""
        for one in appointments:
            self._put(one)
        for found in opened:
            self._open(found)

    # --- questions -------------------------------------------------------------------------------------------------

    def appointment(self, source: str, name: str) -> Appointment | None:
        """The appointment of that name."""
        return self._appointments.get((source, name))

    def appointments(self) -> tuple[Appointment, ...]:
        """All of them, in the order of source and name."""
        return tuple(self._appointments[key] for key in sorted(self._appointments))

    def opened(self) -> tuple[Opened, ...]:
        """Every room that was made for a name."""
        return tuple(self._opened[key] for key in sorted(self._opened))

    def room_for(self, source: str, name: str) -> str:
        """The platform's room of a name: as announced, or as it was opened; empty when there is none yet."""
        appointment, opened = self.appointment(source, name), self._opened.get((source, name))
        return (appointment.room if appointment else "") or (opened.room if opened else "")

    def opened_for(self, source: str, room: str) -> str:
        """The name that a room was opened for; empty when it was not."""
        return self._names.get((source, room), "")

    def called(self, source: str, room: str, platform_name: str) -> str:
        """What a room is called without an appointment: as it was opened, else as the platform says, else its id."""
        return self.opened_for(source, room) or platform_name or room

    def of_room(self, source: str, room: str, platform_name: str) -> list[Appointment]:
        """The appointments of a room, by its id, the name it was opened for and the platform's name of it."""
        places = {room, self.opened_for(source, room), platform_name} - {""}
        return [one for place in sorted(places) for one in self._by_place.get((source, place), {}).values()]

    # --- what happens ----------------------------------------------------------------------------------------------

    def announce(self, source: str, data: RoomAnnounced, at: int) -> None:
        """A new appointment, or what holds instead of the one of that name."""
        self.withdraw(source, data.name)
        self._put(
            Appointment(
                source=source,
                name=data.name,
                room=data.room,
                type=data.type,
                starts_at=data.starts_at,
                duration_ms=data.duration_ms,
                allow=data.allow,
                announced_at=at,
            )
        )

    def withdraw(self, source: str, name: str) -> bool:
        """Whether there was such an appointment; now there is none."""
        gone = self._appointments.pop((source, name), None)
        if gone is None:
            return False
        self.changes += 1
        place = (source, gone.room or name)
        del self._by_place[place][name]
        if not self._by_place[place]:
            del self._by_place[place]
        return True

    def open(self, source: str, data: RoomOpened, at: int) -> bool:
        """Whether the name had no room before, and now has this one."""
        if (source, data.name) in self._opened:
            return False
        self._open(Opened(source, data.name, data.room, at))
        return True

    def use(self, key: RoomKey, at: int) -> None:
        """Something was recorded about a room: the name that it was opened for is in use."""
        name = self._names.get(key)
        if name is not None and self._opened[key.source, name].used_at < at:
            self._opened[key.source, name] = replace(self._opened[key.source, name], used_at=at)

    def prune(self, horizon: int, is_needed: Callable[[RoomKey], bool]) -> None:
        """Forget appointments that were over before, and names that were not used for long.

        `is_needed` tells of a room whether it must go on being found, however long nothing was heard of it.
        """
        for one in self.appointments():
            if one.starts_at + (one.duration_ms or DAY_MS) < horizon:
                self.withdraw(one.source, one.name)
        for found in self.opened():
            unused = max(found.at, found.used_at) < horizon - KEPT_MS and not self._is_announced(found)
            if unused and not is_needed(RoomKey(SourceName(found.source), RoomId(found.room))):
                self.changes += 1
                del self._opened[found.source, found.name]
                self._names.pop((found.source, found.room), None)

    def _is_announced(self, found: Opened) -> bool:
        by_name = self.appointment(found.source, found.name)
        return by_name is not None or bool(self.of_room(found.source, found.room, ""))

    def _put(self, one: Appointment) -> None:
        self.changes += 1
        self._appointments[one.source, one.name] = one
        self._by_place.setdefault((one.source, one.room or one.name), {})[one.name] = one

    def _open(self, found: Opened) -> None:
        self.changes += 1
        self._opened[found.source, found.name] = found
        self._names[found.source, found.room] = found.name
