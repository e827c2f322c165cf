"""How late 10,000 deadlines are acted on while as many webhooks come as the gateway takes: one heap and one timer,
beside reference 000's look at each room every 5 s, on Node.

Ours are read out of the log afterwards: when each last call and each end was decided, against the first moment at
which it could be; for an end that is when the grace after the last call is over, which lasts as long as that comes
before the deadline. The reference's are the requests that reach the platform, against the limit since the last join; it
gets 200 rooms, which it can take.
"""

import asyncio
import random
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.figures import Figures, Row, Target
from benchmarks.load import load
from benchmarks.opentok import CREATED, Sender, VideoApi, event
from benchmarks.peers import monitor, session
from benchmarks.processes import Running
from benchmarks.stage import WEBHOOKS, gateway
from benchmarks.waiting import until
from moderator.domain.events import TimeExpired, WarningRaised
from moderator.domain.fold import fold
from moderator.domain.state import State
from moderator.gateway.metrics.happenings import due_at
from moderator.journal.sqlite import SqliteLog

ROOMS: Final = 10_000
SPREAD_S: Final = 20
LEAD_S: Final = 25
"""How long it may take to open the rooms, before the first deadline."""
POLLED_ROOMS: Final = 200
POLLED_SPREAD_S: Final = 15
LIMIT_S: Final = 6
POLL_S: Final = 5
ROOM_TYPES: Final = f"""
[[room_types]]
name = "timed"
match = {{ room = "timed-*" }}
duration = "{LEAD_S + SPREAD_S}s"
starts = "first_join"
warn = ["1s"]
on_expiry = "alert"
mode = "enforce"
"""
WHAT: Final = "lateness of a deadline"


async def measure() -> list[Row]:
    """One after the other."""
    with tempfile.TemporaryDirectory(prefix="moderator-benchmark-") as folder:
        log = Path(folder, "moderator.db")
        async with VideoApi().listening() as platform, gateway(platform.url, ROOM_TYPES, f"sqlite:{log}") as stage:
            await _open_rooms(stage.webhooks)
            await load(stage.process, stage.webhooks, connections=32, seconds=LEAD_S + SPREAD_S, rooms="anew")
            await asyncio.sleep(1)
        ours = await _recorded(log)
    async with (
        VideoApi().listening() as platform,
        monitor(platform.url, rooms=POLLED_ROOMS, most_people=9, limit_s=LIMIT_S) as server,
    ):
        theirs = await _polled(server, platform)
    assert len(ours) == 2 * ROOMS, f"{len(ours)} of {2 * ROOMS} last calls and ends were decided"
    mine, others = Figures(WHAT, "moderator: decided, ingest saturated", ours), Figures(WHAT, "reference 000", theirs)
    return [
        *(mine, others),
        Target(
            "median lateness of reference 000 by ours", others.at(0.5) / max(mine.at(0.5), 0.5), "at least", 400, "x"
        ),
        Target("lateness, p99", mine.at(0.99), "at most", 5, " ms"),
        Target("earliest", min(ours), "at least", 0, " ms"),
    ]


async def _open_rooms(url: str) -> None:
    """Each with one person, who came within the last seconds: so the deadlines are spread over as many."""
    sender, began = Sender(url), time.time()
    came_at = [began - random.uniform(0, SPREAD_S) for _ in range(ROOMS)]
    joins = (sender.send(event(CREATED, f"timed-{number}", f"alice-{number}", at)) for number, at in enumerate(came_at))
    await asyncio.gather(*joins)
    sender.close()
    assert time.time() - began < LEAD_S, "opening the rooms took too long"


async def _recorded(log_path: Path) -> list[float]:
    """By how many milliseconds each last call and each end was recorded too late."""
    log, state, late = await SqliteLog.open(log_path), State(), list[float]()
    async for batch in log.read(0):
        for entry in batch:
            for told in fold(state, entry):
                if not isinstance(told.data, WarningRaised | TimeExpired):
                    continue
                room = state.room(told.key) if told.key else None
                if room is not None and room.deadline is not None:
                    late.append(told.recorded_at - due_at(room.deadline, told.data))
    await log.aclose()
    return late


async def _polled(server: Running, platform: VideoApi) -> list[float]:
    """The look every 5 s began with the second join; the limit counts from the third, some time after."""
    sender = Sender(server.url + WEBHOOKS)
    limits = dict(await asyncio.gather(*(_one_room(sender, number) for number in range(POLLED_ROOMS))))
    await until(
        lambda: {room for room, _ in platform.disconnects} >= limits.keys(), POLLED_SPREAD_S + LIMIT_S + 4 * POLL_S
    )
    sender.close()
    called = {room: at for (room, _), at in reversed(platform.disconnects.items())}
    return [(called[room] - limit) * 1000 for room, limit in limits.items()]


async def _one_room(sender: Sender, number: int) -> tuple[str, float]:
    """The room, and when its time is up."""
    room = session(number)
    await asyncio.sleep(random.uniform(0, POLLED_SPREAD_S))
    for person in ("alice", "bob"):
        await sender.send(event(CREATED, room, f"{person}-{number}", time.time()))
    await asyncio.sleep(random.uniform(0, POLL_S))
    joined_at = time.time()
    await sender.send(event(CREATED, room, f"carol-{number}", joined_at))
    return room, round(joined_at * 1000) / 1000 + LIMIT_S
