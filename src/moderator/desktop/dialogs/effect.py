"""What a disconnect leads to on this platform: said before it is done. Pure."""

from collections.abc import Sequence
from typing import Final

from moderator.client.texts import safe
from moderator.desktop.reasons import REASONS
from moderator.domain.kinds import Reason
from moderator.domain.rooms import Participant, Room
from moderator.domain.settings import Capability
from moderator.language import tr

_NOBODY: Final = Capability(None)


def cannot_block(room: Room, connections: Sequence[Participant]) -> str:
    """Why this person cannot be kept out; empty when that is possible."""
    if not any(one.user for one in connections):
        return tr("Cannot be blocked: no identity is known.")
    block = room.capabilities.get("block", _NOBODY)
    if block.by:
        return ""
    if not block.why:
        return tr("Cannot be blocked: this platform has no way.")
    return tr("Cannot be blocked: {why}.").format(why=safe(block.why).rstrip("."))


def remark(room: Room) -> str:
    """What has to be known of removing somebody on this platform; empty where it is as one expects."""
    why = safe(room.capabilities.get("disconnect", _NOBODY).why).strip().rstrip(".")
    return f"{why[:1].upper()}{why[1:]}." if why else ""


def effect(room: Room, connections: Sequence[Participant], *, block: bool | int) -> str:
    """What follows for somebody with these connections. `block` as in the order: seconds, or True for good."""
    if block is False or cannot_block(room, connections):
        return tr("Can rejoin with the same link.")
    if block is True and room.capabilities["block"].by == "provider":  # no platform lets go by itself
        return tr("Cannot rejoin: the platform refuses them.")
    return tr("Re-disconnected by the gateway when coming back.")


def preselected(room: Room, connections: Sequence[Participant]) -> Reason:
    """The reason that policy found; without one, none that accuses anybody: what nobody chose stands in the audit."""
    ids = {one.id for one in connections}
    found = next((one.reason for one in room.violations if one.participant in ids), "other")
    return next((reason for reason in REASONS if reason == found), "other")
