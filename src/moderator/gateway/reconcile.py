"""Compares what a platform lists with what its webhooks told, and puts the difference to the log as facts. Each round
also asks whether webhooks still come (`silence`).

Two absences in full lists mean that somebody left; a failed or partial list changes nothing. Where a platform does not
find its rooms itself, each room that is known is a list of its own; those that end soonest come first.
"""

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from moderator.clock import Clock
from moderator.domain.events import (
    Actor,
    Event,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    RoomReconciled,
    RoomStarted,
    SourceRecovered,
    SourceSilent,
    StreamPublished,
)
from moderator.domain.ids import InstanceId, RoomId, RoomKey, SourceName, derive_event_id, seat_key
from moderator.domain.kinds import Data
from moderator.domain.rooms import Participant, Room
from moderator.gateway.ledger import Ledger
from moderator.gateway.limiter import Urgency
from moderator.gateway.sources import LiveSource
from moderator.gateway.waiting import sleep
from moderator.journal.event_log import LogError
from moderator.providers.errors import Forbidden, NotSupported, ProviderError, RateLimited, Rejected
from moderator.providers.provider import ListedParticipant, ListedRoom, Listing

logger = logging.getLogger(__name__)

SECOND_LOOK_S: Final = 2.0
FAILURES_IN_A_ROW: Final = 3
"""After so many lists that could not be read, the rest waits for the next time."""


class Reconciler:
    """Keeps the picture of one source true."""

    def __init__(
        self, source: LiveSource, ledger: Ledger, clock: Clock, on_listed: Callable[[str], None] = lambda _: None
    ) -> None:
        self._source = source
        self._ledger = ledger
        self._clock = clock
        self._on_listed = on_listed
        self._missing: dict[tuple[RoomKey, str], int] = {}
        """Participants that the last full list did not have, with the time of that list."""

    async def run(self) -> None:
        """Until cancelled: at once, then every `reconcile`; a second look follows an absence sooner."""
        while True:
            await self.reconcile()
            await self._listen()
            every_s = self._source.reconcile_ms / 1000
            await sleep(self._clock, min(SECOND_LOOK_S, every_s) if self._missing else every_s)

    async def reconcile(self) -> None:
        """Read the platform's lists once and put the differences to the log."""
        begun_at = self._clock.now_ms()
        second_look = bool(self._missing) and not self._source.provider.finds_rooms
        rooms = sorted({key.room for key, _ in self._missing}) if second_look else self._known_rooms()
        portions = self._source.portions(rooms)
        failure = await self._compare(portions)
        if second_look and failure is not None:
            self._missing = {}  # the next look is at all rooms again
        if isinstance(failure, NotSupported):
            self._source.cannot_list(str(failure))
            self._on_listed(self._source.name)
        elif failure is not None:
            await self._failed(failure)
        elif self._source.failures and (second_look or not portions):
            return  # what failed was not asked for again
        elif not portions:
            self._on_listed(self._source.name)  # nobody was asked, so nothing was heard either
        else:
            if self._source.listed(begun_at):
                await self._append([self._source.notice(SourceRecovered(), self._clock.now_ms())])
            self._on_listed(self._source.name)

    async def _listen(self) -> None:
        """Notice that no webhooks come."""
        occupied = sum(room.people > 0 for room in self._live_rooms(None))
        if self._source.listen(occupied):
            detail = self._source.hearing.detail
            logger.info("%s: %s", self._source.name, detail)
            await self._append([self._source.notice(SourceSilent(detail=detail), self._clock.now_ms())])

    async def _compare(self, portions: Iterable[Sequence[str]]) -> ProviderError | None:
        """Read these lists, and put the differences to the log; the error says what could not be read."""
        failure, in_a_row = None, 0
        for asked in portions:
            listing = await self._list(asked)
            if isinstance(listing, Rejected) and not self._source.provider.finds_rooms:
                in_a_row = 0
                logger.info("%s: the list of room %s was refused: %s", self._source.name, asked[0], listing)
                continue  # this room's fault; the account answers
            if isinstance(listing, ProviderError):
                failure, in_a_row = listing, in_a_row + 1
                if in_a_row >= FAILURES_IN_A_ROW or isinstance(listing, Forbidden | NotSupported | RateLimited):
                    break
                continue
            in_a_row = 0
            if not listing.complete:
                failure = ProviderError("the platform's list was incomplete")
            # In the platform's time, as its webhooks are: a leave that it reports later must not sort before this.
            taken_at = listing.taken_at - self._source.clock_offset_ms
            differences = self._differences(replace(listing, taken_at=taken_at), asked)
            self._miss(differences, listing.lag_ms)
            await self._append(differences)
        return failure

    def _miss(self, differences: Iterable[Event], lag_ms: int) -> None:
        """Who came or went without a webhook. When exactly is not known of all: some time since the list before."""
        for event in differences:
            match event.data:
                case ParticipantJoined(inferred=False):
                    unsure_ms = 0
                case ParticipantJoined() | ParticipantLeft():
                    unsure_ms = self._source.reconcile_ms + lag_ms
                case _:
                    continue
            at = event.at + self._source.clock_offset_ms
            self._source.hearing.miss(at - unsure_ms, at)

    async def _list(self, asked: Sequence[str]) -> Listing | ProviderError:
        try:
            return await self._source.list_rooms(Urgency.LISTING, asked)
        except ProviderError as error:
            return error
        except Exception:
            logger.exception("the list of %s could not be read", self._source.name)
            return ProviderError("the gateway's code for this platform failed; see its log")

    def _differences(self, listing: Listing, asked: Sequence[str]) -> list[Event]:
        events: list[Event] = []
        for room in listing.rooms:
            events += self._news_of(room, listing.taken_at)
        if listing.complete:
            events += self._departures(listing, asked)
        return events

    def _news_of(self, listed: ListedRoom, taken_at: int) -> Iterator[Event]:
        key = RoomKey(SourceName(self._source.name), RoomId(listed.room))
        room = self._ledger.room(key)
        live = room if room is not None and room.state == "live" else None
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
        elif (name and name != known.name) or (role and role != known.role):
            yield self._fact(room, ParticipantUpdated(participant=id_, name=name, role=role), taken_at)
        shown = {stream.id for stream in known.streams} if known else set()
        for stream in listed.streams or ():
            if stream.stream not in shown:
                published = StreamPublished(participant=id_, stream=stream.stream, kind=stream.kind, name=stream.name)
                yield self._fact(room, published, taken_at)

    def _departures(self, listing: Listing, asked: Sequence[str]) -> Iterator[Event]:
        listed, taken_at = {room.room: room for room in listing.rooms}, listing.taken_at
        scope = None if self._source.provider.finds_rooms else set(asked)
        missing = {
            (room.key, seat_key(one.id))
            for room in self._live_rooms(scope)
            for one in room.here()
            if one.joined_at < taken_at - listing.lag_ms and not _has(listed.get(room.room), seat_key(one.id))
        }
        twice = {one: self._missing[one] for one in missing if one in self._missing}
        elsewhere = {} if scope is None else {one: at for one, at in self._missing.items() if one[0].room not in scope}
        self._missing = elsewhere | dict.fromkeys(missing - twice.keys(), taken_at)
        rooms: dict[RoomKey, int] = {}
        for (key, participant), first_missed_at in sorted(twice.items()):
            rooms[key] = rooms.get(key, 0) + 1
            left = ParticipantLeft(participant=participant, reason="reconciled", inferred=True)
            yield self._fact(ListedRoom(room=key.room), left, first_missed_at)
        for key, removed in rooms.items():
            yield self._fact(ListedRoom(room=key.room), RoomReconciled(removed=removed), taken_at)

    def _known_rooms(self) -> list[str]:
        """Those that end soonest first."""
        rooms = self._live_rooms(None)
        rooms.sort(key=lambda room: room.deadline.ends_at if room.deadline else math.inf)
        return [room.room for room in rooms]

    def _live_rooms(self, scope: Iterable[str] | None) -> list[Room]:
        """All, or those of these ids."""
        source, rooms = SourceName(self._source.name), self._ledger.state.rooms
        if scope is None:
            keys = [key for key in rooms if key.source == source]
        else:
            keys = [RoomKey(source, RoomId(room)) for room in scope]
        return [room for key in keys if (room := self._ledger.room(key)) and room.state == "live"]

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

    async def _failed(self, error: ProviderError) -> None:
        if isinstance(error, RateLimited) and error.retry_after_s:
            self._source.limiter.pause(error.retry_after_s)
        problem = str(error) or "the platform could not be asked"
        if self._source.failed(problem):
            logger.info("%s: %s", self._source.name, problem)
            await self._append([self._source.notice(SourceSilent(detail=problem), self._clock.now_ms())])

    async def _append(self, events: list[Event]) -> None:
        if not events:
            return
        try:
            await self._ledger.read_back(await self._ledger.append(events))
        except LogError as error:
            logger.error("what %s lists could not be stored: %s", self._source.name, error)


def _has(room: ListedRoom | None, participant: str) -> bool:
    return room is not None and any(one.participant == participant for one in room.participants)
