"""Reads a platform's lists, and puts what they show and its webhooks did not tell (`differences`) to the log. Each
round also asks whether webhooks still come (`silence`).

Where a platform does not find its rooms itself, each room that is known is a list of its own; those that end soonest
come first.
"""

import logging
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from moderator.clock import Clock
from moderator.domain.events import (
    Event,
    ParticipantJoined,
    ParticipantLeft,
    RoomEnded,
    SourceSilent,
)
from moderator.gateway.ledger import Ledger
from moderator.gateway.measures import timed
from moderator.gateway.platforms.differences import Differences, live_rooms
from moderator.gateway.platforms.limiter import Urgency
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.waiting import sleep
from moderator.journal.event_log import LogError
from moderator.providers.errors import Forbidden, NotSupported, ProviderError, RateLimited, Rejected
from moderator.providers.provider import Listing

logger = logging.getLogger(__name__)

MOST_EVENTS: Final = 250
"""In one entry: a log on servers takes none of more than 1 MB, and a list may tell of thousands of people."""
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
        self._differences = Differences(source, ledger)
        self._silence_told = 0
        """The newest that was written down, by its name."""

    async def run(self) -> None:
        """Until cancelled: at once, then every `reconcile`; a second look follows an absence sooner."""
        while True:
            with timed(self._clock, self._source.measures.list_seconds):
                await self.reconcile()
            await self._listen()
            every_s = self._source.reconcile_ms / 1000
            await sleep(self._clock, min(SECOND_LOOK_S, every_s) if self._differences.missing else every_s)

    async def reconcile(self) -> None:
        """Read the platform's lists once and put the differences to the log."""
        begun_at = self._clock.now_ms()
        second_look = bool(self._differences.missing) and not self._source.provider.finds_rooms
        rooms = sorted({key.room for key, _ in self._differences.missing}) if second_look else self._known_rooms()
        portions = self._source.portions(rooms)
        failure = await self._compare(portions)
        if second_look and failure is not None:
            self._differences.missing = {}  # the next look is at all rooms again
        if isinstance(failure, NotSupported):
            self._source.cannot_list(str(failure))
            self._on_listed(self._source.name)
        elif failure is not None:
            self._source.heed(failure)
            self._source.failed(str(failure) or "the platform could not be asked")
        elif self._source.failures and (second_look or not portions):
            return  # what failed was not asked for again
        elif not portions:
            self._on_listed(self._source.name)  # nobody was asked, so nothing was heard either
        else:
            self._source.listed(begun_at)
            self._on_listed(self._source.name)

    async def _listen(self) -> None:
        """Notice that no webhooks come, or that another gateway was told something by one."""
        now, hearing = self._clock.now_ms(), self._source.hearing
        if hearing.is_over and await self._tell_silence() and await self._append(self._source.recovery(now)):
            hearing.recover()
        occupied = sum(room.people > 0 for room in live_rooms(self._ledger, self._source.name))
        if self._source.listen(occupied):
            logger.info("%s: %s", self._source.name, hearing.detail, extra={"source": self._source.name})
        await self._tell_silence()

    async def _tell_silence(self) -> bool:
        """Whether it is written down, if no webhooks come; what could not be stored is told the next time."""
        hearing = self._source.hearing
        if hearing.silent_since is not None and self._silence_told != hearing.episode:
            silent = SourceSilent(detail=hearing.detail)
            if not await self._append([self._source.notice(silent, hearing.silent_since, of=hearing.episode)]):
                return False
            self._silence_told = hearing.episode
        return True

    async def _compare(self, portions: Iterable[Sequence[str]]) -> ProviderError | None:
        """Read these lists, and put the differences to the log; the error says what could not be read."""
        failure, in_a_row = None, 0
        for asked in portions:
            listing = await self._list(asked)
            if isinstance(listing, Rejected) and not self._source.provider.finds_rooms:
                in_a_row = 0
                logger.info(
                    "%s: the list of room %s was refused: %s",
                    self._source.name,
                    asked[0],
                    listing,
                    extra={"source": self._source.name},
                )
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
            differences = self._differences.of(replace(listing, taken_at=taken_at), asked)
            self._miss(differences, listing.lag_ms)
            await self._append(differences)
        return failure

    def _miss(self, differences: Iterable[Event], lag_ms: int) -> None:
        """Who came or went without a webhook. When exactly is not known of all: some time since the list before."""
        for event in differences:
            match event.data:
                case ParticipantJoined(inferred=False):
                    unsure_ms = 0
                case ParticipantJoined() | ParticipantLeft() | RoomEnded():
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
            logger.exception("the list of %s could not be read", self._source.name, extra={"source": self._source.name})
            return ProviderError("the gateway's code for this platform failed; see its log")

    def _known_rooms(self) -> list[str]:
        """Those that end soonest first."""
        rooms = live_rooms(self._ledger, self._source.name)
        rooms.sort(key=lambda room: room.deadline.ends_at if room.deadline else math.inf)
        return [room.room for room in rooms]

    async def _append(self, events: list[Event]) -> bool:
        """Whether they are stored."""
        try:
            for start in range(0, len(events), MOST_EVENTS):
                await self._ledger.read_back(await self._ledger.append(events[start : start + MOST_EVENTS]))
        except LogError as error:
            logger.error(
                "what %s lists could not be stored: %s", self._source.name, error, extra={"source": self._source.name}
            )
            return False
        return True
