"""A room with a past: its events as the gateway read them, and a store that shows what they led to."""

from collections.abc import Iterable
from typing import Final

from moderator.domain.events import (
    Actor,
    DeadlineExtended,
    DeadlineSet,
    DisconnectRequested,
    Event,
    ParticipantJoined,
    PersonBlocked,
    RoomClaimed,
    ViolationFound,
    WarningRaised,
)
from moderator.domain.fold import fold
from moderator.domain.settings import MINUTE_MS, RoomType, Settings, SourceInfo
from moderator.domain.state import State
from tests.fakes.builders import a_decision, a_fact, an_entry, left, published, room_started, the_room
from tests.fakes.desktop import ALL_BY_PROVIDER, NOW, FakeStore, a_store

BEGAN: Final = NOW - 59 * MINUTE_MS
WARN_MS: Final = (300_000, 60_000, 20_000)
_APPOINTMENT: Final = RoomType(
    name="appointment", duration_ms=60 * MINUTE_MS, max_people=2, max_extension_ms=30 * MINUTE_MS, mode="enforce"
)
SETTINGS: Final = Settings((_APPOINTMENT,), (SourceInfo("clinic", "vonage", ALL_BY_PROVIDER),))
MAYA, ANA, TIMER, POLICY = (
    *(Actor("moderator", "maya", "Maya"), Actor("moderator", "ana", "Ana")),
    *(Actor("timer"), Actor("policy")),
)


def came(participant: str, user: str, name: str, role: str, at: int) -> Event:
    """Somebody with a role."""
    return a_fact(ParticipantJoined(participant=participant, user=user, name=name, role=role), at)


def _at(minutes: float) -> int:
    return BEGAN + int(minutes * MINUTE_MS)


AN_HOUR: Final = (
    room_started(BEGAN, name="cardio-14"),
    came("c1", "u1", "Dr Lee", "specialist", _at(0.2)),
    came("c2", "u2", "Bill Buffalo", "patient", _at(1.1)),
    a_decision(DeadlineSet(version=1, ends_at=_at(61), warn_ms=WARN_MS), _at(1.12), by=TIMER),
    published("c1", "s1", _at(1.2)),
    published("c1", "s2", _at(1.21), kind="microphone"),
    published("c2", "s3", _at(1.3)),
    published("c1", "s4", _at(9), kind="screen"),
    came("c9", "guest-88", "guest-88", "", _at(36)),
    a_decision(
        ViolationFound(policy="max_people", participant="c9", user="guest-88", reason="room_full", enforced=False),
        _at(36.01),
        by=POLICY,
    ),
    a_decision(DisconnectRequested(participant="c9", reason="not_listed"), _at(36.6), by=MAYA),
    a_decision(PersonBlocked(user="guest-88", reason="not_listed"), _at(36.6), by=MAYA),
    left("c9", _at(36.65), forced=True),
    a_decision(DeadlineExtended(version=2, seconds=300), _at(53), by=ANA),
    a_decision(WarningRaised(deadline_version=2, threshold_ms=300_000), _at(58), by=TIMER),
    a_decision(RoomClaimed(moderator="maya", name="Maya"), _at(58.2), by=MAYA),
)
"""An appointment of two: somebody came who should not, was sent away and kept out; it was extended once."""


class Story:
    """What happened, as it was read, and the store that it led to."""

    def __init__(self, events: Iterable[Event] = AN_HOUR) -> None:
        self.state = State()
        self.state.settings = SETTINGS
        self.events: list[Event] = []
        self._seq = 0
        self.happen(*events)
        self.store: FakeStore = a_store(the_room(self.state))
        self.store.session.state = self.state

    def happen(self, *events: Event) -> list[Event]:
        """These are folded; returns them as they were read."""
        read: list[Event] = []
        for event in sorted(events, key=lambda one: one.at):
            self._seq += 1
            read += fold(self.state, an_entry(event, seq=self._seq, recorded_at=event.at))
        self.events += read
        return read

    def tell(self, *events: Event) -> None:
        """These happen while one looks: the feed brings them."""
        read = self.happen(*events)
        self.store.change(the_room(self.state))
        self.store.tell(*read)
