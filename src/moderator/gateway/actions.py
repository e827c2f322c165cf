"""The table of commands: which call of the provider carries each out, and what shows that it was done."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.domain import events as e
from moderator.domain.ids import RoomKey, derive_event_id, platform_participant, seat_key
from moderator.domain.kinds import Command, Data, Decision, Fact, Outcome
from moderator.domain.rooms import Room, Stream
from moderator.domain.settings import DEFAULT_WARN_MS
from moderator.domain.stays import Stay
from moderator.gateway.ledger import Ledger
from moderator.gateway.sources import LiveSource
from moderator.providers.errors import Gone, NotSupported, Rejected, Unavailable
from moderator.providers.provider import Listing, Provider, Target

SHOWN_WITHIN_S: Final = 3.0
"""Platforms tell of a removal within milliseconds; after this long the platform's list is asked."""

Call = Callable[[LiveSource, e.Event, Any, Room, Stay | None], Awaitable["Shown | None"]]
Confirm = Callable[[Ledger, LiveSource, e.Event, Any], Awaitable["Shown"]]


class Shown(Struct, frozen=True):
    """What shows that a command was done: a sentence where it is not plain, and facts that were learned on the way."""

    why: str = ""
    facts: tuple[e.Event, ...] = ()


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
    if data.mode == "mute" and not streams:
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
    told = _learned(source, event, e.DeadlineReported(ends_at=said), at)
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


# --- confirmations -------------------------------------------------------------------------------------------------


async def _participant_gone(ledger: Ledger, source: LiveSource, event: e.Event, data: e.DisconnectRequested) -> Shown:
    def gone() -> bool:
        stay = ledger.state.stay(_key(event), data.participant)
        return stay is None or not stay.here

    if await ledger.until(_key(event), gone, SHOWN_WITHIN_S):
        return Shown()
    listing = await _list(source, event)
    if seat_key(data.participant) in _people(listing, event):
        raise Unavailable("the platform accepted the disconnect, but the participant is still in the room")
    _must_be_complete(listing)
    left = e.ParticipantLeft(participant=seat_key(data.participant), reason="reconciled", inferred=True)
    why = "missing in the platform's list; the platform reported no leave"
    return Shown(why, (_learned(source, event, left, listing.taken_at - source.clock_offset_ms),))


async def _room_gone(ledger: Ledger, source: LiveSource, event: e.Event, data: e.RoomEndRequested) -> Shown:
    def ended() -> bool:
        room = ledger.room(_key(event))
        return room is None or room.instance != event.instance or room.state == "ended" or not room.people

    if await ledger.until(_key(event), ended, SHOWN_WITHIN_S):
        return Shown()
    listing = await _list(source, event)
    if _people(listing, event):
        raise Unavailable("the platform accepted the end, but people are still in the room")
    _must_be_complete(listing)
    why = "missing in the platform's list; the platform reported no end"
    end = e.RoomEnded(reason="reconciled")
    return Shown(why, (_learned(source, event, end, listing.taken_at - source.clock_offset_ms),))


async def _silenced(
    ledger: Ledger, source: LiveSource, event: e.Event, data: e.MuteRequested | e.StreamStopRequested
) -> Shown:
    if isinstance(data, e.MuteRequested) and data.mode != "mute":
        return await _accepted(ledger, source, event, data)

    def silent() -> bool:
        stay = ledger.state.stay(_key(event), data.participant)
        return stay is None or all(stream.muted for stream in stay.streams if _is_meant(stream, data, source.provider))

    shown = await ledger.until(_key(event), silent, SHOWN_WITHIN_S)
    return Shown() if shown else Shown("accepted by the platform, which has not reported the effect")


def _is_meant(stream: Stream, data: e.MuteRequested | e.StreamStopRequested, provider: Provider) -> bool:
    return stream.id == data.stream if isinstance(data, e.StreamStopRequested) else stream.kind in provider.audible


async def _accepted(ledger: Ledger, source: LiveSource, event: e.Event, data: Command) -> Shown:
    return Shown("accepted by the platform, which does not report the effect")


async def _list(source: LiveSource, event: e.Event) -> Listing:
    if not source.lists:
        raise NotSupported("the platform accepted it, but shows no effect and cannot be asked")
    return await source.list_once(_key(event).room)


def _people(listing: Listing, event: e.Event) -> set[str]:
    return {found.participant for room in listing.rooms if room.room == event.room for found in room.participants}


def _must_be_complete(listing: Listing) -> None:
    if not listing.complete:
        raise Unavailable("the platform accepted it, but its list is incomplete and does not show the effect")


def _learned(source: LiveSource, event: e.Event, data: Fact, at: int) -> e.Event:
    """What the platform showed, in its own time."""
    return e.Event(
        id=derive_event_id("learned", event.id, at),
        source=event.source,
        room=event.room,
        instance=event.instance,
        at=at,
        actor=e.Actor("provider", source.provider_name),
        data=data,
    )


def _key(event: e.Event) -> RoomKey:
    assert event.key is not None
    return event.key


ACTIONS: Final[dict[type[Data], Action]] = {
    e.ExtensionRequested: Action(_extend, _accepted, e.ExtensionConfirmed, e.ExtensionFailed),
    e.DisconnectRequested: Action(_disconnect, _participant_gone, e.DisconnectConfirmed, e.DisconnectFailed),
    e.MuteRequested: Action(_mute, _silenced, e.MuteConfirmed, e.MuteFailed),
    e.StreamStopRequested: Action(_stop_stream, _silenced, e.StreamStopConfirmed, e.StreamStopFailed),
    e.RoomEndRequested: Action(_end, _room_gone, e.RoomEndConfirmed, e.RoomEndFailed),
    e.MessageRequested: Action(_message, _accepted, e.MessageConfirmed, e.MessageFailed),
}
