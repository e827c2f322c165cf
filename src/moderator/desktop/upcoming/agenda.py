"""Keeps the appointments of the next day up to date with the store. How one is worded is in `coming`."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject, Signal

from moderator.desktop.changes import NAMES
from moderator.desktop.live_store import LiveStore
from moderator.desktop.upcoming.coming import Coming
from moderator.domain.announcements import EARLY_MS, Appointment
from moderator.domain.attendance import Attendance
from moderator.domain.events import Event, ParticipantJoined, ParticipantUpdated
from moderator.domain.rooms import Room
from moderator.domain.settings import MINUTE_MS

AHEAD_MS: Final = 24 * 60 * MINUTE_MS
OPEN_ENDED_MS: Final = 60 * MINUTE_MS
"""How long an appointment is shown whose end nobody told."""
LOOK_EVERY_MS: Final = 5_000
"""Each look works out who was in the rooms of all that is near."""
_TELL_NAMES: Final = (ParticipantJoined, ParticipantUpdated)
PICTURED_MS: Final = 5 * MINUTE_MS
"""A snapshot has rooms that ended so long before it; of older ones nothing is known."""


class Agenda(QObject):
    """Give it the seconds."""

    changed = Signal()
    """`coming` is another."""

    def __init__(self, store: LiveStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.coming: tuple[Coming, ...] = ()
        """What is on, or begins within a day; the next first."""
        self._store = store
        self._looked_at = 0
        self._expected: dict[tuple[str, str], str] = {}
        """By source and user: what people are called who are expected anywhere; empty as long as no room told it."""
        store.replaced.connect(self._look_at_all)
        store.events_arrived.connect(self._hear)
        self._look_at_all()

    def second(self) -> None:
        """Time has passed: people should have come by now."""
        if self._store.now_ms() - self._looked_at >= LOOK_EVERY_MS:
            self.look()

    def look(self) -> None:
        """Work it out again."""
        self._looked_at = self._store.now_ms()
        wanted = sorted(filter(self._is_near, self._store.appointments), key=lambda one: (one.starts_at, one.name))
        coming = tuple(self._coming(one) for one in self._store.attendances(wanted)) if wanted else ()
        if coming != self.coming:
            self.coming = coming
            self.changed.emit()

    def _look_at_all(self) -> None:
        """Others may be expected, and people may be known by other names."""
        self._expected = {(one.source, who.user): "" for one in self._store.appointments for who in one.allow}
        if self._expected:
            for room in self._store.rooms():
                self._learn(room)
        self.look()

    def _learn(self, room: Room) -> None:
        for one in room.participants:
            if one.name and (room.source, one.user) in self._expected:
                self._expected[room.source, one.user] = one.name

    def _hear(self, events: Iterable[Event]) -> None:
        if any(isinstance(event.data, NAMES) for event in events):
            self._look_at_all()
        elif self._expected:
            for key in {event.key for event in events if isinstance(event.data, _TELL_NAMES)}:
                if key is not None and (room := self._store.room(key)) is not None:
                    self._learn(room)

    def _is_near(self, appointment: Appointment) -> bool:
        now_ms = self._store.now_ms()
        ends_at = self._store.planned_end(appointment) or appointment.starts_at + OPEN_ENDED_MS
        return appointment.starts_at < now_ms + AHEAD_MS and ends_at > now_ms

    def _coming(self, found: Attendance) -> Coming:
        """Without a room in the picture, whether anybody was there is known only of what was watched from before."""
        since = self._store.complete_since
        watched = since is not None and since - PICTURED_MS <= found.starts_at - EARLY_MS
        named = {one.user: self._expected.get((found.source, one.user), "") for one in found.allow}
        names = {user: name for user, name in named.items() if name}
        return Coming(attendance=found, certain=bool(found.instance) or watched, names=names)
