"""Moves the end that a platform keeps, and brings what the platform then says, in the name of who asked."""

from msgspec.structs import replace

from moderator.domain import events as e
from moderator.domain.deadlines import platforms_end
from moderator.domain.ids import derive_event_id
from moderator.domain.kinds import Decision
from moderator.domain.rooms import Room
from moderator.domain.stays import Stay
from moderator.gateway.commands.confirmations import Shown, learned
from moderator.gateway.commands.targets import target_of
from moderator.gateway.commands.trying import CommandFailed
from moderator.gateway.platforms.sources import LiveSource
from moderator.providers.errors import Moved, Rejected


async def move_end(
    source: LiveSource, event: e.Event, data: e.ExtensionRequested, room: Room, stay: Stay | None
) -> Shown:
    """The new end is known when this returns. Raises ProviderError, or CommandFailed when somebody was quicker."""
    expected = room.deadline.reported_ends_at if room.deadline else None
    told = room.reported_end.ends_at if room.reported_end else None
    try:
        # What we ask for may have been done already, before we were started anew.
        if told != expected and not _is_there(told, data.ends_at):
            raise Moved("the platform moved the end meanwhile", told)
        said = await source.provider.extend(target_of(room, None), expected, data.ends_at)
    except Moved as moved:
        why = "the end was moved on the platform meanwhile"
        raise CommandFailed("conflict", why, (_told(source, event, room, moved.ends_at),)) from moved
    if said == expected:
        raise Rejected("The platform accepted it, but left the end where it was.")
    return Shown(facts=(_told(source, event, room, said), _moved(source, event, data, room, expected, said)))


def _is_there(told: int | None, wanted: int) -> bool:
    """Platforms count whole seconds, and round up."""
    return told is not None and 0 <= told - wanted < 1000


def _told(source: LiveSource, event: e.Event, room: Room, ends_at: int | None) -> e.Event:
    """Newer than all that the platform told before, also by a clock that is a little behind its own."""
    at = max(source.platform_now, room.reported_end.at + 1 if room.reported_end else 0)
    return learned(source, event, e.DeadlineReported(ends_at=ends_at), at)


def _moved(
    source: LiveSource, event: e.Event, data: e.ExtensionRequested, room: Room, before: int | None, said: int
) -> e.Event:
    """The new deadline as the platform says it is, whatever was asked for."""
    moved: Decision
    if before is None:
        moved = platforms_end(room, said, source.clock_offset_ms, "moderator", data.reason)
    else:
        seconds = round((said - before) / 1000)
        moved = e.DeadlineExtended(version=data.version, seconds=seconds, reported_ends_at=said, reason=data.reason)
    return replace(event, id=derive_event_id("moved", event.id), data=moved, seq=0)
