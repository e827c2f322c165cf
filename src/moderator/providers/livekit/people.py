"""Who a participant is: a person or a machine, by which name, and what the media are that it publishes. Pure."""

from collections.abc import Mapping
from typing import Final

from moderator.domain.events import ParticipantJoined
from moderator.domain.ids import REUSED
from moderator.domain.kinds import StreamKind
from moderator.domain.presence import EVERYBODY
from moderator.providers.identity import MAX_NAME, NOBODY, Identity, read_person
from moderator.providers.livekit.wire import KINDS, SOURCES, STATES, TYPES, Participant, Track, name_of
from moderator.providers.provider import ListedParticipant, ListedStream

MAX_DATA: Final = 4_096
IDENTITY: Final = "identity"
"""In `platform`: by this the API addresses a participant. One identity has one participant at a time."""
ROLE: Final = "role"
"""The attribute that holds it."""
_MACHINES: Final = {
    "AGENT": "an agent",
    "EGRESS": "a recorder",
    "INGRESS": "a stream from outside",
    "BRIDGE": "a bridged camera",
}
"""Kinds that are nobody. SIP and CONNECTOR are: people on a telephone, and of another service's call."""
_KINDS: Final[Mapping[str, StreamKind]] = {
    "CAMERA": "camera",
    "MICROPHONE": "microphone",
    "SCREEN_SHARE": "screen",
    "SCREEN_SHARE_AUDIO": "custom",
}
_NAMES: Final = {"SCREEN_SHARE_AUDIO": "sound of the screen"}
"""Of streams whose kind does not say what they are."""


def machine_in_words(participant: Participant) -> str:
    """What it is where it is no person; empty for a person, and for a kind that a newer server has."""
    if machine := _MACHINES.get(name_of(participant.kind, KINDS)):
        return machine
    if participant.permission.agent:
        return _MACHINES["AGENT"]
    if participant.permission.recorder:
        return _MACHINES["EGRESS"]
    return "somebody hidden" if participant.permission.hidden else ""


def is_named(participant: Participant) -> bool:
    """Whether it has an id, and none that stands for something else here."""
    return participant.sid not in ("", EVERYBODY) and REUSED not in participant.sid


def is_active(participant: Participant) -> bool:
    """Whether it is connected. Before that nobody sees it, and no webhook told of it."""
    return name_of(participant.state, STATES) == "ACTIVE"


def join_of(participant: Participant, identity: Identity | None) -> ParticipantJoined:
    """Its join: from a webhook and from a list the same. Metadata is read only where `identity` says how."""
    person = read_person(participant.metadata, identity) if identity else NOBODY
    return ParticipantJoined(
        participant=participant.sid,
        user=person.user or participant.identity,
        name=participant.name[:MAX_NAME] or person.name,
        role=participant.attributes.get(ROLE, "")[:MAX_NAME] or person.role,
        room_name=person.room,
        data=participant.metadata[:MAX_DATA],
        platform={IDENTITY: participant.identity} if participant.identity else {},
    )


def listed(participant: Participant, identity: Identity | None) -> ListedParticipant:
    """As it stands in a list, with what it publishes."""
    join = join_of(participant, identity)
    return ListedParticipant(
        participant=join.participant,
        user=join.user,
        name=join.name,
        role=join.role,
        data=join.data,
        joined_at=participant.joined_ms,
        platform=join.platform,
        streams=tuple(
            ListedStream(track.sid, stream_kind(track), stream_name(track), track.muted)
            for track in participant.tracks
            if track.sid
        ),
    )


def stream_kind(track: Track) -> StreamKind:
    """By its source. The sound of a screen is no second screen; sound without a source may be anybody's voice."""
    otherwise: StreamKind = "microphone" if name_of(track.type, TYPES) == "AUDIO" else "custom"
    return _KINDS.get(name_of(track.source, SOURCES), otherwise)


def stream_name(track: Track) -> str:
    return track.name[:MAX_NAME] or _NAMES.get(name_of(track.source, SOURCES), "")


def is_video(track: Track) -> bool:
    return name_of(track.type, TYPES) == "VIDEO"
