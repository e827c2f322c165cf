"""Who may share a screen, by role, and what can be done about a share that nobody may have.

Not every platform can stop a share. Then it is as the room's type says: the person's sound is muted or the person
disconnected, or moderators are alerted and that is all.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from moderator.domain.events import DisconnectRequested, MuteRequested, StreamStopRequested, ViolationFound
from moderator.domain.kinds import Command
from moderator.domain.objections import finding
from moderator.domain.proposals import POLICY, Proposal
from moderator.domain.removals import attempt, retry_at
from moderator.domain.rooms import Participant, Room, Violation
from moderator.domain.settings import Capability, WrongShare

SCREEN_SHARE: Final = "screen_share"
Remedy = Literal["stop", "mute", "disconnect", "alert"]
_COMMAND_OF: Final = {"stop": "stream_stop", "mute": "mute"}


def share_remedy(room: Room) -> Remedy:
    """What is done in this room about a share by the wrong role."""
    return remedy_for(room.capabilities, room.limits.wrong_share if room.limits else "stop")


def remedy_for(capabilities: Mapping[str, Capability], wrong_share: WrongShare) -> Remedy:
    """What can be done: a share is stopped where the platform can, else it is as the type says."""
    if _does("stop_stream", capabilities):
        return "stop"
    if wrong_share == "disconnect":
        return "disconnect"
    return "mute" if wrong_share == "mute" and _does("mute", capabilities) else "alert"


def share_proposals(room: Room, now: int, held: bool) -> Iterator[Proposal]:
    """Violations to be found or cleared, and what is to be done about them; of several shares of one person the first.

    `held` pauses what is done, not what is found.
    """
    if (room.limits is None or room.limits.screen_share is None) and not room.violations:
        return
    remedy = share_remedy(room)
    mode = room.limits.mode if room.limits else "off"
    enforced = mode == "enforce" and remedy != "alert"
    found = [_violation(room, one, enforced) for one in room.here() if mode != "off" and wrong_shares(room, one)]
    yield from finding(room, SCREEN_SHARE, found)
    wrong = {(one.participant, one.stream) for one in found}
    for violation in room.violations if enforced and not held else ():
        if violation.enforced and (violation.participant, violation.stream) in wrong:
            yield from _remedied(room, violation, remedy, now)


def wrong_shares(room: Room, participant: Participant) -> list[str]:
    """The ids of the screens that somebody shares without being allowed to, the first one first."""
    roles = room.limits.screen_share if room.limits else None
    if roles is None or participant.role in roles or participant.person in room.allowed:
        return []
    screens = [one for one in participant.streams if one.kind == "screen"]
    return [one.id for one in sorted(screens, key=lambda one: (one.published_at, one.id))]


def _violation(room: Room, participant: Participant, enforced: bool) -> ViolationFound:
    return ViolationFound(
        policy=SCREEN_SHARE,
        participant=participant.id,
        user=participant.user,
        reason="wrong_share",
        stream=wrong_shares(room, participant)[0],
        enforced=enforced,
    )


def _remedied(room: Room, violation: Violation, remedy: Remedy, now: int) -> Iterator[Proposal]:
    """The order for what was found; while it is being carried out, and once it was, there is none."""
    who, slot = violation.participant, (SCREEN_SHARE, violation.participant, violation.stream, violation.found_at)
    tries = attempt(room, who, now) if remedy == "disconnect" else _attempt(room, violation, remedy, now)
    if tries is not None:
        yield Proposal(_order(violation, remedy), POLICY, (*slot, tries))


def _order(violation: Violation, remedy: Remedy) -> Command:
    match remedy:
        case "stop":
            return StreamStopRequested(participant=violation.participant, stream=violation.stream, reason="wrong_share")
        case "mute":
            return MuteRequested(participant=violation.participant)
        case _:
            return DisconnectRequested(participant=violation.participant, reason="wrong_share")


def _attempt(room: Room, violation: Violation, remedy: Remedy, now: int) -> int | None:
    """Which attempt is due: unlike a disconnect, what was done once is not done again, whether or not it helped."""
    order = (_COMMAND_OF[remedy], violation.participant)
    if any((one.command, one.target) == order for one in room.pending):
        return None
    failure = next((one for one in room.failures if (one.command, one.target) == order), None)
    if violation.attempts and (failure is None or now < retry_at(failure)):
        return None
    return violation.attempts


def _does(action: str, capabilities: Mapping[str, Capability]) -> bool:
    capability = capabilities.get(action)
    return capability is not None and capability.by == "provider"
