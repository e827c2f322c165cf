"""Looks after commands that are open for long: the log is asked to give those out again that nobody has in hand."""

import logging
from collections.abc import Iterable
from typing import Final

from moderator.clock import Clock
from moderator.domain.ids import EventId
from moderator.domain.room_states import RoomState
from moderator.gateway.ledger import Ledger
from moderator.gateway.waiting import sleep
from moderator.journal.event_log import LogError

logger = logging.getLogger(__name__)

EVERY_S: Final = 10.0
OPEN_FOR_MS: Final = 15_000


def overdue(rooms: Iterable[RoomState], now: int) -> list[EventId]:
    """The commands that were put forward long before `now`, and that nobody has settled. Pure."""
    return [
        EventId(pending.id)
        for room in rooms
        for decided in room.decided.values()
        for pending in decided.pending
        if now - pending.at > OPEN_FOR_MS
    ]


class Reminding:
    """Looks every few seconds."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await sleep(self._clock, EVERY_S)
            commands = overdue(self._ledger.state.rooms.values(), self._clock.now_ms())
            try:
                if commands:
                    await self._ledger.log.remind(commands)
            except LogError as error:  # it is looked at again soon
                logger.info("open commands could not be looked after: %s", error)
