"""Whom a provider has to act on, out of what is known of a room and of somebody in it."""

from collections.abc import Sequence

from moderator.domain.ids import platform_participant
from moderator.domain.rooms import Room
from moderator.domain.stays import Stay
from moderator.providers.provider import Target


def target_of(room: Room, stay: Stay | None, streams: Sequence[str] = ()) -> Target:
    """The room, or one participant of it, in the platform's own ids."""
    return Target(
        room=room.room,
        instance=room.instance if room.instance_kept_by == "provider" else None,
        participant=platform_participant(stay.id) if stay else "",
        user=stay.user if stay else "",
        platform=stay.platform if stay else {},
        streams=tuple(streams),
    )
