"""A feed of many full rooms for the window's benchmark: the bytes that a gateway would send, made beforehand.

Of a hundred events ninety are joins and leaves; two move an end, as many as the naive way was measured with.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from moderator.domain.events import (
    Actor,
    DeadlineExtended,
    DeadlineSet,
    Entry,
    Event,
    ParticipantJoined,
    ParticipantLeft,
    RoomClaimed,
    RoomStarted,
    ViolationFound,
    WarningRaised,
)
from moderator.domain.fold import fold
from moderator.domain.ids import EventId, InstanceId, RoomId, RoomKey, SourceName
from moderator.domain.kinds import Data, Fact
from moderator.domain.room_states import RoomState
from moderator.domain.rooms import Source
from moderator.domain.settings import MINUTE_MS, Capability, RoomType, Settings, SourceInfo
from moderator.domain.state import State
from moderator.feed.codec import encode_event
from moderator.feed.messages import FoldBase, events_frame, snapshot_frames

LOG: Final = "benchmark"
FIRST: Final = InstanceId("0")
SOURCES: Final = (("clinic", "vonage"), ("exams", "livekit"), ("lectures", "janus"))
ACTIONS: Final = ("disconnect", "block", "mute", "revoke", "stop_stream", "message", "end", "readmit")
WARN_MS: Final = (5 * MINUTE_MS, MINUTE_MS, 20_000)
LONGEST_MS: Final = 90 * MINUTE_MS
SEEN_SHARE: Final = 0.05
"""Of the events, in the rooms that end soonest, whose rows are in sight: several times more than elsewhere."""
SEEN: Final = 60


class Happening(Struct, frozen=True):
    """One event as it is sent, and the position before it."""

    after: int
    event: bytes


def frame_of(happenings: Sequence[Happening], now_ms: int) -> bytes:
    """What the gateway sends of everything that happened since the last frame; each is one position."""
    first = happenings[0].after
    return events_frame(LOG, first, first + len(happenings), now_ms, [one.event for one in happenings])


class Feed:
    """The gateway's side: folds what it tells, so that everything told is true."""

    def __init__(self, rooms: int, people: int, now_ms: int) -> None:
        self._random = random.Random(1)
        self._people = people // rooms
        self._numbers = iter(range(1, 1 << 40))
        self._now_ms = now_ms
        self._state = State()
        self._state.settings = _settings()
        names = [SOURCES[number % len(SOURCES)][0] for number in range(rooms)]
        self._keys = [RoomKey(SourceName(name), RoomId(f"room-{number:05}")) for number, name in enumerate(names)]
        for key in self._keys:
            self._furnish(key)

    def snapshot(self) -> Iterator[bytes]:
        """The pages of how it is now."""
        state = self._state
        rooms = [(room, state.rooms[key]) for key in self._keys if (room := state.room(key)) is not None]
        base: FoldBase[RoomState] = FoldBase(settings=state.settings)
        return snapshot_frames(LOG, state.seq, self._now_ms, rooms, self._sources(), base)

    def happenings(self, count: int, apart_ms: float) -> list[Happening]:
        """What happens next, one thing every so many milliseconds: joins, leaves, extensions, warnings and the rest."""
        soonest = sorted(self._keys, key=self._ends_at)[:SEEN]
        return [self._happening(soonest, self._now_ms + round(number * apart_ms)) for number in range(count)]

    # --- how -------------------------------------------------------------------------------------------------------

    def _happening(self, soonest: Sequence[RoomKey], at: int) -> Happening:
        key = self._random.choice(soonest if self._random.random() < SEEN_SHARE else self._keys)
        after = self._state.seq
        (event,) = self._fold(key, at, self._something(key))
        return Happening(after, encode_event(event))

    def _something(self, key: RoomKey) -> Data:
        room = self._state.room(key)
        assert room is not None
        assert room.deadline is not None
        here, version = room.here(), room.deadline.version
        warned = {one.threshold_ms for one in room.warnings if one.deadline_version == version}
        choices: list[tuple[int, Data]] = [
            (45, self._join()),
            (45 if here else 0, ParticipantLeft(participant=here[0].id if here else "")),
            (2, DeadlineExtended(version=version + 1, seconds=300)),
            (3, RoomClaimed(moderator="maya", name="Maya")),
            (3, WarningRaised(deadline_version=version, threshold_ms=WARN_MS[0]))
            if WARN_MS[0] not in warned
            else (3, self._join()),
            (2, ViolationFound(policy="max_people", participant=here[-1].id if here else "x", reason="room_full")),
        ]
        return self._random.choices([data for _, data in choices], [weight for weight, _ in choices])[0]

    def _furnish(self, key: RoomKey) -> None:
        """A room with its people, its end, and the warnings that are due."""
        began = self._now_ms - self._random.randint(1, 3600) * 1000
        self._fold(key, began, RoomStarted(name=f"{key.source}-{key.room[5:]}"))
        for _ in range(self._people):
            self._fold(key, began, self._join())
        left_ms = self._random.randint(10_000, LONGEST_MS)
        self._fold(key, began, DeadlineSet(version=1, ends_at=self._now_ms + left_ms, warn_ms=WARN_MS))
        due = [threshold_ms for threshold_ms in WARN_MS if left_ms <= threshold_ms]
        if due:
            self._fold(key, self._now_ms, WarningRaised(deadline_version=1, threshold_ms=due[-1]))

    def _join(self) -> ParticipantJoined:
        number = next(self._numbers)
        return ParticipantJoined(participant=f"p{number}", user=f"user-{number}", name=f"Person {number}")

    def _fold(self, key: RoomKey, at: int, data: Data) -> list[Event]:
        is_fact = isinstance(data, Fact)
        event = Event(
            id=EventId(f"e{next(self._numbers)}"),
            source=key.source,
            room=key.room,
            instance=None if is_fact else FIRST,
            at=at,
            actor=Actor("provider", key.source) if is_fact else Actor("moderator", "maya", "Maya"),
            data=data,
        )
        entry = Entry(id=event.id, recorded_at=at, events=(event,), seq=self._state.seq + 1)
        return fold(self._state, entry)

    def _ends_at(self, key: RoomKey) -> int:
        room = self._state.room(key)
        return room.deadline.ends_at if room and room.deadline else 0

    def _sources(self) -> list[Source]:
        heard = {"heard_at": self._now_ms, "listed_at": self._now_ms}
        return [
            Source(source=source, provider=provider, state="live", clock_offset_ms=0, detail=None, **heard)
            for source, provider in SOURCES
        ]


def _settings() -> Settings:
    can = {action: Capability("provider") for action in ACTIONS} | {"extend": Capability("gateway")}
    type_ = RoomType(name="visit", duration_ms=60 * MINUTE_MS, max_people=10, warn_ms=WARN_MS)
    return Settings((type_,), tuple(SourceInfo(source, provider, can) for source, provider in SOURCES))
