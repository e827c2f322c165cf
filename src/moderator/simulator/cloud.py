"""One simulated cloud: its platform's wire, its world, and the webhooks on their way; kept going by the clock."""

import asyncio
import random
from typing import Final, Protocol

from msgspec import Struct
from starlette.types import ASGIApp

from moderator.clock import Clock
from moderator.http import HttpClient
from moderator.simulator.delivery import Deliveries, Disorder, Policy
from moderator.simulator.life import Life
from moderator.simulator.people import APPOINTMENTS, KINDS
from moderator.simulator.planned import Planned
from moderator.simulator.world import World
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
    disorder: Disorder = Disorder()
    appointments: tuple[str, ...] = KINDS
    """The kinds that take place here."""
    planned: tuple[Planned, ...] = ()
    """What was announced, beside what takes place anyway."""
    gentle_after_s: float | None = None
    """A life for a first look, whose first events come so much later than usual."""


class Platform(Protocol):
    """What is a platform's own, for one account: each platform's package has one of these."""

    @property
    def closes_after_s(self) -> float:
        """When the platform closes an empty room, at speed 1."""
        ...

    @property
    def camera_has_sound(self) -> bool:
        """Whether picture and sound of a person are one medium; else people publish both."""
        ...

    @property
    def policy(self) -> Policy:
        """How it signs and delivers its webhooks."""
        ...

    def make_room_id(self, name: str, created_ms: int, noise: str) -> str:
        """The id by which the platform addresses a new room; `noise` is a random UUID."""
        ...

    def connect(self, cloud: "Cloud") -> ASGIApp:
        """Called once: report from now on what happens in the world, by `cloud.deliveries`; returns the API."""
        ...


class Cloud:
    """The rooms of one account. Ask `now` before acting, so that what is due has happened."""

    def __init__(
        self, platform: Platform, settings: Settings, clock: Clock, http: HttpClient, tasks: TaskScope
    ) -> None:
        rng = random.Random(settings.seed)
        self.world = World(rng, platform.make_room_id, settings.speed, platform.closes_after_s)
        kinds = [one for one in APPOINTMENTS if one.name in settings.appointments]
        sound, planned = platform.camera_has_sound, settings.planned
        habits = (kinds, sound, planned, settings.gentle_after_s)
        self.life = Life(self.world, rng, settings.rooms, settings.speed, *habits)
        self.deliveries = Deliveries(
            settings.webhook,
            platform.policy,
            clock,
            http,
            tasks,
            random.Random(settings.seed),  # of its own: how deliveries go must not change what happens
            settings.disorder,
            settings.speed,
        )
        self.clock = clock
        self._settings = settings
        self._agenda_changed = asyncio.Event()
        self.world.agenda_changed = self._agenda_changed.set
        self.api = platform.connect(self)

    async def live(self) -> None:
        """Let time pass, until cancelled."""
        if not self._settings.is_quiet:
            self.life.begin(self.clock.now_ms())
        while True:
            self._agenda_changed.clear()
            now = self.now()
            next_at = self.world.next_at
            wait_s = IDLE_S if next_at is None else max(0, next_at - now) / 1000
            await self.clock.wait(self._agenda_changed, wait_s)

    def now(self) -> int:
        """The time, after everything due has happened."""
        now = self.clock.now_ms()
        self.world.step(now)
        return now

    def remove(self, connection_id: str) -> None:
        """Accept a disconnect, which happens a moment later. Raises Gone."""
        now = self.now()
        room, _ = self.world.locate(connection_id)

        def remove(at: int) -> None:
            if connection_id in room.connections:
                self.world.leave(connection_id, at, "removed")

        self.world.when(now + REMOVAL_TAKES_MS, remove)
