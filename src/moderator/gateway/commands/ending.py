"""Ends a room of a platform that has no call for it: everybody who is there is disconnected, one by one.

Who is there, the fold says; who joins meanwhile is disconnected too. It is given up when nothing is achieved any more.
"""

import contextlib
from collections import Counter
from operator import lt
from typing import Final

from moderator.clock import Clock
from moderator.domain.events import Event
from moderator.domain.ids import ParticipantId, RoomKey
from moderator.domain.rooms import Room
from moderator.gateway.commands.actions import Action
from moderator.gateway.commands.confirmations import SHOWN_WITHIN_S, Shown
from moderator.gateway.commands.targets import target_of
from moderator.gateway.commands.trying import CommandFailed, Patience, turn
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.asking import ask
from moderator.gateway.platforms.limiter import Urgency
from moderator.gateway.platforms.sources import LiveSource
from moderator.providers.errors import Gone, ProviderError, Rejected, Unavailable

_JOINING: Final = Unavailable("people join as fast as they are disconnected")


def is_ended_by_gateway(source: LiveSource) -> bool:
    """Whether the platform of this source has no call that ends a room."""
    return source.provider.capabilities["end"].by == "gateway"


class Ending:
    """The end of one room, as far as it has come."""

    def __init__(self, ledger: Ledger, source: LiveSource, event: Event, key: RoomKey, clock: Clock) -> None:
        self._ledger = ledger
        self._source = source
        self._event = event
        self._key = key
        self._patience = Patience(event, clock)
        self._seen: set[str] = set()
        """Everybody who was there since this began."""
        self._accepted: set[str] = set()
        """Whose disconnect the platform accepted; they may still be shown."""
        self._refused: dict[str, Rejected] = {}
        self._failed: Counter[str] = Counter()
        """How often whose disconnect failed: the others come first, so that nobody stands in their way."""
        self._fewest = self._counts()
        self._hindrance: ProviderError = _JOINING
        """Why nothing is achieved any more, if so."""

    async def carry_out(self, action: Action) -> Shown:
        """Until nobody is there; returns what shows it. Raises CommandFailed."""
        try:
            return await self._empty(action)
        except CommandFailed as failure:
            # Whose disconnect was accepted just now is not among those who are still there.
            await self._ledger.until(self._key, lambda: self._accepted.isdisjoint(self._here()), SHOWN_WITHIN_S)
            here = len(self._here())
            if not here:
                return Shown()
            why = f"{here} of {len(self._seen)} are still there: {failure}"
            raise CommandFailed(failure.code, why) from failure

    async def _empty(self, action: Action) -> Shown:
        while True:
            try:
                await self._disconnect_each()
                shown = await self._confirm(action)
            except ProviderError as error:
                await self._pause(error)
            else:
                if shown is not None:
                    return shown

    async def _disconnect_each(self) -> None:
        """Ask for everybody's disconnect, those who join meanwhile included. Raises CommandFailed, ProviderError."""
        while self._left():
            await turn(self._source, Urgency.REMOVAL)
            left = self._left()  # again: somebody may have gone while we waited
            if left:
                await self._disconnect(min(left, key=lambda one: self._failed[one]))
        for participant in self._here():
            if participant in self._refused:
                raise self._refused[participant]

    async def _disconnect(self, participant: ParticipantId) -> None:
        room, stay = self._room(), self._ledger.state.stay(self._key, participant)
        if room is None or stay is None:
            return
        try:
            with contextlib.suppress(Gone):
                await ask(self._source, self._source.provider.disconnect(target_of(room, stay), block=False))
        except Rejected as error:  # about this participant only: the others can go
            self._refused[participant] = error
        except ProviderError:
            self._failed[participant] += 1
            raise
        else:
            self._accepted.add(participant)
            self._look_at_progress()
            if self._patience.is_over:
                raise CommandFailed(self._hindrance.code, str(self._hindrance))

    async def _confirm(self, action: Action) -> Shown | None:
        """What shows that it was done; None when somebody joined meanwhile. Raises ProviderError."""
        try:
            shown = await action.confirm(self._ledger, self._source, self._event, self._event.data)
        except ProviderError:
            if self._left():
                return None
            raise
        return None if self._left() else shown  # a list may not know yet who just joined

    async def _pause(self, error: ProviderError) -> None:
        """Before the next try. Raises CommandFailed when the last ones achieved nothing."""
        self._look_at_progress()
        self._hindrance = error
        if not self._left():
            self._accepted.clear()  # accepted without effect: they are asked for again
        await self._patience.pause(self._source, error)

    def _look_at_progress(self) -> None:
        """Fewer than ever before are there, or to be asked for."""
        counts = self._counts()
        if any(map(lt, counts, self._fewest)):
            self._patience.renew()
            self._hindrance = _JOINING
            self._fewest = min(counts[0], self._fewest[0]), min(counts[1], self._fewest[1])

    def _counts(self) -> tuple[int, int]:
        """How many are still there, and of how many of them the disconnect was not accepted yet."""
        return len(self._here()), len(self._left())

    def _left(self) -> list[ParticipantId]:
        """Whose disconnect is still to be asked for."""
        return [one for one in self._here() if one not in self._accepted and one not in self._refused]

    def _here(self) -> list[ParticipantId]:
        room = self._room()
        here = [ParticipantId(one.id) for one in room.here()] if room else []
        self._seen.update(here)
        return here

    def _room(self) -> Room | None:
        """The room, as long as this is the instance that was to be ended."""
        room = self._ledger.room(self._key)
        return room if room is not None and room.instance == self._event.instance else None
