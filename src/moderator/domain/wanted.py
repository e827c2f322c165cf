"""Whether what was decided earlier is still to be done, by what is known now."""

from moderator.domain.allow_list import ALLOW_LIST, unlisted
from moderator.domain.events import (
    DisconnectRequested,
    Event,
    MessageRequested,
    MuteRequested,
    RoomEndRequested,
    StreamStopRequested,
)
from moderator.domain.locks import LOCK
from moderator.domain.removals import blocked
from moderator.domain.rooms import Participant, Room, Violation
from moderator.domain.screen_share import share_remedy, wrong_shares
from moderator.domain.settings import OnExpiry
from moderator.domain.telling import is_news

_REMEDIES = {StreamStopRequested: "stop", MuteRequested: "mute"}


def still_wanted(room: Room, event: Event, now: int, *, held: bool) -> bool:
    """Whether a command that was decided earlier should still be carried out, before anything is done about it.

    What a moderator ordered stands. What a policy decided falls when its reason is gone: time was added, somebody
    else left, the block was lifted, the screen is not shared any more, or automatic removals were held.
    """
    if event.actor.kind != "policy":
        return True
    match event.data:
        case MessageRequested(about=about):
            return is_news(room, about, now)
        case RoomEndRequested():
            return not held and _is_time_over(room, "end")
        case DisconnectRequested(participant=who) as data:
            participant = room.participant(who)
            return not held and participant is not None and _has_to_go(room, data, participant, now)
        case StreamStopRequested(participant=who) | MuteRequested(participant=who) as data:
            participant = room.participant(who)
            is_remedy = share_remedy(room) == _REMEDIES[type(data)]
            return not held and is_remedy and participant is not None and _shares_wrongly(room, data, participant)
        case _:
            return True


def _has_to_go(room: Room, data: DisconnectRequested, participant: Participant, now: int) -> bool:
    if participant.id in blocked(room, now):
        return True
    if data.block:
        return False
    if data.reason == "time_over":
        return _is_time_over(room, "disconnect")
    if data.reason == "wrong_share" and share_remedy(room) != "disconnect":
        return False
    return any(one.reason == data.reason and _stands(room, one, participant) for one in room.violations)


def _shares_wrongly(room: Room, data: StreamStopRequested | MuteRequested, participant: Participant) -> bool:
    stream = data.stream if isinstance(data, StreamStopRequested) else ""
    shares = (one for one in room.violations if one.stream and stream in ("", one.stream))
    return any(_stands(room, one, participant) for one in shares)


def _stands(room: Room, violation: Violation, participant: Participant) -> bool:
    """Whether a violation is one of this participant by what is known now; policy may not have had its turn yet."""
    if violation.participant != participant.id or not violation.enforced or participant.person in room.allowed:
        return False
    if violation.policy == LOCK:
        return room.locked is not None
    if room.limits is None or room.limits.mode != "enforce":
        return False
    if violation.policy == ALLOW_LIST:
        return any(one.id == participant.id for one in unlisted(room).people)
    return not violation.stream or violation.stream in wrong_shares(room, participant)


def _is_time_over(room: Room, on_expiry: OnExpiry) -> bool:
    """Whether the room's time is up, and its type then wants this."""
    limits = room.limits
    if limits is None or limits.mode != "enforce" or limits.on_expiry != on_expiry:
        return False
    return room.deadline is not None and room.deadline.expired
