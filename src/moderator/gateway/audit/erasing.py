"""Taking a person out of the log: out of its file, out of this gateway's memory, and out of every open window. Also out
of the memory and the windows of other gateways on the log, which read that it was done.
"""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from typing import Final

from moderator.clock import Clock
from moderator.domain.accounting import PersonErased
from moderator.domain.events import Actor, Entry, Event
from moderator.domain.ids import SourceName, derive_event_id
from moderator.feed.audit import Erased
from moderator.gateway.broadcast import Broadcast
from moderator.gateway.ledger import Ledger
from moderator.gateway.problems import Problem
from moderator.gateway.waiting import sleep
from moderator.journal.event_log import LogError

logger = logging.getLogger(__name__)

PSEUDONYM_BYTES: Final = 8
AFTER_FAILURE_S: Final = 5.0


class Erasing:
    """One person at a time."""

    def __init__(self, ledger: Ledger, broadcast: Broadcast, clock: Clock) -> None:
        self._ledger = ledger
        self._broadcast = broadcast
        self._clock = clock
        self._own = ""
        """The pseudonym of whom this gateway takes out now."""
        self._to_forget = asyncio.Event()
        """Somebody was taken out, and is still remembered here."""
        ledger.listen(self._on_events)

    async def run(self) -> None:
        """Until cancelled: forget whom another gateway took out, or this one and could not forget at once."""
        while True:
            await self._to_forget.wait()
            self._to_forget.clear()
            async with self._ledger.changing:
                await self._try_to_forget()
            if self._to_forget.is_set():
                await sleep(self._clock, AFTER_FAILURE_S)

    def _on_events(self, events: Sequence[Event]) -> None:
        if any(isinstance(event.data, PersonErased) and event.data.pseudonym != self._own for event in events):
            self._to_forget.set()

    async def _try_to_forget(self, seq: int = 0) -> None:
        """Once the record with this `seq` was read."""
        try:
            await self._ledger.read_back(seq)
            await self._ledger.rebuild()
            self._broadcast.restart()
        except LogError as error:
            logger.error("a person that was erased is still remembered here, which is tried again: %s", error)
            self._to_forget.set()

    async def erase(self, source: str, user: str, actor: Actor) -> Erased:
        """Take out everything that can tell who this user of this source is, for good.

        Raises Problem 409 while the person is in a room, 404 where the log knows nobody like that; LogError.
        """
        async with self._ledger.changing:
            if self._is_here(source, user):
                raise Problem(409, "person_is_here", "the person is in a room now: wait until they have left")
            pseudonym = self._own = f"erased-{secrets.token_hex(PSEUDONYM_BYTES)}"
            try:
                return await self._erase(source, user, actor, pseudonym)
            finally:
                self._own = ""
                if self._ledger.remembers_erased:  # also when nobody waits any more
                    self._to_forget.set()

    async def _erase(self, source: str, user: str, actor: Actor, pseudonym: str) -> Erased:
        found = await self._ledger.log.erase(
            source, user, pseudonym, lambda texts: self._record(source, actor, pseudonym, texts)
        )
        if found is None:
            raise Problem(404, "unknown_person", "the log knows nobody with that user id in that source")
        seq, texts = found
        await self._try_to_forget(seq)
        return Erased(seq, pseudonym, texts)

    def _is_here(self, source: str, user: str) -> bool:
        rooms = (room for room in self._ledger.state.all_rooms() if room.source == source and room.state == "live")
        return any(one.user == user for room in rooms for one in room.here())

    def _record(self, source: str, actor: Actor, pseudonym: str, texts: int) -> Entry:
        now = self._clock.now_ms()
        event = Event(
            id=derive_event_id("erased", pseudonym),
            source=SourceName(source),
            at=now,
            actor=actor,
            data=PersonErased(pseudonym=pseudonym, texts=texts),
        )
        return Entry(id=derive_event_id(event.id), recorded_at=now, events=(event,))
