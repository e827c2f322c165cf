"""Tells somebody outside of warnings, violations and holds that nobody took care of in time: once, by one gateway.

A gateway that wants to tell puts that to the log first, and does so only when its own entry is the first that is read
back. What was begun is never begun again: after a restart it is written down as failed, not sent twice. What there is
to tell is in `subjects`, how it is told in `channels`.
"""

import asyncio
import logging
import uuid
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from moderator.clock import Clock
from moderator.domain.accounting import EscalationFailed, EscalationSent, EscalationStarted
from moderator.domain.events import Actor, Event
from moderator.domain.fold import concerned
from moderator.domain.ids import EventId, InstanceId, RoomId, RoomKey, SourceName, derive_event_id
from moderator.domain.kinds import Notice
from moderator.domain.rooms import Room
from moderator.feed.paths import quote_id
from moderator.gateway.configuration.sections import NotifySection
from moderator.gateway.escalation.channels import Channel, NotSent, open_channels
from moderator.gateway.escalation.subjects import Alert, Subject, held, standing
from moderator.gateway.ledger import Ledger
from moderator.gateway.waiting import sleep
from moderator.gateway.wake_ups import WakeUps
from moderator.journal.event_log import LogError
from moderator.tasks import TaskScope

logger = logging.getLogger(__name__)

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
TRIED_FOR_S: Final = 300.0
GIVEN_UP_MS: Final = 10 * 60_000
"""What another run began so long ago, and of which nothing is known, was not told: that one stopped meanwhile."""
NO_ROOM: Final = RoomKey(SourceName(""), RoomId(""))
"""Of the subject that is of no room: that automatic removals are paused."""
LATE_BY_S: Final = 0.001
MAX_SLEEP_S: Final = 60.0
AFTER_FAILURE_S: Final = 5.0
TAKEN_CARE_OF: Final = "somebody took care of it before it got through"
FAULT: Final = "the gateway's code for it failed; see its log"
STOPPED: Final = "the gateway that had begun to tell stopped before it was known whether that got through"
_FINAL: Final = frozenset({TAKEN_CARE_OF, FAULT})
"""Trying again would change nothing."""


class _Task(Struct, frozen=True):
    """One subject for one channel."""

    key: RoomKey
    instance: str
    subject: str
    channel: str

    def event_id(self, step: str) -> EventId:
        """The same in every gateway, and after a restart."""
        return derive_event_id("escalation", *self.key, self.instance, self.subject, self.channel, step)

    @property
    def alert_id(self) -> EventId:
        return derive_event_id("escalation", *self.key, self.instance, self.subject)


class Escalation:
    """Looks at a room when something happened in it, or when something in it has stood for too long."""

    def __init__(
        self, ledger: Ledger, clock: Clock, notify: NotifySection, after_ms: int, public_url: str = ""
    ) -> None:
        """`after_ms`: how long something may stand that nobody takes care of."""
        self._ledger = ledger
        self._clock = clock
        self._notify = notify
        self._after_ms = after_ms
        self._channels: dict[str, Channel] = {}
        self._public_url = public_url.rstrip("/")
        self._me = uuid.uuid4().hex
        """This run: a claim that a former one made is not ours."""
        self._due: set[RoomKey] = set()
        self._won: list[_Task] = []
        self._telling: set[_Task] = set()
        self._wake_ups: WakeUps[RoomKey] = WakeUps()
        self._something_happened = asyncio.Event()
        ledger.listen(self._on_events)

    async def run(self) -> None:
        """Until cancelled. Starts with every room there is, so that what fell due during an outage is told."""
        self._due.update([NO_ROOM, *self._ledger.state.rooms])
        async with open_channels(self._notify, self._clock) as channels, TaskScope(_report) as tasks:
            self._channels = {channel.name: channel for channel in channels}
            while True:
                self._something_happened.clear()
                if not await self._claim(self._take_due()):
                    await sleep(self._clock, AFTER_FAILURE_S)
                won, self._won = self._won, []
                self._telling.update(won)
                for task in won:
                    tasks.start(f"tell by {task.channel}", self._tell(task))
                await self._sleep()

    # --- what is due -----------------------------------------------------------------------------------------------

    def _on_events(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event.data, EscalationStarted):
                self._on_started(event, event.data)
            self._due.update(concerned(self._ledger.state, event))
            if event.key is None:
                self._due.add(NO_ROOM)
        if self._due or self._won:
            self._something_happened.set()

    def _on_started(self, event: Event, data: EscalationStarted) -> None:
        """The first of several is the only one that is read."""
        if data.gateway == self._me:
            self._won.append(_Task(event.key or NO_ROOM, event.instance or "", data.subject, data.channel))

    def _take_due(self) -> list[RoomKey]:
        due, self._due = self._due | self._wake_ups.take_due(self._clock.now_ms()), set()
        return sorted(due)

    async def _claim(self, due: Sequence[RoomKey]) -> bool:
        """Put to the log what these rooms ask for; False when it did not take that and they stay due."""
        events = [event for key in due for event in self._look_at(key)]
        try:
            for event in events:
                await self._ledger.append([event])
        except LogError as error:
            logger.error("nobody can be told yet, since that could not be stored: %s", error)
            self._due.update(due)
            return False
        return True

    def _look_at(self, key: RoomKey) -> list[Event]:
        now = self._clock.now_ms()
        moments: list[int] = []
        found: list[Event] = []
        for task, subject in self._tasks(key):
            data, at = self._next_step(task, subject)
            if data is not None and at <= now:
                found.append(self._event(task, data))
            elif data is not None:
                moments.append(at)
        self._wake_ups.arm(key, min(moments, default=None))
        return found

    def _tasks(self, key: RoomKey) -> Iterator[tuple[_Task, Subject]]:
        room = self._ledger.room(key)
        for subject in self._standing(key, room):
            for channel in self._channels:
                yield _Task(key, room.instance if room else "", subject.id, channel), subject

    def _standing(self, key: RoomKey, room: Room | None) -> list[Subject]:
        hold = self._ledger.state.hold
        if key == NO_ROOM:
            return held(hold)
        return standing(room, hold) if room else []

    def _next_step(self, task: _Task, subject: Subject) -> tuple[Notice | None, int]:
        """What is to be written down next, and when; None when all is."""
        begun, ended = (self._ledger.verdict(task.event_id(step)) for step in ("started", "ended"))
        if begun is None:
            started = EscalationStarted(subject=task.subject, channel=task.channel, gateway=self._me)
            return started, subject.since + self._after_ms
        if ended is None and task not in self._telling:
            failed = EscalationFailed(subject=task.subject, channel=task.channel, why=STOPPED)
            return failed, begun.recorded_at + GIVEN_UP_MS
        return None, 0

    # --- telling ---------------------------------------------------------------------------------------------------

    async def _tell(self, task: _Task) -> None:
        """Try, and write down what came of it, whatever that was."""
        try:
            await self._note(task, await self._outcome(task))
        finally:
            self._telling.discard(task)

    async def _outcome(self, task: _Task) -> EscalationSent | EscalationFailed:
        """Try for five minutes, as long as it stands."""
        give_up_at, pause_s = self._clock.monotonic() + TRIED_FOR_S, FIRST_PAUSE_S
        while isinstance(outcome := await self._try(task), EscalationFailed) and outcome.why not in _FINAL:
            if self._clock.monotonic() + pause_s > give_up_at:
                logger.error("%s: nobody could be told of what nobody took care of: %s", task.channel, outcome.why)
                break
            await sleep(self._clock, pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        return outcome

    async def _try(self, task: _Task) -> EscalationSent | EscalationFailed:
        alert = self._alert(task)
        if alert is None:
            return EscalationFailed(subject=task.subject, channel=task.channel, why=TAKEN_CARE_OF)
        try:
            detail = await self._channels[task.channel].send(alert)
        except NotSent as error:
            return EscalationFailed(subject=task.subject, channel=task.channel, why=str(error))
        except Exception:  # a fault of ours must not end in silence: that somebody was told is relied on
            logger.exception("telling by %s failed in the gateway's code", task.channel)
            return EscalationFailed(subject=task.subject, channel=task.channel, why=FAULT)
        return EscalationSent(subject=task.subject, channel=task.channel, detail=detail)

    async def _note(self, task: _Task, data: Notice) -> None:
        while True:
            try:
                await self._ledger.append([self._event(task, data)])
                return
            except LogError as error:
                logger.error("what became of telling somebody could not be stored: %s", error)
            await sleep(self._clock, AFTER_FAILURE_S)

    def _alert(self, task: _Task) -> Alert | None:
        """What to send; None when it stands no more."""
        room = self._ledger.room(task.key)
        if task.instance != (room.instance if room else ""):
            return None
        subject = next((one for one in self._standing(task.key, room) if one.id == task.subject), None)
        if subject is None:
            return None
        return Alert(
            id=task.alert_id,
            kind=subject.kind,
            text=subject.what,
            since=subject.since,
            source=room.source if room else "",
            room=room.room if room else "",
            room_name=room.name if room else "",
            people=room.people if room else 0,
            ends_at=room.deadline.ends_at if room and room.deadline else None,
            owner=room.owner if room else None,
            on_duty=tuple(self._ledger.state.on_duty.values()),
            url=self._url(room) if room else "",
        )

    def _url(self, room: Room) -> str:
        path = f"/v1/rooms/{quote_id(room.source)}/{quote_id(room.room)}"
        return f"{self._public_url}{path}" if self._public_url else ""

    def _event(self, task: _Task, data: Notice) -> Event:
        of_room = task.key != NO_ROOM
        return Event(
            id=task.event_id("started" if isinstance(data, EscalationStarted) else "ended"),
            source=SourceName(task.key.source) if of_room else None,
            room=RoomId(task.key.room) if of_room else None,
            instance=InstanceId(task.instance) if of_room else None,
            at=self._clock.now_ms(),
            actor=Actor("gateway"),
            data=data,
        )

    async def _sleep(self) -> None:
        if self._due or self._won:
            return
        delay_s, next_at = MAX_SLEEP_S, self._wake_ups.next_at()
        if next_at is not None:
            delay_s = min(delay_s, (next_at - self._clock.now_ms()) / 1000 + LATE_BY_S)
        await self._clock.wait(self._something_happened, max(0.0, delay_s))


def _report(name: str, error: BaseException) -> None:
    logger.error("%s failed", name, exc_info=error)
