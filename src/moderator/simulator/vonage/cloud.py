"""One simulated cloud: its account, its world, and the webhooks that report what happens; kept going by the clock."""

import asyncio
import random
from typing import Final

import msgspec
from msgspec import Struct

from moderator.clock import Clock
from moderator.http import HttpClient
from moderator.simulator.life import Life
from moderator.simulator.vonage.accounts import Account
from moderator.simulator.vonage.delivery import Deliveries, Disorder
from moderator.simulator.vonage.webhooks import Identity, payload
from moderator.simulator.world import Change, World
from moderator.tasks import TaskScope

REMOVAL_TAKES_MS: Final = 250
"""A disconnect is accepted first and done a moment later."""
IDLE_S: Final = 3600


class Settings(Struct, frozen=True, kw_only=True):
    """What the simulated world is like."""

    webhook: str
    rooms: int = 20
    speed: float = 1
    seed: int | None = None
    is_quiet: bool = False
    identity: Identity = "json"
    disorder: Disorder = Disorder()


class Cloud:
    """The rooms of one account. Ask `now` before acting, so that what is due has happened."""

    def __init__(self, account: Account, settings: Settings, clock: Clock, http: HttpClient, tasks: TaskScope) -> None:
        rng = random.Random(settings.seed)
        self.account = account
        self.world = World(rng, account.make_session_id, settings.speed)
        self.life = Life(self.world, rng, settings.rooms, settings.speed)
        self.deliveries = Deliveries(
            settings.webhook,
            lambda body, name: account.sign(body, clock.now_ms(), name),
            account.is_signed,
            clock,
            http,
            tasks,
            random.Random(settings.seed),  # of its own: how deliveries go must not change what happens
            settings.disorder,
            settings.speed,
        )
        self._settings, self._clock = settings, clock
        self._agenda_changed = asyncio.Event()
        self.world.agenda_changed = self._agenda_changed.set
        self.world.listeners.append(self._report)

    async def live(self) -> None:
        """Let time pass, until cancelled."""
        if not self._settings.is_quiet:
            self.life.begin(self._clock.now_ms())
        while True:
            self._agenda_changed.clear()
            now = self.now()
            next_at = self.world.next_at
            wait_s = IDLE_S if next_at is None else max(0, next_at - now) / 1000
            await self._clock.wait(self._agenda_changed, wait_s)

    def now(self) -> int:
        """The time, after everything due has happened."""
        now = self._clock.now_ms()
        self.world.step(now)
        return now

    def disconnect(self, connection_id: str) -> None:
        """Accept a force-disconnect. Raises Gone."""
        now = self.now()
        room, _ = self.world.locate(connection_id)

        def remove(at: int) -> None:
            if connection_id in room.connections:
                self.world.leave(connection_id, at, "removed")

        self.world.when(now + REMOVAL_TAKES_MS, remove)

    def _report(self, change: Change) -> None:
        body = payload(change, self.account.project, self._settings.identity)
        self.deliveries.send(change.room.id, msgspec.json.encode(body))
