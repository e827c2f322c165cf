"""The table of commands: which call of the provider carries each out, and what shows that it was done."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.domain import events as e
from moderator.domain.ids import derive_event_id, platform_participant
from moderator.domain.kinds import Data, Decision, Outcome
from moderator.domain.rooms import Room
from moderator.domain.settings import DEFAULT_WARN_MS
from moderator.domain.stays import Stay
from moderator.gateway.confirmations import Shown, accepted, learned, participant_gone, room_gone, silenced
from moderator.gateway.ledger import Ledger
from moderator.gateway.sources import LiveSource
from moderator.providers.errors import Gone, Rejected
from moderator.providers.provider import Target

Call = Callable[[LiveSource, e.Event, Any, Room, Stay | None], Awaitable[Shown | None]]
Confirm = Callable[[Ledger, LiveSource, e.Event, Any], Awaitable[Shown]]


class Action(Struct, frozen=True):
    """How one kind of command is carried out: a call whose answer shows it was done, or else what is looked at then.

    `call` and `confirm` raise ProviderError.
    """

    call: Call
    confirm: Confirm
    confirmed: type[Outcome]
    failed: type[Outcome]


def target_of(room: Room, stay: Stay | None, streams: Sequence[str] = ()) -> Target:
    """Whom the provider has to act on."""
    return Target(
        room=room.room,
        instance=room.instance if room.instance_kept_by == "provider" else None,
        participant=platform_participant(stay.id) if stay else "",
        user=stay.user if stay else "",
        platform=stay.platform if stay else {},
        streams=tuple(streams),
    )


# --- calls ---------------------------------------------------------------------------------------------------------


async def _disconnect(
    source: LiveSource, event: e.Event, data: e.DisconnectRequested, room: Room, stay: Stay | None
) -> None:
    with contextlib.suppress(Gone):
        await source.provider.disconnect(target_of(room, stay), block=data.block)


async def _mute(source: LiveSource, event: e.Event, data: e.MuteRequested, room: Room, stay: Stay | None) -> None:
    provider = source.provider
    streams = [one.id for one in stay.streams if one.kind in provider.audible] if stay else []
    if data.mode == "mute" and not streams and not provider.mutes_people:
        raise Gone("this participant publishes no microphone")
    calls = {"mute": provider.mute, "revoke": provider.revoke, "restore": provider.restore}
    await calls[data.mode](target_of(room, stay, streams))


async def _stop_stream(
    source: LiveSource, event: e.Event, data: e.StreamStopRequested, room: Room, stay: Stay | None
) -> None:
    await source.provider.stop_stream(target_of(room, stay, [data.stream]))


async def _end(source: LiveSource, event: e.Event, data: e.RoomEndRequested, room: Room, stay: Stay | None) -> None:
    with contextlib.suppress(Gone):
        await source.provider.end_room(target_of(room, None))


async def _message(source: LiveSource, event: e.Event, data: e.MessageRequested, room: Room, stay: Stay | None) -> None:
    await source.provider.send_message(target_of(room, None), data.text)


async def _extend(
    source: LiveSource, event: e.Event, data: e.ExtensionRequested, room: Room, stay: Stay | None
) -> Shown:
    said = await source.provider.extend(target_of(room, None), data.ends_at)
    before = room.deadline.reported_ends_at if room.deadline else None
    if said == before:
        raise Rejected("The platform accepted it, but left the end where it was.")
    # Newer than all it told before, also by a clock that is a little behind the platform's.
    at = max(source.platform_now, room.reported_end.at + 1 if room.reported_end else 0)
    told = learned(source, event, e.DeadlineReported(ends_at=said), at)
    return Shown(facts=(told, _moved(source, event, room, said)))


def _moved(source: LiveSource, event: e.Event, room: Room, said: int) -> e.Event:
    """The new deadline as the platform says it is, whatever was asked for; in the name of who asked."""
    data, before = event.data, room.deadline.reported_ends_at if room.deadline else None
    assert isinstance(data, e.ExtensionRequested)
    moved: Decision
    if before is None:
        moved = e.DeadlineSet(
            version=data.version,
            ends_at=said + source.clock_offset_ms,
            kept_by="provider",
            warn_ms=room.limits.warn_ms if room.limits else DEFAULT_WARN_MS,
            reported_ends_at=said,
            basis="moderator",
            reason=data.reason,
        )
    else:
        seconds = round((said - before) / 1000)
        moved = e.DeadlineExtended(version=data.version, seconds=seconds, reported_ends_at=said, reason=data.reason)
    return replace(event, id=derive_event_id("moved", event.id), data=moved, seq=0)


ACTIONS: Final[dict[type[Data], Action]] = {
    e.ExtensionRequested: Action(_extend, accepted, e.ExtensionConfirmed, e.ExtensionFailed),
    e.DisconnectRequested: Action(_disconnect, participant_gone, e.DisconnectConfirmed, e.DisconnectFailed),
    e.MuteRequested: Action(_mute, silenced, e.MuteConfirmed, e.MuteFailed),
    e.StreamStopRequested: Action(_stop_stream, silenced, e.StreamStopConfirmed, e.StreamStopFailed),
    e.RoomEndRequested: Action(_end, room_gone, e.RoomEndConfirmed, e.RoomEndFailed),
    e.MessageRequested: Action(_message, accepted, e.MessageConfirmed, e.MessageFailed),
}
