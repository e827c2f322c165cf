"""How late 1,000 deadlines are acted on: one heap and one timer, beside reference 000's look at each room every 5 s."""

import asyncio
import random
import time

from benchmarks.figures import Figures
from benchmarks.stage import AdminApi, Platform, gateway, until
from moderator.http import HttpClient

ROOMS = 1_000
LIMIT_S = 8.0
SPREAD_S = 6.0
POLL_S = 5.0
WHAT = "lateness of a deadline"
ROOM_TYPE = f'duration = "{LIMIT_S:.0f}s"\nwarn = ["1s"]\n'


async def measure() -> list[Figures]:
    """Both ways at once, on the same joins. Ours includes the durable log and the call that reaches the platform."""
    admin = AdminApi()
    polled: list[float] = []
    async with admin.listening(), gateway(admin.url, ROOM_TYPE) as url, HttpClient() as http:
        platform = Platform(http, url)
        joins = await asyncio.gather(*(_one_room(platform, f"room-{n}", polled) for n in range(ROOMS)))
        await until(lambda: len(admin.kicks) == ROOMS and len(polled) == ROOMS, 60)
    late = [(admin.kicks[room, "alice"] - joined_at - LIMIT_S) * 1000 for room, joined_at in joins]
    return [
        Figures(WHAT, "moderator: webhook to the provider's call", late),
        Figures(WHAT, "reference 000: poll of 5 s, in memory", polled),
    ]


async def _one_room(platform: Platform, room: str, polled: list[float]) -> tuple[str, float]:
    await asyncio.sleep(random.uniform(0, SPREAD_S))
    joined_at = await platform.join(room, "alice")
    while time.time() - joined_at <= LIMIT_S:
        await asyncio.sleep(POLL_S)
    polled.append((time.time() - joined_at - LIMIT_S) * 1000)
    return room, joined_at
