"""Which room of the platform a name means: the one that is known, or one that is made for it, once.

Who makes one proposes it to the log, and uses what the log says then: so two first visitors meet in one room, whichever
gateways they asked, and the same after a restart. A room that came second is left alone: nobody was told of it.
"""

import asyncio
import logging
from weakref import WeakValueDictionary

from moderator.clock import Clock
from moderator.domain.announcements import RoomOpened
from moderator.domain.events import Actor, Event
from moderator.domain.ids import RoomId, RoomKey, SourceName, derive_event_id
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.asking import TIMEOUT_S, answer_of
from moderator.gateway.platforms.limiter import Urgency
from moderator.gateway.platforms.sources import LiveSource
from moderator.providers.errors import RateLimited

logger = logging.getLogger(__name__)


class Opening:
    """Finds and makes rooms."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        """By source and name: one asks the platform, the others wait for what comes of it."""

    def known(self, source: str, name: str) -> RoomKey | None:
        """The room of this name, as it was announced or opened."""
        room = self._ledger.state.announced.room_for(source, name)
        return RoomKey(SourceName(source), RoomId(room)) if room else None

    async def room_for(self, source: LiveSource, name: str, actor: Actor) -> RoomKey:
        """The room of this name, made where there is none. Raises Problem, or LogError."""
        async with self._turns.setdefault((source.name, name), asyncio.Lock()):
            known = self.known(source.name, name)
            return known or await self._open(source, name, actor)

    async def _open(self, source: LiveSource, name: str, actor: Actor) -> RoomKey:
        made = await answer_of(source, self._made(source, name))
        event = Event(
            id=derive_event_id(source.name, "room_opened", name, made, self._clock.now_ms()),
            source=SourceName(source.name),
            at=self._clock.now_ms(),
            actor=actor,
            data=RoomOpened(name=name, room=made),
        )
        await self._ledger.propose([event])
        room = self.known(source.name, name)
        if room is None:  # an announcement with another room was made, and withdrawn, at this very moment
            return RoomKey(SourceName(source.name), RoomId(made))
        if room.room != made:
            logger.info("%s: %r has the room %s; %s, made for it too, stays empty", source.name, name, room.room, made)
        return room

    async def _made(self, source: LiveSource, name: str) -> str:
        try:
            await source.limiter.turn(Urgency.COMMAND, TIMEOUT_S)
        except TimeoutError as error:
            sentence = f"The platform asked for a pause of {source.limiter.paused_s():.0f} s: try again then."
            raise RateLimited(sentence) from error
        return await source.provider.open_room(name)
