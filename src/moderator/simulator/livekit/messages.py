"""The messages of LiveKit's room service and webhooks, as tables: each field's number and kind.

A message itself is a dict by field name, in which a field that is not there has its default: enums by
name, bytes as bytes. How it is written is in `message_json` and `protobuf`.
"""

from typing import Any, Final, Literal

from msgspec import Struct

Scalar = Literal["string", "bytes", "bool", "int32", "uint32", "int64", "text_map"]
Values = dict[str, Any]


class Malformed(ValueError):
    """What was sent is no message of this kind."""


class Enum(Struct, frozen=True):
    """Names by number; 0 is the default."""

    names: dict[int, str]


class Field(Struct, frozen=True):
    """`kind` is a scalar, an enum, or the fields of a message; `many` is a list of them."""

    number: int
    kind: "Scalar | Enum | dict[str, Field]"
    many: bool = False

    @property
    def default(self) -> Any:
        """What a message holds that does not say; None for a message within it."""
        if self.many:
            return []
        if isinstance(self.kind, Enum):
            return self.kind.names[0]
        return _DEFAULTS[self.kind] if isinstance(self.kind, str) else None


Fields = dict[str, Field]

_DEFAULTS: Final[dict[Scalar, Any]] = {
    **{"string": "", "bytes": b"", "bool": False, "int32": 0, "uint32": 0, "int64": 0},
    "text_map": {},
}


def _enum(*names: str) -> Enum:
    return Enum(dict(enumerate(names)))


TRACK_TYPE: Final = _enum("AUDIO", "VIDEO", "DATA")
TRACK_SOURCE: Final = _enum("UNKNOWN", "CAMERA", "MICROPHONE", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO")
STATE: Final = _enum("JOINING", "JOINED", "ACTIVE", "DISCONNECTED")
KIND: Final = _enum("STANDARD", "INGRESS", "EGRESS", "SIP", "AGENT")
DATA_KIND: Final = _enum("RELIABLE", "LOSSY")
DISCONNECT_REASON: Final = Enum(
    {
        **{0: "UNKNOWN_REASON", 1: "CLIENT_INITIATED", 2: "DUPLICATE_IDENTITY", 4: "PARTICIPANT_REMOVED"},
        **{5: "ROOM_DELETED", 9: "SIGNAL_CLOSE", 10: "ROOM_CLOSED", 14: "CONNECTION_TIMEOUT"},
    }
)
NOT_FILLED: Final[Fields] = {}
"""A message in which this cloud never says anything."""
ONLY_DEFAULT: Final = _enum("")
"""An enum of which this cloud uses no value."""

CODEC: Final[Fields] = {"mime": Field(1, "string"), "fmtp_line": Field(2, "string")}
ROOM: Final[Fields] = {
    "sid": Field(1, "string"),
    "name": Field(2, "string"),
    "empty_timeout": Field(3, "uint32"),
    "departure_timeout": Field(14, "uint32"),
    "max_participants": Field(4, "uint32"),
    "creation_time": Field(5, "int64"),
    "creation_time_ms": Field(15, "int64"),
    "turn_password": Field(6, "string"),
    "enabled_codecs": Field(7, CODEC, many=True),
    "metadata": Field(8, "string"),
    "num_participants": Field(9, "uint32"),
    "num_publishers": Field(11, "uint32"),
    "active_recording": Field(10, "bool"),
    "version": Field(13, NOT_FILLED),
}
PERMISSION: Final[Fields] = {
    "can_subscribe": Field(1, "bool"),
    "can_publish": Field(2, "bool"),
    "can_publish_data": Field(3, "bool"),
    "can_publish_sources": Field(9, TRACK_SOURCE, many=True),
    "hidden": Field(7, "bool"),
    "recorder": Field(8, "bool"),
    "can_update_metadata": Field(10, "bool"),
    "agent": Field(11, "bool"),
    "can_subscribe_metrics": Field(12, "bool"),
    "can_manage_agent_session": Field(13, "bool"),
}
TRACK: Final[Fields] = {
    "sid": Field(1, "string"),
    "type": Field(2, TRACK_TYPE),
    "name": Field(3, "string"),
    "muted": Field(4, "bool"),
    "width": Field(5, "uint32"),
    "height": Field(6, "uint32"),
    "simulcast": Field(7, "bool"),
    "disable_dtx": Field(8, "bool"),
    "source": Field(9, TRACK_SOURCE),
    "layers": Field(10, NOT_FILLED, many=True),
    "mime_type": Field(11, "string"),
    "mid": Field(12, "string"),
    "codecs": Field(13, NOT_FILLED, many=True),
    "stereo": Field(14, "bool"),
    "disable_red": Field(15, "bool"),
    "encryption": Field(16, _enum("NONE", "GCM", "CUSTOM")),
    "stream": Field(17, "string"),
    "version": Field(18, NOT_FILLED),
    "audio_features": Field(19, ONLY_DEFAULT, many=True),
    "backup_codec_policy": Field(20, _enum("PREFER_REGRESSION", "SIMULCAST", "REGRESSION")),
    "packet_trailer_features": Field(21, ONLY_DEFAULT, many=True),
}
PARTICIPANT: Final[Fields] = {
    "sid": Field(1, "string"),
    "identity": Field(2, "string"),
    "state": Field(3, STATE),
    "tracks": Field(4, TRACK, many=True),
    "metadata": Field(5, "string"),
    "joined_at": Field(6, "int64"),
    "joined_at_ms": Field(17, "int64"),
    "name": Field(9, "string"),
    "version": Field(10, "uint32"),
    "permission": Field(11, PERMISSION),
    "region": Field(12, "string"),
    "is_publisher": Field(13, "bool"),
    "kind": Field(14, KIND),
    "attributes": Field(15, "text_map"),
    "disconnect_reason": Field(16, DISCONNECT_REASON),
    "kind_details": Field(18, ONLY_DEFAULT, many=True),
    "data_tracks": Field(19, NOT_FILLED, many=True),
    "client_protocol": Field(20, "int32"),
    "capabilities": Field(21, ONLY_DEFAULT, many=True),
}
WEBHOOK_EVENT: Final[Fields] = {
    "event": Field(1, "string"),
    "room": Field(2, ROOM),
    "participant": Field(3, PARTICIPANT),
    "track": Field(8, TRACK),
    "id": Field(6, "string"),
    "created_at": Field(7, "int64"),
}

NOTHING: Final[Fields] = {}
IN_ROOM: Final[Fields] = {"room": Field(1, "string")}
IDENTITY: Final[Fields] = IN_ROOM | {"identity": Field(2, "string")}
LIST_ROOMS: Final[Fields] = {"names": Field(1, "string", many=True)}
ROOMS: Final[Fields] = {"rooms": Field(1, ROOM, many=True)}
PARTICIPANTS: Final[Fields] = {"participants": Field(1, PARTICIPANT, many=True)}
CREATE_ROOM: Final[Fields] = {"name": Field(1, "string"), "metadata": Field(5, "string")}
REMOVE: Final[Fields] = IDENTITY | {"revoke_token_ts": Field(3, "int64")}
MUTE: Final[Fields] = IDENTITY | {"track_sid": Field(3, "string"), "muted": Field(4, "bool")}
MUTED: Final[Fields] = {"track": Field(1, TRACK)}
UPDATE: Final[Fields] = IDENTITY | {
    "metadata": Field(3, "string"),
    "permission": Field(4, PERMISSION),
    "name": Field(5, "string"),
    "attributes": Field(6, "text_map"),
}
SEND_DATA: Final[Fields] = IN_ROOM | {
    "data": Field(2, "bytes"),
    "kind": Field(3, DATA_KIND),
    "destination_sids": Field(4, "string", many=True),
    "destination_identities": Field(6, "string", many=True),
    "topic": Field(5, "string"),
}
ROOM_METADATA: Final[Fields] = IN_ROOM | {"metadata": Field(2, "string")}
