"""With which of several sentences an event is told: a table by kind. The sentences are in `sentences`. Pure."""

from collections.abc import Callable
from typing import Final

from moderator.client.event_words import escalated_threshold, is_latest_deadline, member
from moderator.domain.announcements import RoomAnnounced
from moderator.domain.events import CapabilitiesReported, Event, RoomLocked
from moderator.domain.presence import EVERYBODY
from moderator.domain.rooms import Room

Variant = Callable[[Event, Room | None], str]


def variant_of(event: Event, room: Room | None) -> str:
    """The variant's name; empty for the plain sentence of the kind."""
    chosen = _VARIANTS.get(event.kind)
    return chosen(event, room) if chosen else ""


def _is(event: Event, name: str) -> bool:
    return member(event, name) == "True"


def _left(event: Event, room: Room | None) -> str:
    if _is(event, "machine"):
        return "machine"
    if member(event, "participant") == EVERYBODY:
        return "everybody"
    return "removed" if _is(event, "forced") else ""


def _extended(event: Event, room: Room | None) -> str:
    less = int(member(event, "seconds") or 0) < 0
    if is_latest_deadline(event, room):
        return "less_now" if less else "more_now"
    return "less" if less else ""


def _set(event: Event, room: Room | None) -> str:
    if event.actor.kind == "moderator":
        return "moderator"
    return "platform" if member(event, "kept_by") == "provider" else ""


def _asked(event: Event, room: Room | None) -> str:
    seconds = int(member(event, "seconds") or 0)
    return "more" if seconds > 0 else "less" if seconds < 0 else ""


def _announced(event: Event, room: Room | None) -> str:
    if not isinstance(event.data, RoomAnnounced):
        return ""
    return "_".join(
        part for part in ("ends" if event.data.duration_ms else "", "people" if event.data.allow else "") if part
    )


def _locked(event: Event, room: Room | None) -> str:
    return "people" if isinstance(event.data, RoomLocked) and event.data.people else ""


def _permitted(event: Event, room: Room | None) -> str:
    return "less" if isinstance(event.data, CapabilitiesReported) and event.data.unavailable else ""


def _escalated(event: Event, room: Room | None) -> str:
    """Ids of violations begin with the policy's name, and those of holds so that nothing else does."""
    subject = member(event, "subject")
    if subject.startswith("hold:"):
        return "hold"
    if subject.count(":") >= 2:
        return "violation"
    return "warning" if escalated_threshold(event) is not None else ""


def _why(name: str) -> Variant:
    return lambda event, room: "why" if member(event, name) else ""


def _flag(name: str, true: str, false: str = "") -> Variant:
    return lambda event, room: {"True": true, "False": false}.get(member(event, name), "")


_EXTENDING: Final = frozenset({"deadline_set", "deadline_extended", "deadline_cleared", "extension_requested"})

_VARIANTS: Final[dict[str, Variant]] = {
    "participant_left": _left,
    "stream_published": lambda event, room: member(event, "kind"),
    "stream_updated": _flag("muted", "muted", "unmuted"),
    "deadline_reported": lambda event, room: "" if member(event, "ends_at") else "none",
    "capabilities_reported": _permitted,
    "deadline_set": _set,
    "deadline_extended": _extended,
    "deadline_cleared": _why("reason"),
    "extension_requested": _asked,
    "violation_found": _flag("enforced", "", "observed"),
    "person_blocked": lambda event, room: "until" if member(event, "until") else "",
    "room_locked": _locked,
    "room_announced": _announced,
    "credentials_issued": lambda event, room: "role" if member(event, "role") else "",
    "escalation_started": _escalated,
    "escalation_sent": _escalated,
    "escalation_failed": _escalated,
    "disconnect_confirmed": _flag("told", "told", "not_told"),
    "mute_requested": lambda event, room: member(event, "mode"),
    "message_requested": lambda event, room: "moderator" if event.actor.kind == "moderator" else "",
    "decision_refused": lambda event, room: "extension" if member(event, "kind") in _EXTENDING else "",
    "provider_event_unknown": _flag("understood", "understood"),
    "enforcement_held": _why("reason"),
    "access_denied": _why("reason"),
    "source_silent": _why("detail"),
    "log_trimmed": lambda event, room: "counted",
    **dict.fromkeys(
        ("extension_failed", "disconnect_failed", "mute_failed", "stream_stop_failed", "room_end_failed"), _why("why")
    ),
    "message_failed": _why("why"),
}
