"""What a platform's list shows and the picture does not: the difference, as facts. Nothing is asked or stored here.

Two absences in full lists mean that somebody left; of a partial list only what it shows counts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import UNSET
from msgspec.structs import replace

from moderator.domain.events import (
    Actor,
    CapabilitiesReported,
    DeadlineReported,
    Event,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    RoomEnded,
    RoomReconciled,
    RoomStarted,
    StreamPublished,
    StreamUnpublished,
    StreamUpdated,
)
from moderator.domain.ids import InstanceId, RoomId, RoomKey, SourceName, derive_event_id, seat_key
from moderator.domain.kinds import Data
from moderator.domain.rooms import Participant, Room, Stream
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.sources import LiveSource
from moderator.providers.provider import ListedParticipant, ListedRoom, ListedStream, Listing


class Differences:
    """Between the lists of one source and the picture; remembers who was missing in the last one."""

    def __init__(self, source: LiveSource, ledger: Ledger) -> None:
        self._source = source
        self._ledger = ledger
        self.missing: dict[tuple[RoomKey, str], int] = {}
        """Whom the last full list did not have, with the time of that list; "" stands for the room itself."""

    def of(self, listing: Listing, asked: Sequence[str]) -> list[Event]:
        """The differences, in the order in which they are to be told. `asked`: the rooms that the list is about."""
        events: list[Event] = []
        for room in listing.rooms:
            events += self._news_of(room, listing.taken_at, listing.taken_at - listing.lag_ms)
        if listing.complete:
            events += self._departures(listing, asked)
        return events

    def _news_of(self, listed: ListedRoom, taken_at: int, since: int) -> Iterator[Event]:
        """`since` is the least time of what the list says, where it lags."""
        key = RoomKey(SourceName(self._source.name), RoomId(listed.room))
        room = self._ledger.room(key)
        if room is not None and room.instance == listed.instance and _is_over(room):
            return  # it ended while the list was on its way
        live = room if room is not None and not _is_over(room) and _is_listed(room, listed) else None
        here = {seat_key(one.id): one for one in live.here()} if live else {}
        if listed.name and listed.participants and (live is None or live.name != listed.name):
            yield self._fact(listed, RoomStarted(name=listed.name), taken_at)
        gone = {seat_key(one.id): one.left_at or 0 for one in live.participants if not one.here} if live else {}
        added = [one for one in listed.participants if one.participant not in here]
        for one in listed.participants:
            joined_before = one.joined_at is not None and one.joined_at <= gone.get(one.participant, -1)
            # Of who left after that join, the join is known: being there still is the news.
            participant = replace(one, joined_at=None) if joined_before else one
            yield from self._news_of_participant(listed, participant, here.get(one.participant), taken_at)
        if listed.participants or live:
            yield from self._news_of_rules(listed, live, since)
        if added:
            yield self._fact(listed, RoomReconciled(added=len(added)), taken_at)

    def _news_of_participant(
        self, room: ListedRoom, listed: ListedParticipant, known: Participant | None, taken_at: int
    ) -> Iterator[Event]:
        id_, user, name, role = listed.participant, listed.user, listed.name, listed.role
        if known is None:
            joined = ParticipantJoined(
                participant=id_,
                user=user,
                name=name,
                role=role,
                data=listed.data,
                inferred=listed.joined_at is None,
                platform=listed.platform,
            )
            yield self._fact(room, joined, taken_at if listed.joined_at is None else listed.joined_at)
        elif any(told and told != was for told, was in zip((user, name, role), _who(known), strict=True)):
            yield self._fact(room, ParticipantUpdated(participant=id_, user=user, name=name, role=role), taken_at)
        if listed.streams is not None:
            for data in _news_of_streams(id_, listed.streams, known.streams if known else (), taken_at):
                yield self._fact(room, data, taken_at)

    def _news_of_rules(self, listed: ListedRoom, live: Room | None, since: int) -> Iterator[Event]:
        """What the platform keeps, or does not allow, for a room."""
        told = live.reported_end if live else None
        if listed.ends_at is not UNSET and (told is None or told.ends_at != listed.ends_at):
            yield self._fact(listed, DeadlineReported(ends_at=listed.ends_at), since)
        if listed.unavailable is not None:
            state = self._ledger.state.rooms.get(RoomKey(SourceName(self._source.name), RoomId(listed.room)))
            known = state.unavailable.actions if state and state.unavailable else {}
            if listed.unavailable != known:
                yield self._fact(listed, CapabilitiesReported(unavailable=listed.unavailable), since)

    def _departures(self, listing: Listing, asked: Sequence[str]) -> Iterator[Event]:
        listed, taken_at = {room.room: room for room in listing.rooms}, listing.taken_at
        scope = None if self._source.provider.finds_rooms else set(asked)
        live = live_rooms(self._ledger, self._source.name, scope)
        missing = {
            (room.key, gone)
            for room in live
            for gone in _missing_of(room, listed.get(room.room), taken_at - listing.lag_ms)
        }
        twice = {one: self.missing[one] for one in missing if one in self.missing}
        elsewhere = {} if scope is None else {one: at for one, at in self.missing.items() if one[0].room not in scope}
        self.missing = elsewhere | dict.fromkeys(missing - twice.keys(), taken_at)
        instances = {room.key: room.instance for room in live if room.instance_kept_by == "provider"}
        removed: Counter[RoomKey] = Counter()
        for (key, participant), first_missed_at in sorted(twice.items()):
            gone: Data = RoomEnded(reason="reconciled", inferred=True)
            if participant:
                removed[key] += 1
                gone = ParticipantLeft(participant=participant, reason="reconciled", inferred=True)
            yield self._fact(ListedRoom(room=key.room, instance=instances.get(key)), gone, first_missed_at)
        for key, count in removed.items():
            reconciled = RoomReconciled(removed=count)
            yield self._fact(ListedRoom(room=key.room, instance=instances.get(key)), reconciled, taken_at)

    def _fact(self, room: ListedRoom, data: Data, at: int) -> Event:
        id_ = derive_event_id(self._source.name, room.room, room.instance, type(data).__name__, at, repr(data))
        return Event(
            id=id_,
            source=SourceName(self._source.name),
            room=RoomId(room.room),
            instance=InstanceId(room.instance) if room.instance else None,
            at=at,
            actor=Actor("provider", self._source.provider_name),
            data=data,
        )


def live_rooms(ledger: Ledger, source_name: str, scope: Iterable[str] | None = None) -> list[Room]:
    """The live rooms of a source: all, or those of these ids."""
    source, rooms = SourceName(source_name), ledger.state.rooms
    if scope is None:
        keys = [key for key in rooms if key.source == source]
    else:
        keys = [RoomKey(source, RoomId(room)) for room in scope]
    return [room for key in keys if (room := ledger.room(key)) and room.state == "live"]


def _who(known: Participant) -> tuple[str, str, str]:
    return known.user, known.name, known.role


def _is_over(room: Room) -> bool:
    """Whether it has ended by more than lists, which may have been wrong."""
    return room.state == "ended" and not room.end_is_inferred


def _is_listed(room: Room, listed: ListedRoom) -> bool:
    """Whether what is listed is this instance of the room, and not one before or after it."""
    return room.instance_kept_by == "gateway" or listed.instance in (None, room.instance)


def _missing_of(room: Room, listed: ListedRoom | None, since: int) -> list[str]:
    """Who was there before `since`, and is not in the list; "" for an instance of the platform's that is over."""
    if room.instance_kept_by == "provider" and (listed is None or not _is_listed(room, listed)):
        return [""] if (room.started_at or 0) < since else []
    if listed is not None and not listed.complete:
        return []
    shown = {one.participant for one in listed.participants} if listed else set()
    here = ((seat_key(one.id), one.joined_at) for one in room.here())
    return [key for key, joined_at in here if joined_at < since and key not in shown]


def _news_of_streams(
    participant: str, listed: Sequence[ListedStream], known: Sequence[Stream], taken_at: int
) -> Iterator[Data]:
    """What somebody publishes by the list, and did not, or not so, by what is known."""
    shown = {one.id: one for one in known}
    for one in listed:
        before = shown.pop(one.stream, None)
        if before is None:
            yield StreamPublished(participant=participant, stream=one.stream, kind=one.kind, name=one.name)
        if one.muted is not None and one.muted != bool(before and before.muted):
            yield StreamUpdated(participant=participant, stream=one.stream, muted=one.muted)
    for stream in shown.values():
        if stream.published_at < taken_at:
            yield StreamUnpublished(participant=participant, stream=stream.id, reason="reconciled")
