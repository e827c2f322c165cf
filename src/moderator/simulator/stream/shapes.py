"""Calls, sessions and people as the platform writes them, in replies and webhooks alike. Pure."""

from collections import Counter
from typing import Any, Final

from moderator.simulator.stream.calls import Call
from moderator.simulator.stream.dates import At
from moderator.simulator.world import Connection, Person

CAPABILITIES: Final = (
    *("join-call", "read-call", "end-call", "block-users", "kick-user", "mute-users", "change-max-duration"),
    *("update-call", "update-call-settings", "update-call-permissions"),
)
"""What a moderator's client may do when nothing is taken away."""
PARTICIPANT: Final = ("join-call", "read-call", "send-audio", "send-video", "screenshare")
BOOKING: Final = Person("appointments", "Appointments", "admin")
"""Who made the calls: the application's own server."""
_LAYOUT: Final = {"external_app_url": "", "external_css_url": "", "name": "spotlight"}
_SETTINGS: Final[dict[str, Any]] = {
    "audio": {
        "access_request_enabled": False,
        "default_device": "speaker",
        "hifi_audio_enabled": False,
        "mic_default_on": True,
        "opus_dtx_enabled": True,
        "redundant_coding_enabled": False,
        "speaker_default_on": True,
    },
    "backstage": {"enabled": False},
    "broadcasting": {
        "enabled": False,
        "hls": {"auto_on": False, "enabled": False, "layout": _LAYOUT, "quality_tracks": []},
        "rtmp": {"enabled": False, "layout": _LAYOUT, "quality": ""},
    },
    "encryption": {"mode": "available"},
    "frame_recording": {"capture_interval_in_seconds": 0, "mode": "available"},
    "geofencing": {"names": []},
    "individual_recording": {"mode": "available"},
    "raw_recording": {"mode": "available"},
    "recording": {"audio_only": False, "layout": _LAYOUT, "mode": "available", "quality": "720p"},
    "ring": {"auto_cancel_timeout_ms": 0, "incoming_call_timeout_ms": 0, "missed_call_timeout_ms": 0},
    "screensharing": {"enabled": True, "access_request_enabled": True, "target_resolution": None},
    "thumbnails": {"enabled": False},
    "transcription": {"closed_caption_mode": "available", "language": "auto", "mode": "available"},
    "video": {
        "access_request_enabled": False,
        "camera_default_on": True,
        "camera_facing": "front",
        "enabled": True,
        "target_resolution": {"height": 720, "width": 1280},
    },
}


def user(person: Person, call: Call) -> dict[str, Any]:
    """Somebody who was announced to the platform when the call was made."""
    since = At(call.room.created_at)
    who = {"id": person.user, "name": person.name, "role": person.role or "user", "custom": {}, "language": ""}
    state = {"banned": False, "shadow_banned": False, "invisible": False, "online": True}
    return who | state | {"blocked_user_ids": [], "teams": [], "created_at": since, "updated_at": since}


def participant(connection: Connection, call: Call) -> dict[str, Any]:
    """One device of somebody."""
    who = user(connection.person, call)
    joined_at = At(connection.joined_at)
    return {"user": who, "user_session_id": connection.id, "role": who["role"], "joined_at": joined_at}


def counts(call: Call) -> dict[str, Any]:
    """How many there are, by role."""
    roles = Counter(one.person.role or "user" for one in call.room.connections.values())
    return {"participants_count_by_role": dict(roles), "anonymous_participant_count": 0}


def members(call: Call) -> list[dict[str, Any]]:
    """Who belongs to the call: guests do not."""
    since = At(call.room.created_at)
    return [
        {"user": user(one, call), "user_id": one.user, "custom": {}, "created_at": since, "updated_at": since}
        for one in call.seen.values()
        if one.role != "guest"
    ]


def described(call: Call) -> dict[str, Any]:
    """The call with its settings and its session."""
    kind, _, number = call.room.id.partition(":")
    limits: dict[str, Any] = {
        "max_participants": None,
        "max_participants_exclude_roles": [],
        "max_participants_exclude_owner": False,
    }
    settings = {
        "limits": limits | {"max_duration_seconds": call.max_duration_s},
        "session": {"inactivity_timeout_seconds": 30},
    }
    return {
        "type": kind,
        "id": number,
        "cid": call.room.id,
        "current_session_id": call.session.id if call.session and call.is_ongoing else "",
        "created_by": user(BOOKING, call),
        "custom": {"name": call.room.name} if call.room.name else {},
        "blocked_user_ids": sorted(call.room.blocked),
        "created_at": At(call.room.created_at),
        "updated_at": At(call.updated_at),
        "starts_at": None,
        "ended_at": _at(call.ended_at),
        "settings": _SETTINGS | settings,
        "session": _session(call),
        "egress": {"broadcasting": False, "hls": None, "rtmps": []},
        "ingress": _ingress(call),
        "thumbnails": None,
        "join_ahead_time_seconds": 0,
    } | dict.fromkeys(("backstage", "captioning", "recording", "transcribing", "translating"), False)


def _session(call: Call) -> dict[str, Any] | None:
    if (session := call.session) is None:
        return None
    return {
        "id": session.id,
        "started_at": At(session.started_at),
        "ended_at": _at(session.ended_at),
        "timer_ends_at": _at(call.timer_ends_at),
        "participants": [participant(one, call) for one in call.room.connections.values()],
        **counts(call),
        **{name: {} for name in ("accepted_by", "missed_by", "rejected_by")},
        **dict.fromkeys(("live_started_at", "live_ended_at")),
    }


def _ingress(call: Call) -> dict[str, Any]:
    name = call.room.id.replace(":", ".")
    addresses = {"rtmp": "rtmps://ingress.invalid:443/", "srt": "srt://ingress.invalid:9000?streamid=", "whip": ""}
    return {kind: {"address": f"{address}{name}"} for kind, address in addresses.items()}


def _at(ms: int | None) -> At | None:
    return None if ms is None else At(ms)
