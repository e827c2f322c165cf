"""What the words in the sentences about events stand for: names, times, and what depends on the room. The sentences are
in `sentences`."""

from collections.abc import Callable
from typing import Final

from moderator.client.texts import clock_time, minutes, platform_name
from moderator.domain.accounting import CredentialsIssued, CredentialsRefused
from moderator.domain.announcements import RoomAnnounced
from moderator.domain.events import CapabilitiesReported, Event, ParticipantJoined, ParticipantUpdated, RoomLocked
from moderator.domain.ids import seat_key
from moderator.domain.presence import EVERYBODY
from moderator.domain.rooms import Room


def member(event: Event, name: str) -> str:
    """A member of the event's data as text; empty where it has none of that name."""
    value = getattr(event.data, name, None)
    return "" if value is None else str(value).replace("_", " ") if name == "reason" else str(value)


_TELLS_NAME: Final = (ParticipantJoined, ParticipantUpdated, CredentialsIssued)
"""Where `name` is that of the person."""


def _by(event: Event, room: Room | None) -> str:
    return event.actor.name or event.actor.id or event.actor.kind


def who(event: Event, room: Room | None, person: str = "") -> str:
    """The best name there is: as reported with the event, as known of the participant, else `person`, else an id."""
    id_ = member(event, "participant")
    if id_ == EVERYBODY:
        return "everybody"
    told = member(event, "name") if isinstance(event.data, _TELLS_NAME) else ""
    known = _known(room, id_) if room and id_ else ("", "")
    user = member(event, "user") or member(event, "person")
    names = (told, known[0], _name_of_user(room, user), person, user, known[1], id_)
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
    if member(event, "machine") == "True":
        return "is no person, and left out"
    return "was removed" if member(event, "forced") == "True" else "left"


def _extended(event: Event, room: Room | None) -> str:
    seconds = int(member(event, "seconds") or 0)
    by = minutes(abs(seconds) * 1000)
    return f"added {by}" if seconds >= 0 else f"took {by} away"


def _new_end(event: Event, room: Room | None) -> str:
    """Nothing where the deadline was changed once more meanwhile: then that one says it."""
    deadline = room.deadline if room else None
    is_this = deadline is not None and str(deadline.version) == member(event, "version")
    return f", ends at {clock_time(deadline.ends_at)}" if deadline is not None and is_this else ""


def _platform(event: Event, room: Room | None) -> str:
    reported_by = event.actor.id if event.actor.kind == "provider" else ""
    return platform_name(room.provider if room else reported_by)


def _reported_end(event: Event, room: Room | None) -> str:
    ends_at = member(event, "ends_at")
    return f"ends this room at {clock_time(int(ends_at))}" if ends_at else "sets no end for this room"


def _set_end(event: Event, room: Room | None) -> str:
    at = clock_time(int(member(event, "ends_at") or 0))
    if event.actor.kind == "moderator":
        return f"the end was set to {at} by {_by(event, room)}"
    keeper = f"{_platform(event, room)} ends this room" if member(event, "kept_by") == "provider" else "ends"
    return f"{keeper} at {at}"


def _asked(event: Event, room: Room | None) -> str:
    seconds = int(member(event, "seconds") or 0)
    if not seconds:
        return f"to end at {clock_time(int(member(event, 'ends_at') or 0))}"
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
    return _MUTING[member(event, "mode")].format(by=_by(event, room))


def _told(event: Event, room: Room | None) -> str:
    """What was understood is a sentence already; who reads the rest should know that it is not ours."""
    problem = member(event, "problem")
    return problem if member(event, "understood") == "True" else f"from the platform, kept as it came: {problem}"


def _until(event: Event, room: Room | None) -> str:
    until = member(event, "until")
    return f"until {clock_time(int(until))}" if until else "for good"


def _muted(event: Event, room: Room | None) -> str:
    return {"True": "was muted", "False": "was unmuted"}.get(member(event, "muted"), "changed a stream")


def _objection(event: Event, room: Room | None) -> str:
    return "the room is locked" if member(event, "policy") == "lock" else member(event, "reason")


def _wrote(event: Event, room: Room | None) -> str:
    """What rules tell is nobody's own word."""
    return f"{_by(event, room)} wrote" if event.actor.kind == "moderator" else "the room was told"


def _kept_in(event: Event, room: Room | None) -> str:
    count = len(event.data.people) if isinstance(event.data, RoomLocked) else 0
    return {0: "", 1: ": 1 person may stay"}.get(count, f": {count} people may stay")


def _begins(event: Event, room: Room | None) -> str:
    """`, 10:00 to 11:00, for 2 people`: as far as it is known."""
    data = event.data
    if not isinstance(data, RoomAnnounced):
        return ""
    begins = clock_time(data.starts_at, with_seconds=False)
    ends = f" to {clock_time(data.starts_at + data.duration_ms, with_seconds=False)}" if data.duration_ms else ""
    expected = len(data.allow)
    return f", {begins}{ends}" + (f", for {'1 person' if expected == 1 else f'{expected} people'}" if expected else "")


_REFUSALS: Final = {
    "room_full": "the room is full",
    "not_listed": "not on the list",
    "blocked": "blocked",
    "time_over": "time is over",
    "locked": "the room is locked",
}


def _refusal(event: Event, room: Room | None) -> str:
    code = member(event, "code") if isinstance(event.data, CredentialsRefused) else ""
    return _REFUSALS.get(code, code.replace("_", " "))


def _subject_words(event: Event, room: Room | None) -> str:
    """The warning that an escalation is about, where it is one of this room."""
    subject = member(event, "subject")
    warning = next((one for one in room.warnings if one.id == subject), None) if room else None
    return f"the warning of {minutes(warning.threshold_ms)}" if warning else "it"


_CHANNELS: Final = {"webhook": "the webhook", "email": "the e-mail address"}


def _whom(event: Event, room: Room | None) -> str:
    channel = member(event, "channel")
    return member(event, "detail") or _CHANNELS.get(channel, channel)


_TOLD_WHY: Final = {"True": " and was told why", "False": ", but could not be told why"}

WORDS: Final[dict[str, Callable[[Event, Room | None], str]]] = {
    "by": _by,
    "who": who,
    "extended": _extended,
    "new_end": _new_end,
    "until": _until,
    "muted": _muted,
    "left": _left,
    "medium": lambda event, room: {"custom": "stream"}.get(member(event, "kind"), member(event, "kind")),
    "platform": _platform,
    "reported_end": _reported_end,
    "set_end": _set_end,
    "asked": _asked,
    "permits": _permits,
    "muting": _muting,
    "told": _told,
    "threshold": lambda event, room: minutes(int(member(event, "threshold_ms") or 0)),
    "observed": lambda event, room: "" if member(event, "enforced") == "True" else " (only observed)",
    "owner": lambda event, room: member(event, "name") or member(event, "moderator"),
    "refused": lambda event, room: member(event, "kind").replace("_", " "),
    "objection": _objection,
    "told_why": lambda event, room: _TOLD_WHY.get(member(event, "told"), ""),
    "wrote": _wrote,
    "kept_in": _kept_in,
    "begins": _begins,
    "as_role": lambda event, room: f" as {member(event, 'role')}" if member(event, "role") else "",
    "expiry": lambda event, room: clock_time(int(member(event, "expires_at") or 0), with_seconds=False),
    "refusal": _refusal,
    "subject_words": _subject_words,
    "whom": _whom,
    "subject_name": lambda event, room: member(event, "name") or member(event, "subject"),
}
