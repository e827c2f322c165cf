"""What shows that a command was done: the platform tells of it, or else its list shows it.

Each function waits for one kind of command, and raises ProviderError where it was not done after all.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from moderator.domain import events as e
from moderator.domain.ids import RoomKey, derive_event_id, seat_key
from moderator.domain.instances import named_by_platform
from moderator.domain.kinds import Command, Fact
from moderator.domain.presence import EVERYBODY
from moderator.domain.rooms import Stream
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.sources import LiveSource
from moderator.providers.errors import NotSupported, ProviderError, Unavailable
from moderator.providers.provider import ListedParticipant, Listing

SHOWN_WITHIN_S: Final = 3.0
"""Platforms tell of a removal within milliseconds; after this long the platform's list is asked."""


class Shown(Struct, frozen=True):
    """What shows that a command was done: a sentence where it is not plain, and facts that were learned on the way."""

    why: str = ""
    facts: tuple[e.Event, ...] = ()
    told: bool | None = None
    """Of a disconnect: whether the person was told why."""


async def participant_gone(ledger: Ledger, source: LiveSource, event: e.Event, data: e.DisconnectRequested) -> Shown:
    """Who was disconnected has left."""

    def gone() -> bool:
        stay = ledger.state.stay(_key(event), data.participant)
        return stay is None or not stay.here

    if await ledger.until(_key(event), gone, SHOWN_WITHIN_S):
        return Shown()
    listing = await _list(source, event)
    if seat_key(data.participant) in _people(listing, event):
        raise Unavailable("the platform accepted the disconnect, but the participant is still in the room")
    _must_be_complete(listing, event)
    left = e.ParticipantLeft(participant=seat_key(data.participant), reason="reconciled", inferred=True)
    why = "missing in the platform's list; the platform reported no leave"
    return Shown(why, (learned(source, event, left, listing.taken_at - source.clock_offset_ms),))


async def room_gone(ledger: Ledger, source: LiveSource, event: e.Event, data: e.RoomEndRequested) -> Shown:
    """Nobody is there any more."""

    def ended() -> bool:
        room = ledger.room(_key(event))
        return room is None or room.instance != event.instance or room.state == "ended" or not room.people

    if await ledger.until(_key(event), ended, SHOWN_WITHIN_S):
        return Shown()
    listing = await _list(source, event)
    if _people(listing, event):
        raise Unavailable("the platform accepted the end, but people are still in the room")
    _must_be_complete(listing, event)
    why = "missing in the platform's list; the platform reported no end"
    # An instance of ours goes on with its appointment: who comes back finds the same deadline.
    by_platform = event.instance is not None and named_by_platform(event.instance)
    left = e.ParticipantLeft(participant=EVERYBODY, reason="reconciled", inferred=True)
    end = e.RoomEnded(reason="reconciled", inferred=True) if by_platform else left
    return Shown(why, (learned(source, event, end, listing.taken_at - source.clock_offset_ms),))


async def silenced(
    ledger: Ledger, source: LiveSource, event: e.Event, data: e.MuteRequested | e.StreamStopRequested
) -> Shown:
    """Nothing of what was meant is to be heard or seen any more. (What was given back may stay off.)"""
    if isinstance(data, e.MuteRequested) and data.mode == "restore":
        return await accepted(ledger, source, event, data)
    key = _key(event)

    def meant() -> list[Stream]:
        stay = ledger.state.stay(key, data.participant)
        streams = stay.streams if stay else ()
        if isinstance(data, e.StreamStopRequested):
            return [one for one in streams if one.id == data.stream]
        return [one for one in streams if one.kind in source.provider.audible]

    def sounding() -> list[str]:
        return [one.id for one in meant() if not one.muted]

    if source.provider.mutes_people and not meant() and isinstance(data, e.MuteRequested):
        return await accepted(ledger, source, event, data)  # what they publish, if anything, is not known here
    if await ledger.until(key, lambda: not sounding(), SHOWN_WITHIN_S):
        return Shown()
    try:
        facts = await _silence_in_list(source, event, data.participant, sounding())
    except ProviderError as error:
        return Shown(f"accepted by the platform, which has not shown the effect: {error}")
    return Shown("" if facts else "accepted by the platform, which has not shown the effect", facts)


async def _silence_in_list(
    source: LiveSource, event: e.Event, participant: str, streams: Sequence[str]
) -> tuple[e.Event, ...]:
    """What the platform's list says of these streams: that they are muted or gone; nothing unless it is so of all.

    Raises ProviderError.
    """
    listing, key = await _list(source, event), seat_key(participant)
    listed = next((one for one in _listed(listing, event) if one.participant == key), None)
    if listed is None or listed.streams is None:
        return ()
    shown = {one.stream: one.muted for one in listed.streams}
    if not all(shown.get(stream, True) for stream in streams):
        return ()
    at = listing.taken_at - source.clock_offset_ms
    news = (
        e.StreamUpdated(participant=key, stream=one, muted=True)
        if one in shown
        else e.StreamUnpublished(participant=key, stream=one, reason="reconciled")
        for one in streams
    )
    return tuple(learned(source, event, data, at) for data in news)


async def accepted(ledger: Ledger, source: LiveSource, event: e.Event, data: Command) -> Shown:
    """There is nothing to look at."""
    return Shown("accepted by the platform, which does not report the effect")


async def _list(source: LiveSource, event: e.Event) -> Listing:
    if not source.lists:
        raise NotSupported("the platform accepted it, but shows no effect and cannot be asked")
    return await source.list_once(_key(event).room)


def _listed(listing: Listing, event: e.Event) -> list[ListedParticipant]:
    return [found for room in listing.rooms if room.room == event.room for found in room.participants]


def _people(listing: Listing, event: e.Event) -> set[str]:
    return {found.participant for found in _listed(listing, event)}


def _must_be_complete(listing: Listing, event: e.Event) -> None:
    if not listing.complete or any(not room.complete for room in listing.rooms if room.room == event.room):
        raise Unavailable("the platform accepted it, but its list is incomplete and does not show the effect")


def learned(source: LiveSource, event: e.Event, data: Fact, at: int) -> e.Event:
    """What the platform showed, in its own time."""
    return e.Event(
        id=derive_event_id("learned", event.id, at, repr(data)),
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
