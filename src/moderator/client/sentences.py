"""What happened, as a sentence in a moderator's words: a template per kind of event, and what its words stand for."""

from collections.abc import Callable
from typing import Final

from moderator.client.texts import clock_time, minutes, platform_name, safe
from moderator.domain.events import CapabilitiesReported, Event, ParticipantJoined, ParticipantUpdated, Unknown
from moderator.domain.ids import seat_key
from moderator.domain.presence import EVERYBODY
from moderator.domain.rooms import Room

_SENTENCES: Final[dict[str, str]] = {
    "room_started": "the room started",
    "room_ended": "the room ended",
    "participant_joined": "{who} joined",
    "participant_updated": "more is known of {who}",
    "participant_left": "{who} {left}",
    "stream_published": "{who} shares a {medium}",
    "stream_updated": "{who} {muted}",
    "stream_unpublished": "{who} stopped sharing",
    "source_restarted": "the media server restarted",
    "deadline_reported": "{platform} {reported_end}",
    "capabilities_reported": "the platform {permits}",
    "deadline_set": "{set_end}",
    "deadline_extended": "{by} {extended}{new_end}",
    "deadline_cleared": "the deadline was cleared by {by}: {reason}",
    "extension_requested": "{by} asked {platform} {asked}",
    "extension_confirmed": "{platform} moved the end",
    "extension_failed": "the end could not be moved: {why}",
    "warning_raised": "{threshold} left",
    "warning_acknowledged": "the warning was acknowledged by {by}",
    "time_expired": "time is up",
    "violation_found": "{who} is not allowed here: {reason}{observed}",
    "violation_cleared": "{who} is no violation any more",
    "person_allowed": "{by} allowed {who} to stay",
    "person_blocked": "{by} blocked {who} {until}",
    "person_readmitted": "{by} let {who} come back",
    "room_claimed": "{owner} looks after the room",
    "room_released": "nobody looks after the room any more",
    "disconnect_requested": "{who} is being disconnected by {by}: {reason}",
    "disconnect_confirmed": "{who} was disconnected",
    "disconnect_failed": "{who} could not be disconnected: {why}",
    "mute_requested": "{who} {muting}",
    "mute_confirmed": "{who}'s microphone was changed as asked",
    "mute_failed": "{who}'s microphone could not be changed: {why}",
    "stream_stop_requested": "a stream of {who} is being stopped by {by}",
    "stream_stop_confirmed": "a stream of {who} was stopped",
    "stream_stop_failed": "a stream of {who} could not be stopped: {why}",
    "room_end_requested": "the room is being ended by {by}: {reason}",
    "room_end_confirmed": "the room was ended",
    "room_end_failed": "the room could not be ended: {why}",
    "message_requested": "{by} wrote: {text}",
    "message_confirmed": "the message was sent",
    "message_failed": "the message could not be sent: {why}",
    "decision_refused": "{refused} by {by} was refused: {why}",
    "room_reconciled": "the platform's list differed: {added} came, {removed} went",
    "provider_event_unknown": "{told}",
    "source_silent": "nothing is heard from the platform: {detail}",
    "source_recovered": "the platform is heard again",
    "enforcement_held": "automatic disconnects are paused by {by}: {reason}",
    "enforcement_resumed": "automatic disconnects were resumed by {by}",
    "config_loaded": "the gateway started with its configuration",
    "access_denied": "access was denied to {origin}: {reason}",
}


def sentence(event: Event, room: Room | None) -> str:
    """The sentence; `room` is the room as it is after the event, where it is known. Safe to print."""
    template = _SENTENCES.get(event.kind) if not isinstance(event.data, Unknown) else None
    if template is None:
        template = safe(event.kind.replace("_", " ")).replace("{", "{{").replace("}", "}}")
    text = template.format_map(_Words(event, room)).strip().removesuffix(":")
    return f"{text} (reported late)" if event.late else text


class _Words(dict[str, str]):
    """What the words of a template stand for: looked up when they are used."""

    def __init__(self, event: Event, room: Room | None) -> None:
        super().__init__()
        self._event = event
        self._room = room

    def __missing__(self, word: str) -> str:
        special = _WORDS.get(word)
        return safe(special(self._event, self._room) if special else _member(self._event, word))


def _member(event: Event, name: str) -> str:
    value = getattr(event.data, name, None)
    return "" if value is None else str(value).replace("_", " ") if name == "reason" else str(value)


def _by(event: Event, room: Room | None) -> str:
    return event.actor.name or event.actor.id or event.actor.kind


def _who(event: Event, room: Room | None) -> str:
    """The best name there is: as reported with the event, else as known of the participant, else an id."""
    id_ = _member(event, "participant")
    if id_ == EVERYBODY:
        return "everybody"
    called = _member(event, "name") if isinstance(event.data, ParticipantJoined | ParticipantUpdated) else ""
    known = _known(room, id_) if room and id_ else ("", "")
    user = _member(event, "user") or _member(event, "person")
    names = (called, known[0], _name_of_user(room, user), user, known[1], id_)
    return next((name for name in names if name), "somebody")


def _known(room: Room, id_: str) -> tuple[str, str]:
    """Name and user of a participant. In facts of Janus `id_` is only the beginning of the participant's id."""
    exact = room.participant(id_)
    same = [exact] if exact else [one for one in room.participants if id_.endswith("@") and seat_key(one.id) == id_]
    return (same[-1].name, same[-1].user) if same else ("", "")


def _name_of_user(room: Room | None, user: str) -> str:
    """As that user was called last."""
    stays = room.participants if room and user else ()
    return next((one.name for one in reversed(stays) if one.user == user and one.name), "")


def _left(event: Event, room: Room | None) -> str:
    if _member(event, "machine") == "True":
        return "is no person, and left out"
    return "was removed" if _member(event, "forced") == "True" else "left"


def _extended(event: Event, room: Room | None) -> str:
    seconds = int(_member(event, "seconds") or 0)
    by = minutes(abs(seconds) * 1000)
    return f"added {by}" if seconds >= 0 else f"took {by} away"


def _new_end(event: Event, room: Room | None) -> str:
    """Nothing where the deadline was changed once more meanwhile: then that one says it."""
    deadline = room.deadline if room else None
    is_this = deadline is not None and str(deadline.version) == _member(event, "version")
    return f", ends at {clock_time(deadline.ends_at)}" if deadline is not None and is_this else ""


def _platform(event: Event, room: Room | None) -> str:
    reported_by = event.actor.id if event.actor.kind == "provider" else ""
    return platform_name(room.provider if room else reported_by)


def _reported_end(event: Event, room: Room | None) -> str:
    ends_at = _member(event, "ends_at")
    return f"ends this room at {clock_time(int(ends_at))}" if ends_at else "sets no end for this room"


def _set_end(event: Event, room: Room | None) -> str:
    at = clock_time(int(_member(event, "ends_at") or 0))
    if event.actor.kind == "moderator":
        return f"the end was set to {at} by {_by(event, room)}"
    keeper = f"{_platform(event, room)} ends this room" if _member(event, "kept_by") == "provider" else "ends"
    return f"{keeper} at {at}"


def _asked(event: Event, room: Room | None) -> str:
    seconds = int(_member(event, "seconds") or 0)
    if not seconds:
        return f"to end at {clock_time(int(_member(event, 'ends_at') or 0))}"
    return f"for {minutes(abs(seconds) * 1000)} {'more' if seconds > 0 else 'less'}"


def _permits(event: Event, room: Room | None) -> str:
    unavailable = event.data.unavailable if isinstance(event.data, CapabilitiesReported) else {}
    named = ", ".join(sorted(name.replace("_", " ") for name in unavailable))
    return f"does not allow here: {named}" if named else "allows here all it can do"


_MUTING: Final = {
    "mute": "is being muted by {by}",
    "revoke": "is losing the microphone, ordered by {by}",
    "restore": "is getting the microphone back from {by}",
}


def _muting(event: Event, room: Room | None) -> str:
    return _MUTING[_member(event, "mode")].format(by=_by(event, room))


def _told(event: Event, room: Room | None) -> str:
    """What was understood is a sentence already; who reads the rest should know that it is not ours."""
    problem = _member(event, "problem")
    return problem if _member(event, "understood") == "True" else f"from the platform, kept as it came: {problem}"


def _until(event: Event, room: Room | None) -> str:
    until = _member(event, "until")
    return f"until {clock_time(int(until))}" if until else "for good"


def _muted(event: Event, room: Room | None) -> str:
    return {"True": "was muted", "False": "was unmuted"}.get(_member(event, "muted"), "changed a stream")


_WORDS: Final[dict[str, Callable[[Event, Room | None], str]]] = {
    "by": _by,
    "who": _who,
    "extended": _extended,
    "new_end": _new_end,
    "until": _until,
    "muted": _muted,
    "left": _left,
    "medium": lambda event, room: {"custom": "stream"}.get(_member(event, "kind"), _member(event, "kind")),
    "platform": _platform,
    "reported_end": _reported_end,
    "set_end": _set_end,
    "asked": _asked,
    "permits": _permits,
    "muting": _muting,
    "told": _told,
    "threshold": lambda event, room: minutes(int(_member(event, "threshold_ms") or 0)),
    "observed": lambda event, room: "" if _member(event, "enforced") == "True" else " (only observed)",
    "owner": lambda event, room: _member(event, "name") or _member(event, "moderator"),
    "refused": lambda event, room: _member(event, "kind").replace("_", " "),
}
