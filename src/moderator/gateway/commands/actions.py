"""The table of commands: which call of the provider carries each out, and what shows that it was done."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

from msgspec import Struct

from moderator.domain import events as e
from moderator.domain.kinds import Data, Outcome
from moderator.domain.rooms import Room
from moderator.domain.stays import Stay
from moderator.gateway.commands.confirmations import Shown, accepted, participant_gone, room_gone, silenced
from moderator.gateway.commands.moving import move_end
from moderator.gateway.commands.targets import target_of
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.sources import LiveSource
from moderator.providers.errors import Gone

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
    repeatable: bool = True
    """Whether doing it twice comes to the same, so that it is tried again when nobody knows whether it was done."""


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


ACTIONS: Final[dict[type[Data], Action]] = {
    e.ExtensionRequested: Action(move_end, accepted, e.ExtensionConfirmed, e.ExtensionFailed),
    e.DisconnectRequested: Action(_disconnect, participant_gone, e.DisconnectConfirmed, e.DisconnectFailed),
    e.MuteRequested: Action(_mute, silenced, e.MuteConfirmed, e.MuteFailed),
    e.StreamStopRequested: Action(_stop_stream, silenced, e.StreamStopConfirmed, e.StreamStopFailed),
    e.RoomEndRequested: Action(_end, room_gone, e.RoomEndConfirmed, e.RoomEndFailed),
    e.MessageRequested: Action(_message, accepted, e.MessageConfirmed, e.MessageFailed, repeatable=False),
}
