"""What the placeholders in the sentences about events stand for: names, times, and words of their own. The sentences
are in `sentences`."""

import re
from collections.abc import Callable
from typing import Final

from moderator.client.reason_words import REASON_WORDS
from moderator.client.texts import clock_time, minutes, platform_name
from moderator.domain.accounting import CredentialsIssued, CredentialsRefused, LogTrimmed
from moderator.domain.announcements import RoomAnnounced
from moderator.domain.events import CapabilitiesReported, Event, ParticipantJoined, ParticipantUpdated, RoomLocked
from moderator.domain.ids import seat_key
from moderator.domain.rooms import Room
from moderator.language import marked, tr, tr_in

_WARNING_ID: Final = re.compile(r"\d+-(\d+)", re.ASCII)
"""The deadline's version, and the threshold in milliseconds."""


class Name(str):
    """Text that somebody else chose: shown as they write it, never translated, never given a capital."""

    __slots__ = ()


def member(event: Event, name: str) -> str:
    """A member of the event's data as text; empty where it has none of that name."""
    value = getattr(event.data, name, None)
    return "" if value is None else str(value)


def count_of(event: Event) -> int:
    """The number that a sentence about several names: of people, of entries."""
    match event.data:
        case RoomLocked(people=people):
            return len(people)
        case RoomAnnounced(allow=expected):
            return len(expected)
        case LogTrimmed(entries=entries):
            return entries
        case _:
            return 0


def is_latest_deadline(event: Event, room: Room | None) -> bool:
    """Whether the deadline was not changed once more meanwhile: else that one says when the room ends."""
    deadline = room.deadline if room else None
    return deadline is not None and str(deadline.version) == member(event, "version")


def escalated_threshold(event: Event) -> int | None:
    """The threshold of the warning that an escalation is about, in milliseconds; None where it is about another thing.

    It stands in the warning's id: the warning itself may be gone by now.
    """
    found = _WARNING_ID.fullmatch(member(event, "subject"))
    return int(found[1]) if found else None


# --- names ---------------------------------------------------------------------------------------------------------

_TELLS_NAME: Final = (ParticipantJoined, ParticipantUpdated, CredentialsIssued)
"""Where `name` is that of the person."""
_ACTORS: Final[dict[str, str]] = {
    "provider": marked("the platform"),
    "policy": marked("policy"),
    "timer": marked("the timer"),
    "gateway": marked("the gateway"),
    "moderator": marked("a moderator"),
    "application": marked("the application"),
}
"""Who did it, where nobody has a name."""


def _by(event: Event, room: Room | None) -> str:
    name = event.actor.name or event.actor.id
    return Name(name) if name else tr(_ACTORS.get(event.actor.kind, event.actor.kind))


def who(event: Event, room: Room | None, person: str = "") -> str:
    """The best name there is: as reported with the event, as known of the participant, else `person`, else an id."""
    id_ = member(event, "participant")
    told = member(event, "name") if isinstance(event.data, _TELLS_NAME) else ""
    known = _known(room, id_) if room and id_ else ("", "")
    user = member(event, "user") or member(event, "person")
    names = (told, known[0], _name_of_user(room, user), person, user, known[1], id_)
    return next((Name(name) for name in names if name), tr("somebody"))


def _known(room: Room, id_: str) -> tuple[str, str]:
    """Name and user of a participant. In facts of Janus `id_` is only the beginning of the participant's id."""
    exact = room.participant(id_)
    same = [exact] if exact else [one for one in room.participants if id_.endswith("@") and seat_key(one.id) == id_]
    return (same[-1].name, same[-1].user) if same else ("", "")


def _name_of_user(room: Room | None, user: str) -> str:
    """As that user was called last."""
    stays = room.participants if room and user else ()
    return next((one.name for one in reversed(stays) if one.user == user and one.name), "")


def _platform(event: Event, room: Room | None) -> str:
    reported_by = event.actor.id if event.actor.kind == "provider" else ""
    return platform_name(room.provider if room else reported_by)


_CHANNELS: Final = {"webhook": marked("the webhook"), "email": marked("the e-mail address")}


def _whom(event: Event, room: Room | None) -> str:
    detail, channel = member(event, "detail"), member(event, "channel")
    return Name(detail) if detail else tr(_CHANNELS.get(channel, channel))


# --- words of their own --------------------------------------------------------------------------------------------

_REASONS: Final = {code: words.within for code, words in REASON_WORDS.items()}
"""The reason codes; every other reason is what somebody wrote."""
_REFUSALS: Final = _REASONS | {"blocked": marked("blocked"), "locked": marked("the room is locked")}
_ACTIONS: Final = {
    "extend": marked("extend"),
    "disconnect": marked("disconnect"),
    "block": marked("block"),
    "readmit": marked("re-admit"),
    "mute": marked("mute"),
    "revoke": marked("take microphones away"),
    "stop_stream": marked("stop stream"),
    "message": marked("message"),
    "end": marked("end"),
}
"""What a platform may be able to do, by its name in the capabilities."""


def _word(table: dict[str, str], code: str) -> str:
    """The word for a code; a code of a newer gateway with spaces."""
    return tr(table[code]) if code in table else code.replace("_", " ")


def _reason(event: Event, room: Room | None) -> str:
    return _word(_REASONS, member(event, "reason"))


def _objection(event: Event, room: Room | None) -> str:
    return tr(_REFUSALS["locked"]) if member(event, "policy") == "lock" else _reason(event, room)


def _refusal(event: Event, room: Room | None) -> str:
    return _word(_REFUSALS, member(event, "code") if isinstance(event.data, CredentialsRefused) else "")


def _actions(event: Event, room: Room | None) -> str:
    unavailable = event.data.unavailable if isinstance(event.data, CapabilitiesReported) else {}
    return tr_in("between items of a list", ", ").join(sorted(_word(_ACTIONS, name) for name in unavailable))


# --- times ---------------------------------------------------------------------------------------------------------


def _time_at(name: str, *, with_seconds: bool = True) -> Callable[[Event, Room | None], str]:
    return lambda event, room: clock_time(int(member(event, name) or 0), with_seconds=with_seconds)


def _new_end(event: Event, room: Room | None) -> str:
    return clock_time(room.deadline.ends_at) if room and room.deadline else ""


def _ends(event: Event, room: Room | None) -> str:
    if not isinstance(event.data, RoomAnnounced):
        return ""
    return clock_time(event.data.starts_at + (event.data.duration_ms or 0), with_seconds=False)


def _subject_time(event: Event, room: Room | None) -> str:
    return minutes(escalated_threshold(event) or 0)


WORDS: Final[dict[str, Callable[[Event, Room | None], str]]] = {
    "by": _by,
    "who": who,
    "owner": lambda event, room: Name(member(event, "name") or member(event, "moderator")),
    "subject_name": lambda event, room: Name(member(event, "name") or member(event, "subject")),
    "platform": _platform,
    "whom": _whom,
    "reason": _reason,
    "objection": _objection,
    "refusal": _refusal,
    "refused": lambda event, room: member(event, "kind").replace("_", " "),
    "actions": _actions,
    "amount": lambda event, room: minutes(abs(int(member(event, "seconds") or 0)) * 1000),
    "threshold": lambda event, room: minutes(int(member(event, "threshold_ms") or 0)),
    "subject_time": _subject_time,
    "end": _time_at("ends_at"),
    "new_end": _new_end,
    "until": _time_at("until"),
    "begins": _time_at("starts_at", with_seconds=False),
    "ends": _ends,
    "expiry": _time_at("expires_at", with_seconds=False),
    "count": lambda event, room: str(count_of(event)),
}
