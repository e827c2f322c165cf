"""What a LiveKit server keeps beside the world: rooms by their live stretch, permissions, and those who are no people.

Pure. `descriptions` says it in the platform's words, `webhooks` tells of its changes.
"""

import hashlib
import random
from typing import Final

from msgspec import Struct, field

from moderator.simulator.livekit.messages import Values
from moderator.simulator.world import Connection, StreamKind

LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SID_LENGTH: Final = 12
EMPTY_TIMEOUT_S: Final = 300
DEPARTURE_TIMEOUT_S: Final = 20
EVERYTHING: Final[Values] = {"can_subscribe": True, "can_publish": True, "can_publish_data": True}
SOURCES: Final[dict[StreamKind, str]] = {
    **{"camera": "CAMERA", "microphone": "MICROPHONE", "screen": "SCREEN_SHARE", "custom": "UNKNOWN"},
}
COMPANIONS: Final[tuple[tuple[str, str, str, Values], ...]] = (
    ("AGENT", "agent-", "Notes", EVERYTHING),
    ("EGRESS", "EG_", "", EVERYTHING | {"hidden": True, "recorder": True}),
)


class Companion(Struct):
    """Who is in a room without being a person: a program that listens, or records unseen."""

    sid: str
    identity: str
    name: str
    kind: str
    joined_at: int
    permission: Values


class LiveRoom(Struct):
    """A room from its start to its end; the next one of that name is another."""

    sid: str
    name: str
    started_at: int
    metadata: str = ""
    companions: dict[str, Companion] = field(default_factory=dict)
    """By identity."""
    is_deleted: bool = False
    told: int = 0
    """Webhooks so far."""


class Standing(Struct):
    """What the server knows of a participant beside who it is and what it publishes."""

    name: str
    metadata: str
    attributes: dict[str, str]
    permission: Values = field(default_factory=lambda: dict(EVERYTHING))
    version: int = 2


class Server(Struct):
    """The rooms that are live, by name, and the participants in them, by the world's connection."""

    rooms: dict[str, LiveRoom] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)

    def start(self, name: str, now: int) -> LiveRoom:
        """A room begins."""
        room = self.rooms[name] = LiveRoom(sid("RM_", name, str(now)), name, now)
        return room

    def admit(self, connection: Connection) -> Standing:
        """A participant joins, with the rights that everybody has at first."""
        person = connection.person
        attributes = {"role": person.role} if person.role else {}
        standing = self.standings[connection.id] = Standing(person.name, person.data or "", attributes)
        return standing


def sid(prefix: str, *parts: str) -> str:
    """An id of the platform's form, always the same for the same parts."""
    number = int.from_bytes(hashlib.blake2b("\n".join(parts).encode()).digest(), "big")
    return prefix + "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(SID_LENGTH))


def companions_of(room: LiveRoom, probability: float, now: int) -> list[Companion]:
    """Who joins a room when its first person does; each with that probability, but always the same in the same room."""
    rng = random.Random(room.sid)
    return [
        Companion(sid("PA_", room.sid, kind), sid(prefix, room.sid), name, kind, now, dict(permission))
        for kind, prefix, name, permission in COMPANIONS
        if rng.random() < probability
    ]
