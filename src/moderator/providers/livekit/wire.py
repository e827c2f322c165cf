"""What LiveKit writes, in structs: webhooks and replies alike. Pure, and knows no facts.

Both are protobuf as JSON, spelled differently: webhooks in lowerCamelCase without defaults, replies in snake_case with
every default. int64 comes as text or as a number, enums come as names or as numbers. Here all are one.
"""

import re
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Struct

LATEST_MS: Final = 2**53
VERBATIM: Final = frozenset({"attributes"})
"""Members whose keys are the application's own, and not to be respelled."""
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
Number = int | float | str
Name = str | int

STATES: Final = ("JOINING", "JOINED", "ACTIVE", "DISCONNECTED")
KINDS: Final = ("STANDARD", "INGRESS", "EGRESS", "SIP", "AGENT", "", "", "CONNECTOR", "BRIDGE")
SOURCES: Final = ("UNKNOWN", "CAMERA", "MICROPHONE", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO")
TYPES: Final = ("AUDIO", "VIDEO", "DATA")
DISCONNECT_REASONS: Final = (
    *("UNKNOWN_REASON", "CLIENT_INITIATED", "DUPLICATE_IDENTITY", "SERVER_SHUTDOWN", "PARTICIPANT_REMOVED"),
    *("ROOM_DELETED", "STATE_MISMATCH", "JOIN_FAILURE", "MIGRATION", "SIGNAL_CLOSE", "ROOM_CLOSED", "USER_UNAVAILABLE"),
    *("USER_REJECTED", "SIP_TRUNK_FAILURE", "CONNECTION_TIMEOUT", "MEDIA_FAILURE", "AGENT_ERROR"),
)
"""The names of enums, by number."""


class Version(Struct, frozen=True):
    """When a track was last changed, as a rule when it was published."""

    unix_micro: Number = 0


class Track(Struct, frozen=True):
    """A published medium."""

    sid: str = ""
    type: Name = 0
    name: str = ""
    source: Name = 0
    muted: bool = False
    version: Version = Version()


class Permission(Struct, frozen=True):
    """What a participant may do, as far as it says who it is."""

    hidden: bool = False
    recorder: bool = False
    agent: bool = False


class Participant(Struct, frozen=True):
    """One connection. In events of tracks only `sid` and `identity` are there."""

    sid: str = ""
    identity: str = ""
    state: Name = 0
    tracks: tuple[Track, ...] = ()
    metadata: str = ""
    joined_at: Number = 0
    joined_at_ms: Number = 0
    name: str = ""
    permission: Permission = Permission()
    kind: Name = 0
    attributes: dict[str, str] = {}
    disconnect_reason: Name = 0

    @property
    def joined_ms(self) -> int | None:
        """When it joined, in milliseconds; None where that is not said."""
        return time_ms(self.joined_at_ms, 1) or time_ms(self.joined_at, 1000)


class Room(Struct, frozen=True):
    """Only what is needed: the API addresses rooms by name."""

    sid: str = ""
    name: str = ""


class InRoom(Struct, frozen=True):
    """An egress or an ingress, as far as it says in which room."""

    room_name: str = ""


class Job(Struct, frozen=True):
    """What an agent was called for."""

    room: Room = Room()


class WebhookEvent(Struct, frozen=True):
    """The union of what events hold; which members are there depends on `event`."""

    event: str = ""
    id: str = ""
    created_at: Number = 0
    room: Room = Room()
    participant: Participant | None = None
    track: Track | None = None
    egress_info: InRoom = InRoom()
    ingress_info: InRoom = InRoom()
    job: Job = Job()

    @property
    def room_name(self) -> str:
        """The room that it is about, wherever that is written; empty where it is not."""
        return self.room.name or self.egress_info.room_name or self.ingress_info.room_name or self.job.room.name

    @property
    def created_ms(self) -> int | None:
        """The beginning of the second in which it was made; None where that is not said."""
        return time_ms(self.created_at, 1000)


class Rooms(Struct, frozen=True):
    """A list. It is there in every reply, also when it is empty: what has none is no reply of LiveKit's."""

    rooms: tuple[Room, ...]


class Participants(Struct, frozen=True):
    """The same."""

    participants: tuple[Participant, ...]


def respelled(value: Any) -> Any:
    """Decoded JSON with its keys in snake_case, and without nulls, which stand for defaults."""
    if isinstance(value, dict):
        members = {_snake_case(key): member for key, member in value.items() if member is not None}
        return {key: member if key in VERBATIM else respelled(member) for key, member in members.items()}
    return [respelled(member) for member in value] if isinstance(value, list) else value


@lru_cache(maxsize=512)
def _snake_case(key: str) -> str:
    """The same few come with every event."""
    return _HUMP.sub("_", key).lower()


def name_of(value: Name, names: tuple[str, ...]) -> str:
    """The name of an enum's value; a number that this version does not know is shown as it is."""
    if isinstance(value, str):
        return value
    return names[value] or str(value) if 0 <= value < len(names) else str(value)


def time_ms(value: Number, unit_ms: float) -> int | None:
    """A time in milliseconds; None for one that is not there, or that cannot be."""
    try:
        number = int(value) if isinstance(value, str) else value
        milliseconds = int(number * unit_ms)
    except (ValueError, OverflowError):
        return None
    return milliseconds if 0 < milliseconds <= LATEST_MS else None


def read_event(decoded: Any) -> WebhookEvent:
    """A webhook. Raises msgspec.ValidationError."""
    return msgspec.convert(respelled(decoded), WebhookEvent)
