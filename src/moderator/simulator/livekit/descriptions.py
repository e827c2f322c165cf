"""Rooms, participants and tracks as LiveKit's messages describe them. Pure; how they are written is in `messages`."""

from typing import Final

from moderator.simulator.livekit.messages import Values
from moderator.simulator.livekit.server import (
    DEPARTURE_TIMEOUT_S,
    EMPTY_TIMEOUT_S,
    SOURCES,
    Companion,
    LiveRoom,
    Standing,
    sid,
)
from moderator.simulator.world import Connection, Room, Stream, StreamKind

CODECS: Final = ("audio/opus", "video/VP8")
MEDIA: Final[dict[StreamKind, Values]] = {
    "camera": {"type": "VIDEO", "width": 1280, "height": 720, "mime_type": "video/VP8", "stream": "camera"},
    "screen": {"type": "VIDEO", "width": 1920, "height": 1080, "mime_type": "video/VP8", "stream": "screen"},
    "custom": {"type": "VIDEO", "width": 640, "height": 480, "mime_type": "video/VP8", "stream": "custom"},
    "microphone": {"type": "AUDIO", "mime_type": "audio/red", "stream": "camera"},
}
SHORT: Final[dict[StreamKind, str]] = {"camera": "VC", "screen": "VS", "custom": "VU", "microphone": "AM"}


def describe_room(live: LiveRoom, room: Room | None) -> Values:
    """`room` is the world's; None when nobody has come yet. Those who are no people are not counted."""
    people = list(room.connections.values()) if room else []
    return {
        "sid": live.sid,
        "name": live.name,
        "empty_timeout": EMPTY_TIMEOUT_S,
        "departure_timeout": DEPARTURE_TIMEOUT_S,
        "creation_time": live.started_at // 1000,
        "creation_time_ms": live.started_at,
        "turn_password": sid("simulated-", live.sid, "turn"),
        "enabled_codecs": [{"mime": mime} for mime in CODECS],
        "metadata": live.metadata,
        "num_participants": len(people),
        "num_publishers": sum(bool(one.streams) for one in people),
        "active_recording": any(one.kind == "EGRESS" for one in live.companions.values()),
    }


def describe_participant(connection: Connection, standing: Standing) -> Values:
    """A person's connection."""
    return {
        **_who(participant_sid(connection), connection.person.user, standing.name, connection.joined_at),
        "tracks": [describe_track(stream) for stream in connection.streams.values()],
        "metadata": standing.metadata,
        "version": standing.version,
        "permission": standing.permission,
        "is_publisher": bool(connection.streams),
        "attributes": standing.attributes,
    }


def describe_companion(one: Companion) -> Values:
    """An agent, or what records."""
    return _who(one.sid, one.identity, one.name, one.joined_at) | {"permission": one.permission, "kind": one.kind}


def describe_track(stream: Stream) -> Values:
    """A published medium."""
    said = {"sid": track_sid(stream), "name": stream.name, "muted": stream.muted, "source": SOURCES[stream.kind]}
    return said | MEDIA[stream.kind]


def participant_sid(connection: Connection) -> str:
    """The platform's name of a connection."""
    return sid("PA_", connection.id)


def track_sid(stream: Stream) -> str:
    """The platform's name of a medium."""
    return sid(f"TR_{SHORT[stream.kind]}", stream.id)


def _who(sid_: str, identity: str, name: str, joined_at: int) -> Values:
    return {
        **{"sid": sid_, "identity": identity, "state": "ACTIVE", "name": name},
        **{"joined_at": joined_at // 1000, "joined_at_ms": joined_at},
    }
