"""Taking a person out of the log: out of its file, out of this gateway's memory, and out of every open window."""

import secrets
from typing import Final

from moderator.clock import Clock
from moderator.domain.accounting import PersonErased
from moderator.domain.events import Actor, Entry, Event
from moderator.domain.ids import SourceName, derive_event_id
from moderator.feed.audit import Erased
from moderator.gateway.broadcast import Broadcast
from moderator.gateway.ledger import Ledger
from moderator.gateway.problems import Problem

PSEUDONYM_BYTES: Final = 8


class Erasing:
    """One person at a time."""

    def __init__(self, ledger: Ledger, broadcast: Broadcast, clock: Clock) -> None:
        self._ledger = ledger
        self._broadcast = broadcast
        self._clock = clock

    async def erase(self, source: str, user: str, actor: Actor) -> Erased:
        """Take out everything that can tell who this user of this source is, for good.

        Raises Problem 409 while the person is in a room, 404 where the log knows nobody like that; LogError.
        """
        async with self._ledger.changing:
            if self._is_here(source, user):
                raise Problem(409, "person_is_here", "the person is in a room now: wait until they have left")
            pseudonym = f"erased-{secrets.token_hex(PSEUDONYM_BYTES)}"
            found = await self._ledger.log.erase(
                source, user, pseudonym, lambda texts: self._record(source, actor, pseudonym, texts)
            )
            if found is None:
                raise Problem(404, "unknown_person", "the log knows nobody with that user id in that source")
            seq, texts = found
            await self._ledger.read_back(seq)
            await self._ledger.rebuild()
            self._broadcast.restart()
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
