"""Kills a real gateway, in the middle of its work, again and again, and looks whether anything was lost or done twice.

`python -m tests.end_to_end.kill_gateway --rounds 200`. The gateway is a process of its own, on a simulated LiveKit
cloud and on a flood of webhooks whose ids are known; it is killed at random moments, also while it starts. What is
looked for in the end is in `kill_findings`.
"""

import asyncio
import contextlib
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx

from moderator.clock import SystemClock
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.feed.messages import SnapshotPage, decode_frame
from moderator.feed.paths import quote_id
from moderator.feed.sse import SseFrame
from moderator.tasks import TaskScope
from tests.end_to_end.gateway_process import SOURCE, GatewayProcess, Moderator
from tests.end_to_end.kill_command import Say, run
from tests.end_to_end.kill_findings import FED, Order, Promises, findings, is_settled, read_log
from tests.fakes.builders import joined
from tests.fakes.provider import SECRET, a_webhook, install
from tests.simulator.livekit.running import API_KEY, API_SECRET, RunningCloud, running

ROOT: Final = Path(__file__).parents[2]
STARTING_S: Final = 1.2
"""About what a start takes: some of the kills hit it."""
FLOODS: Final = 4
CLASSES: Final = [f"class-{number}" for number in range(8)]
PUPILS: Final = 4
SETTLING_S: Final = 60
ROOM_TYPES: Final = f"""
[[room_types]]
name = "lesson"
match = {{ room = "lesson-*" }}
duration = "4s"
warn = ["3s", "1s"]
mode = "enforce"

[[room_types]]
name = "class"
match = {{ room = "class-*" }}
mode = "enforce"

[sources.clinic]
provider = "fake"
webhook_secret = "{SECRET}"
reconcile = "1h"
"""


class Watcher(Moderator):
    """Counts how often the feed had to begin with a snapshot, and does not wait for long in between."""

    snapshots = 0
    first_seq = -1

    def frame_applied(self, frame: SseFrame, events: Sequence[Event]) -> None:
        decoded = decode_frame(frame)
        if isinstance(decoded, SnapshotPage) and decoded.last:
            self.snapshots += 1
            self.first_seq = decoded.seq if self.first_seq < 0 else self.first_seq
        super().frame_applied(frame, events)

    def look_again(self) -> None:
        self._reader.retry()

    @property
    def seq(self) -> int:
        return self._reader.session.state.seq

    def rooms(self) -> dict[RoomKey, Room]:
        return {room.key: room for room in self._reader.session.state.all_rooms() if room.state == "live"}


class Killing:
    """One run: what goes on meanwhile, and what was promised."""

    def __init__(self, folder: Path, gateway: GatewayProcess, cloud: RunningCloud, watcher: Watcher) -> None:
        self.folder = folder
        self.gateway, self.cloud, self.watcher = gateway, cloud, watcher
        self.promises = Promises()
        self._http = httpx.AsyncClient(base_url=gateway.url, trust_env=False, verify=False, timeout=5)
        self._numbers = iter(range(10**9))
        self.refused: Counter[str] = Counter()

    async def flood(self) -> None:
        """Deliveries of the second platform, each repeated until it is acknowledged, as platforms do."""
        signed = {"Authorization": f"Bearer {SECRET}"}
        while True:
            now = SystemClock().now_ms()
            events = [joined(f"p{next(self._numbers)}", now, user="u") for _ in range(random.randint(1, 3))]
            body = a_webhook(*events)
            while await self._post("/webhooks/clinic", content=body, headers=signed) is None:
                await asyncio.sleep(0.2)
            self.promises.stored |= {event.id for event in events}
            await asyncio.sleep(0.02)

    async def lessons(self) -> None:
        """New ones all the time, each with two people, until its time is up."""
        while True:
            number = next(self._numbers)
            for user in ("ana", "ben"):
                await self._joins(f"{user}-{number}", f"lesson-{number}")
            await asyncio.sleep(0.4)

    async def orders(self) -> None:
        """Somebody in a class is removed, and somebody else comes."""
        headers = {"Authorization": f"Bearer {self.gateway.token()}"}
        while True:
            await asyncio.sleep(0.1)
            room = random.choice(CLASSES)
            here = self.watcher.here(room)
            for _ in range(PUPILS - len(here)):
                await self._joins(f"pupil-{next(self._numbers)}", room)
            if not here:
                continue
            user, participant = random.choice([*here.items()])
            path = f"/v1/rooms/{SOURCE}/{quote_id(room)}/participants/{quote_id(participant.id)}/disconnect"
            answer = await self._post(path, json={"reason": "conduct"}, headers=headers)
            if answer is not None and answer["outcome"] == "requested":
                self.promises.orders.append(Order(answer["seq"], user, participant.id))

    async def _joins(self, user: str, room: str) -> None:
        with contextlib.suppress(httpx.HTTPError):  # the cloud closes idle connections, perhaps this one
            await self.cloud.join(user, room=room, streams=[])

    async def _post(self, path: str, **request: Any) -> Any:
        """None unless it was acknowledged."""
        try:
            answer = await self._http.post(path, **request)
        except httpx.HTTPError as error:
            self.refused[type(error).__name__] += 1
            return None
        if answer.status_code not in (200, 202):
            self.refused[f"{answer.status_code} {path.rpartition('/')[2]}"] += 1
            return None
        return answer.json() if answer.content else {}

    async def round(self) -> str:
        """One life of the gateway; what it was in when it was killed."""
        await self.gateway.spawn()
        if random.random() < 0.3:
            await asyncio.sleep(random.uniform(0, STARTING_S))
            found = "starting"
        else:
            await self.gateway.ready()
            self.watcher.look_again()
            await asyncio.sleep(random.uniform(0, 1.5))
            found = "running"
        await self.gateway.kill()
        return found

    async def settle(self) -> None:
        """A last start: what was ordered is finished, and everybody knows."""
        await self.gateway.start()
        self.watcher.look_again()
        await self._until(lambda: is_settled(self.log_path))
        seq = max(entry.seq for entry in read_log(self.log_path) for event in entry.events if event.kind in FED)
        await self._until(lambda: self.watcher.seq >= seq)
        self.people = {
            one["person"]["user"] for room in (await self.cloud.truth("rooms"))["rooms"] for one in room["connections"]
        }
        await self.gateway.stop()

    async def _until(self, condition: Any) -> None:
        end_at = time.monotonic() + SETTLING_S
        while not condition() and time.monotonic() < end_at:
            await asyncio.sleep(0.2)

    @property
    def log_path(self) -> Path:
        return self.folder / "moderator.db"

    async def aclose(self) -> None:
        await self._http.aclose()


async def kill_gateway(folder: Path, rounds: int, say: Say = lambda line: None) -> list[str]:
    """What was found wrong; `say` hears of the progress."""
    path = [str(install(folder / "platform")), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    gateway = GatewayProcess(folder, PYTHONPATH=os.pathsep.join(path))
    async with contextlib.AsyncExitStack() as stack:
        cloud = await stack.enter_async_context(running(webhook=gateway.webhooks.url, speed=1))
        gateway.configure_source(_source(cloud.url), ROOM_TYPES)
        stack.push_async_callback(gateway.kill)
        watcher = await stack.enter_async_context(Watcher(gateway))
        killing = Killing(folder, gateway, cloud, watcher)
        stack.push_async_callback(killing.aclose)
        failures: list[str] = []
        kills: Counter[str] = Counter()
        async with TaskScope(lambda name, error: failures.append(f"{name} of the test failed: {error!r}")) as tasks:
            for number in range(FLOODS):
                tasks.start(f"flood {number}", killing.flood())
            tasks.start("lessons", killing.lessons())
            tasks.start("orders", killing.orders())
            for number in range(1, rounds + 1):
                kills[await killing.round()] += 1
                if number % 20 == 0 or number == rounds:
                    say(_progress(killing, kills))
        await killing.settle()
        found = findings(killing.log_path, killing.promises, watcher, killing.people)
        say(found.summary)
        return failures + found.problems


def _source(url: str) -> str:
    return f"""
provider = "livekit"
api_key = "{API_KEY}"
api_secret = "{API_SECRET}"
base_url = "{url}"
reconcile = "1s"
"""


def _progress(killing: Killing, kills: Counter[str]) -> str:
    promises = killing.promises
    return (
        f"killed {kills.total()} times ({kills['starting']} while it started): {len(promises.stored)} events "
        f"acknowledged, {len(promises.orders)} disconnects accepted, feed: {len(killing.watcher.events)} events, "
        f"{killing.watcher.snapshots} snapshots; not acknowledged: {dict(killing.refused)}"
    )


if __name__ == "__main__":
    sys.exit(run(kill_gateway, __doc__, "nothing was lost, and nothing was done twice"))
