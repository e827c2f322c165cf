"""How late 1,000 deadlines are acted on: one heap and one timer, beside reference 000's look at each room every 5 s."""

import asyncio
import random
import time
from collections.abc import Sequence

from benchmarks.figures import Figures
from benchmarks.stage import AdminApi, Platform, Stage, gateway, until
from moderator.client.feed_reader import FeedReader
from moderator.client.link import Link
from moderator.client.tokens import FixedToken
from moderator.clock import SystemClock
from moderator.domain.events import Event, TimeExpired
from moderator.feed.sse import SseFrame
from moderator.http import HttpClient
from moderator.tasks import TaskScope

ROOMS = 1_000
LIMIT_S = 8.0
SPREAD_S = 20.0
POLL_S = 5.0
WHAT = "lateness of a deadline"
ROOM_TYPE = f'duration = "{LIMIT_S:.0f}s"\nwarn = ["1s"]\n'


class Expiries:
    """Reads the feed and notes when each room's time was said to be up."""

    def __init__(self, stage: Stage, http: HttpClient) -> None:
        self.reader = FeedReader(stage.url, FixedToken(stage.token()), http, self, SystemClock())
        self.late_ms: list[float] = []

    def link_changed(self, link: Link) -> None:
        """Nothing to do: a gateway on this machine stays."""

    def frame_applied(self, frame: SseFrame, events: Sequence[Event]) -> None:
        """Compare the time at which an expiry was recorded with the deadline."""
        for event in events:
            room = self.reader.session.state.room(event.key) if event.key else None
            if isinstance(event.data, TimeExpired) and room and room.deadline:
                self.late_ms.append(event.recorded_at - room.deadline.ends_at)


async def measure() -> list[Figures]:
    """Both ways at once, on the same joins."""
    admin, polled = AdminApi(), list[float]()
    async with admin.listening(), gateway(admin.url, ROOM_TYPE) as stage, HttpClient() as http, TaskScope() as tasks:
        expiries = Expiries(stage, http)
        tasks.start("feed", expiries.reader.run())
        platform = Platform(http, stage.url)
        tasks.start("kicked", platform.report_kicks(admin))
        joins = await asyncio.gather(*(_one_room(platform, f"room-{n}", polled) for n in range(ROOMS)))
        await until(lambda: len(admin.kicks) == len(polled) == len(expiries.late_ms) == ROOMS, 60)
    called = [(admin.kicks[room, "alice"] - joined_at - LIMIT_S) * 1000 for room, joined_at in joins]
    return [
        Figures(WHAT, "moderator: decided, on disk", expiries.late_ms),
        Figures(WHAT, "moderator: the provider was called", called),
        Figures(WHAT, "reference 000: poll of 5 s, in memory", polled),
    ]


async def _one_room(platform: Platform, room: str, polled: list[float]) -> tuple[str, float]:
    """A room whose poll began with an earlier join than the one that its limit counts from, as the reference has it."""
    await asyncio.sleep(random.uniform(0, SPREAD_S))
    joined_at = await platform.join(room, "alice")
    await asyncio.sleep(random.uniform(0, POLL_S))
    while time.time() - joined_at <= LIMIT_S:
        await asyncio.sleep(POLL_S)
    polled.append((time.time() - joined_at - LIMIT_S) * 1000)
    return room, joined_at
