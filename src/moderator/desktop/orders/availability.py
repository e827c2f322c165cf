"""Whether a wish can be granted now, and if not, why not: shown at the disabled control. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec import Struct

from moderator.client.link import Link
from moderator.client.me import Me
from moderator.client.scopes import lacking_scope
from moderator.client.texts import safe
from moderator.desktop.durations import amount
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.domain.rooms import Room
from moderator.language import tr

_SCOPES: Final[dict[ActionName, str]] = {
    "extend": "rooms:extend",
    "extend_custom": "rooms:extend",
    "end": "rooms:end",
    "message": "rooms:message",
    "acknowledge": "rooms:watch",
    "claim": "rooms:watch",
    "release": "rooms:watch",
    "disconnect": "participants:disconnect",
    "allow": "participants:disconnect",
    "readmit": "participants:disconnect",
    "mute": "participants:mute",
    "revoke": "participants:mute",
    "restore": "participants:mute",
    "stop_stream": "participants:mute",
    "lock": "participants:disconnect",
    "unlock": "participants:disconnect",
    "go_on_duty": "rooms:watch",
    "go_off_duty": "rooms:watch",
    "hold": "policy:hold",
    "resume": "policy:hold",
    "sessions": "stats:read",
}
_CAPABILITIES: Final[dict[ActionName, str]] = {
    "extend": "extend",
    "extend_custom": "extend",
    "end": "end",
    "message": "message",
    "disconnect": "disconnect",
    "lock": "disconnect",  # who comes in after all has to go
    "readmit": "readmit",
    "mute": "mute",
    "revoke": "revoke",
    "restore": "revoke",
    "stop_stream": "stop_stream",
}
DESTRUCTIVE: Final[frozenset[ActionName]] = frozenset({"disconnect", "end", "mute", "revoke", "stop_stream"})
"""What cannot be taken back entirely: never done on a picture that may be out of date."""


def why_not(intent: Intent, room: Room | None, me: Me | None, *, stale: bool, shut_out: bool = False) -> str:
    """A sentence, or nothing when it can be done. `stale`: the gateway, or the room's source, was not heard of late."""
    scope = _SCOPES.get(intent.action)
    if scope is None:
        return ""  # it concerns nobody but the window
    if me is not None and scope not in me.scopes:
        return lacking_scope(scope)
    if shut_out:
        return tr("You are signed out: sign in first.")
    if stale:
        return tr("Not while the picture is out of date.") if intent.action in DESTRUCTIVE else ""
    if room is None:
        return ""
    found = objection(intent, room)
    return found.sentence if found else ""


class Objection(Struct, frozen=True):
    """Why something cannot be done in a room, twice: as a sentence, and in a list beside the room's name."""

    sentence: str
    brief: str


def objection(intent: Intent, room: Room) -> Objection | None:
    """What speaks against a wish in the room itself, whoever asks for it."""
    if has_ended(intent, room):
        return Objection(tr("The room has ended."), tr("has ended"))
    capability = room.capabilities.get(_CAPABILITIES.get(intent.action, ""))
    if capability is not None and capability.by is None:
        why = safe(capability.why) or tr("This platform cannot do that.")
        return Objection(why, why)
    return _about_time(intent, room)


def is_over(intent: Intent, room: Room | None) -> bool:
    """Whether the meeting that is meant is over, and the room has another one by now."""
    return room is not None and intent.instance not in ("", room.instance)


def has_ended(intent: Intent, room: Room) -> bool:
    """Whether nobody is there any more whom the wish could concern; whoever was kept out of the room still is."""
    return room.state == "ended" and intent.action not in {"readmit", "sessions"}


def is_past(intent: Intent, room: Room | None) -> bool:
    """Whether what this would take back is over: its meeting has ended, or the room has another one."""
    return is_over(intent, room) or (room is not None and has_ended(intent, room))


def why_not_there(intent: Intent, room: Room | None) -> str:
    """Why nothing can come of a wish about a room; empty where that is there, with the meeting that is meant."""
    is_gone = intent.room is not None and room is None
    return tr("This room is no longer there.") if is_gone or is_over(intent, room) else ""


def why_none(intents: Iterable[Intent], reason: Callable[[Intent], str]) -> str:
    """Why none of these wishes can be granted; empty where one can, for then that one is."""
    first = ""
    for intent in intents:
        if not (why := reason(intent)):
            return ""  # of two thousand mostly the first: the others are not looked at
        first = first or why
    return first


def why_not_together(intents: Sequence[Intent], link: Link) -> str:
    """Why nothing is done for several rooms at once just now; empty where it can be, and for one room."""
    if link.state != "reconnecting" or len({intent.room for intent in intents}) < 2:
        return ""
    return tr("Not for several rooms at once while the connection is being restored.")


def _about_time(intent: Intent, room: Room) -> Objection | None:
    if intent.action not in {"extend", "extend_custom"}:
        return None
    if room.deadline is None:  # then it is asked for an end
        if not intent.seconds:
            return None
        return Objection(tr("This room has no deadline: set its end first."), tr("has no deadline"))
    if intent.ends_at:
        return Objection(tr("This room has a deadline by now."), tr("has a deadline by now"))
    step = room.limits.extension_step_ms if room.limits else 0
    wanted = intent.seconds * 1000 or (step if intent.action == "extend" else 1000)
    allowance_ms = room.deadline.allowance_ms
    if allowance_ms is None or wanted <= allowance_ms:
        return None
    if allowance_ms < 1000:
        return Objection(tr("The room has been extended as far as its type allows."), tr("nothing may be added"))
    most = amount(allowance_ms // 1000)
    words, brief = tr("The room may be extended by {amount} more, not further."), tr("at most {amount} may be added")
    return Objection(words.format(amount=most), brief.format(amount=most))
