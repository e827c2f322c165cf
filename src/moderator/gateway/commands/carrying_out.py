"""Carries out commands: asks the fold whether they still stand, asks the platform, and says what became of them.

Accepted is not done: a disconnect is confirmed when the platform has shown that the participant is gone.
"""

import asyncio
import logging
import math
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Final

from msgspec.structs import replace

from moderator.clock import Clock
from moderator.domain.breaker import is_held
from moderator.domain.events import Actor, DisconnectConfirmed, DisconnectRequested, Event, RoomEndRequested
from moderator.domain.ids import derive_event_id
from moderator.domain.kinds import Command, Outcome
from moderator.domain.rooms import Room
from moderator.domain.wanted import still_wanted
from moderator.gateway.commands.actions import ACTIONS, Action
from moderator.gateway.commands.confirmations import Shown
from moderator.gateway.commands.ending import Ending, is_ended_by_gateway
from moderator.gateway.commands.farewells import tell_reason
from moderator.gateway.commands.lines import Line, urgency_of
from moderator.gateway.commands.reminding import Reminding
from moderator.gateway.commands.trying import GIVE_UP_AFTER_S, CommandFailed, Patience, turn
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.asking import ask
from moderator.gateway.platforms.limiter import Urgency
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.waiting import sleep
from moderator.journal.event_log import EventLog, LogError, OpenCommand
from moderator.providers.errors import ProviderError, RateLimited
from moderator.tasks import TaskScope

logger = logging.getLogger(__name__)

AFTER_FAILURE_S: Final = 1.0
GATEWAY: Final = Actor("gateway")


class CarryingOut:
    """Takes open commands from the log, in a line for each source, until every one is confirmed or failed."""

    def __init__(self, log: EventLog, ledger: Ledger, sources: Mapping[str, LiveSource], clock: Clock) -> None:
        self._log = log
        self._ledger = ledger
        self._sources = sources
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled. What was under way then is taken up again after the next start."""
        lines: dict[str, Line] = {}
        async with TaskScope() as tasks:
            tasks.start("open commands are looked after", Reminding(self._ledger, self._clock).run())

            def start(command: OpenCommand) -> asyncio.Task[None]:
                return tasks.start(f"{command.event.kind} {command.event.id}", self._carry_out(command))

            try:
                async for command in self._log.work():
                    if not lines.setdefault(command.event.source or "", Line(start)).add(command):
                        await self._refuse(command)
            finally:
                for line in lines.values():
                    line.close()

    async def _refuse(self, command: OpenCommand) -> None:
        """There are too many before it. Meanwhile no more are taken from the log."""
        event = command.event
        await self._ledger.read_back(command.seq)
        if self._is_open(event):
            why = "too many commands wait for this platform: try again when it has caught up"
            await self._settle(event, _outcome(ACTIONS[type(event.data)].failed, event, why, "too_many"))
        await self._log.acknowledge(event.id)

    async def _carry_out(self, command: OpenCommand) -> None:
        event = command.event
        await self._ledger.read_back(command.seq)
        action = ACTIONS[type(event.data)]
        try:
            shown = await self._attempt(event, action) if self._is_open(event) else None
        except CommandFailed as failure:
            await self._settle(event, _outcome(action.failed, event, str(failure), failure.code), failure.facts)
        except Exception:  # a fault in a provider's code fails its command, not the gateway
            logger.exception(
                "%s of %s failed in the provider's code", event.kind, event.source, extra={"source": event.source}
            )
            why = "the gateway's code for it failed; see its log"
            await self._settle(event, _outcome(action.failed, event, why, "fault"))
        else:
            if shown is not None:
                await self._settle(event, _confirmation(action.confirmed, event, shown), shown.facts)
        await self._log.acknowledge(event.id)

    def _is_open(self, event: Event) -> bool:
        """Whether the fold accepted the command, and nobody has settled it yet."""
        room = self._ledger.state.rooms.get(event.key) if event.key else None
        decided = room.decided.get(event.instance or "") if room else None
        return decided is not None and any(pending.id == event.id for pending in decided.pending)

    async def _attempt(self, event: Event, action: Action) -> Shown:
        """Try until it is done; returns what shows it. Raises CommandFailed."""
        source = self._source(event)
        if isinstance(event.data, RoomEndRequested) and is_ended_by_gateway(source):
            room = self._wanted(event)
            return await Ending(self._ledger, source, event, room.key, self._clock).carry_out(action)
        patience = Patience(event, self._clock)
        await source.calls.admit()
        told = await self._tell_reason(event, source)
        while True:
            try:
                return replace(await self._once(event, action, source), told=told)
            except ProviderError as error:
                if not action.repeatable and not isinstance(error, RateLimited):
                    raise CommandFailed(error.code, str(error)) from error
                await patience.pause(source, error)

    async def _tell_reason(self, event: Event, source: LiveSource) -> bool | None:
        """Once, however often the disconnect itself has to be tried. Raises CommandFailed."""
        if not isinstance(event.data, DisconnectRequested):
            return None
        room = self._wanted(event)
        stay = self._ledger.state.stay(room.key, event.data.participant)
        return await tell_reason(source, event.data, room, stay) if stay is not None and stay.here else None

    async def _once(self, event: Event, action: Action, source: LiveSource) -> Shown:
        data = event.data
        assert isinstance(data, Command)
        self._wanted(event)
        await turn(source, urgency_of(data), _patience_s(event))
        room = self._wanted(event)  # again: much may have happened while we waited
        stay = self._ledger.state.stay(event.key, data.target) if event.key and data.target else None
        if data.target and (stay is None or not stay.here):
            return _left_before(data)
        shown = await ask(source, action.call(source, event, data, room, stay))
        return shown or await action.confirm(self._ledger, source, event, data)

    def _wanted(self, event: Event) -> Room:
        """The room of a command that should still be carried out. Raises CommandFailed."""
        room = self._ledger.room(event.key) if event.key else None
        if room is None or room.instance != event.instance:
            raise CommandFailed("room_ended", "the room had ended before this could be done")
        now = self._clock.now_ms()
        if not still_wanted(room, event, now, held=is_held(self._ledger.state, now)):
            raise CommandFailed("not_wanted", "the reason for this was gone before it was done")
        return room

    def _source(self, event: Event) -> LiveSource:
        source = self._sources.get(event.source or "")
        if source is None:
            raise CommandFailed("unknown_source", f"the source {event.source} is not configured any more")
        return source

    async def _settle(self, event: Event, data: Outcome, facts: tuple[Event, ...] = ()) -> None:
        """Put the outcome to the log; tried until the log takes it, since an open command would be done again."""
        outcome = Event(
            id=derive_event_id("settled", event.id),
            source=event.source,
            room=event.room,
            instance=event.instance,
            at=self._clock.now_ms(),
            actor=GATEWAY,
            data=data,
        )
        source = self._sources.get(event.source or "")
        with source.calls.one() if source else nullcontext():
            await self._store([outcome, *facts])  # first what frees the slot for what follows from it
        if source is not None:
            source.measures.settled(outcome.kind, data.code, (self._clock.now_ms() - event.at) / 1000)

    async def _store(self, events: Sequence[Event]) -> None:
        while True:
            try:
                await self._ledger.propose(events)
            except LogError as error:
                logger.error("the outcome %s could not be stored and is tried again: %s", events[0].kind, error)
                await sleep(self._clock, AFTER_FAILURE_S)
            else:
                return


def _outcome(kind: type[Outcome], event: Event, why: str, code: str = "") -> Outcome:
    assert isinstance(event.data, Command)
    return kind(command=event.id, participant=event.data.target, why=why, code=code)


def _confirmation(kind: type[Outcome], event: Event, shown: Shown) -> Outcome:
    outcome = _outcome(kind, event, shown.why)
    return replace(outcome, told=shown.told) if isinstance(outcome, DisconnectConfirmed) else outcome


def _patience_s(event: Event) -> float:
    """What a policy removes is removed whenever the platform can again, if that is still wanted then; what a moderator
    ordered must not happen much later.
    """
    return math.inf if event.actor.kind == "policy" and urgency_of(event.data) == Urgency.REMOVAL else GIVE_UP_AFTER_S


def _left_before(data: Command) -> Shown:
    """Nobody there to act on: what a disconnect is for. Raises CommandFailed for other commands."""
    if isinstance(data, DisconnectRequested):
        return Shown("the participant had left before")
    raise CommandFailed("gone", "the participant had left before this could be done")
