"""From the webhook of a join that makes a room too full to the call that removes the newcomer, with 500 rooms live and
nobody beside it or 400 webhooks a second, which is what the other way can take.

The other way is reference 000's, on Node: count in the webhook's handler, in memory, and call at once. It stores
nothing, takes a repeated webhook for another person, and forgets everybody at a restart; ours acts on what an fsync has
made durable.
"""

import asyncio
import functools
import itertools
import time
from typing import Final

from benchmarks.figures import Figures, Row, Target
from benchmarks.opentok import CREATED, DESTROYED, Sender, VideoApi, event
from benchmarks.peers import monitor, session
from benchmarks.stage import WEBHOOKS, gateway
from benchmarks.waiting import until
from moderator.tasks import TaskScope

ROOMS: Final = 500
TRIES: Final = 300
BESIDE_PER_S: Final = 400
MOST_WAITING: Final = 32
ROOM_TYPES: Final = '[[room_types]]\nname = "visit"\nmax_people = 2\nmode = "enforce"\n'
OURS: Final = "moderator: durable, judged by the fold"
THEIRS: Final = "reference 000 in Node: in the handler, in memory"


async def measure() -> list[Row]:
    """Alone, then with others' webhooks beside it."""
    rows: list[Row] = []
    for per_s in (0, BESIDE_PER_S):
        async with VideoApi().listening() as platform, gateway(platform.url, ROOM_TYPES) as stage:
            ours = await _times(stage.webhooks, platform, per_s)
        async with (
            VideoApi().listening() as platform,
            monitor(platform.url, rooms=ROOMS, most_people=2) as server,
        ):
            theirs = await _times(server.url + WEBHOOKS, platform, per_s)
        what = f"uninvited join to call, {per_s}/s beside"
        rows += [Figures(what, OURS, ours), Figures(what, THEIRS, theirs)]
    p99 = [row.at(0.99) for row in rows[-2:] if isinstance(row, Figures)]
    return [*rows, Target("p99 of the reaction beside reference 000", p99[0] / p99[1], "at most", 0.1, "x")]


async def _times(url: str, platform: VideoApi, per_s: int) -> list[float]:
    """Each room is filled to its size first; then one newcomer after the other comes, and is gone again."""
    sender, times = Sender(url), list[float]()
    for number in range(ROOMS):
        for person in ("alice", "bob"):
            await sender.send(event(CREATED, session(number), f"{person}-{number}", time.time()))
    async with TaskScope() as tasks:
        tasks.start("disconnects", sender.report_disconnects(platform))
        tasks.start("beside", _beside(url, per_s))
        for number in range(TRIES):
            who = session(number % ROOMS), f"eve-{number}"
            sent_at = await sender.send(event(CREATED, *who, time.time()))
            await until(functools.partial(platform.disconnects.__contains__, who), 30)
            times.append((platform.disconnects[who] - sent_at) * 1000)
            await asyncio.sleep(0.005)
    sender.close()
    return times


async def _beside(url: str, per_s: int) -> None:
    """Webhooks about the same rooms, each sent when it is its time, until cancelled; while too many wait for their
    answer, none.
    """
    sender, began, waiting = Sender(url), time.perf_counter(), set[asyncio.Task[None]]()
    async with TaskScope() as tasks:
        for number in itertools.count() if per_s else ():
            await asyncio.sleep(max(0.0, began + number / per_s - time.perf_counter()))
            if len(waiting) < MOST_WAITING:
                # Somebody leaves who was never seen: no room gets too full by it.
                guest = event(DESTROYED, session(number % ROOMS), f"guest-{number}", time.time())
                waiting.add(task := tasks.start("webhook", sender.post(guest)))
                task.add_done_callback(waiting.discard)
