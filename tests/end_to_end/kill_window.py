"""Kills a real window again and again while warnings come, and looks whether the system was asked to show one twice.

`python -m tests.end_to_end.kill_window --rounds 200`. The gateway is a process of its own, with a simulated cloud whose
rooms end one after another; the window is killed at random moments, and shows its notifications to a service on a
private bus that stays.
"""

import asyncio
import contextlib
import random
import re
import sqlite3
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import httpx

from moderator.desktop.alerts.shown import FILE
from moderator.tasks import TaskScope
from tests.end_to_end.gateway_process import GatewayProcess
from tests.end_to_end.kill_command import Say, run
from tests.end_to_end.window_process import WindowProcess
from tests.fakes.notification_server import NotificationServer, Shown, notification_server, private_bus
from tests.simulator.livekit.running import API_KEY, API_SECRET, RunningCloud, running

BETWEEN_LESSONS_S: Final = 1.0
LESSON_S: Final = 25.0
LONGEST_START_S: Final = 30.0
STARTING_S: Final = 4.0
AT_ONCE_S: Final = 0.05
LATER_S: Final = 1.5
ROOM_TYPES: Final = """
[[room_types]]
name = "lesson"
match = { room = "lesson-*" }
duration = "60s"
warn = ["55s", "50s"]
mode = "observe"
"""
ROOM: Final = re.compile(r"lesson-\d+")
THRESHOLD: Final = re.compile(r"(\d+) s")
TROUBLE: Final = re.compile(r"Traceback|ERROR|CRITICAL|cannot be (?:read|used)|malformed")


async def lessons(cloud: RunningCloud) -> None:
    """One after another: two warnings of each stand until it ends."""
    number = 0
    people: deque[str] = deque()
    while True:
        number += 1
        with contextlib.suppress(httpx.HTTPError):  # the cloud closes idle connections, perhaps this one
            joined = await cloud.join(f"ana-{number}", room=f"lesson-{number}", streams=[])
            people.append(joined["connection"])
            if len(people) > LESSON_S / BETWEEN_LESSONS_S:
                await cloud.order("leave", connection=people.popleft())
        await asyncio.sleep(BETWEEN_LESSONS_S)


async def kill_window(folder: Path, rounds: int, say: Say = lambda line: None) -> list[str]:
    """What was found wrong; `say` hears of the progress."""
    gateway = GatewayProcess(folder)
    failures: list[str] = []
    async with contextlib.AsyncExitStack() as stack:
        address = stack.enter_context(private_bus(folder))
        service = await stack.enter_async_context(notification_server(address))
        cloud = await stack.enter_async_context(running(webhook=gateway.webhooks.url))
        gateway.configure_source(_source(cloud.url), ROOM_TYPES)
        stack.push_async_callback(gateway.kill)
        await gateway.start()
        tasks = await stack.enter_async_context(TaskScope(lambda name, error: failures.append(f"{name}: {error!r}")))
        tasks.start("lessons", lessons(cloud))
        window = WindowProcess(None, folder, {"DBUS_SESSION_BUS_ADDRESS": address})
        stack.push_async_callback(window.kill)
        for number in range(1, rounds + 1):
            await _live(window, gateway, service, folder)
            if number % 20 == 0 or number == rounds:
                say(f"killed {number} times: {_summary(service, folder)}")
        await window.start(*_arguments(gateway, folder))
        told = len(service.shown)
        await _until(lambda: len(service.shown) > told)
        await window.stop()
    return [*failures, *_problems(service, window)]


async def _live(window: WindowProcess, gateway: GatewayProcess, service: NotificationServer, folder: Path) -> None:
    """One life of the window: it ends while it starts, right after something was written down or told, or later."""
    how = random.choice(("while it starts", "written", "told", "told", "later"))
    written, told = len(_shown(folder)), len(service.shown)
    await window.start(*_arguments(gateway, folder))
    if how == "while it starts":
        await asyncio.sleep(random.uniform(0.5, STARTING_S))
    elif how == "written":
        await _until(lambda: len(_shown(folder)) > written)
    else:
        await _until(lambda: len(service.shown) > told)
    await asyncio.sleep(random.uniform(0, LATER_S if how == "later" else AT_ONCE_S))
    await window.kill()


async def _until(condition: Callable[[], bool]) -> None:
    end_at = time.monotonic() + LONGEST_START_S
    while not condition() and time.monotonic() < end_at:
        await asyncio.sleep(0.005)


def _arguments(gateway: GatewayProcess, folder: Path) -> tuple[str, ...]:
    token = folder / "token"
    token.write_text(gateway.token(), "utf-8")
    return "--gateway", gateway.url, "--token-file", str(token)


def _source(url: str) -> str:
    return f'provider = "livekit"\napi_key = "{API_KEY}"\napi_secret = "{API_SECRET}"\nbase_url = "{url}"\n'


def _shown(folder: Path) -> list[str]:
    """What the window wrote down."""
    path = folder / "data" / "moderator" / FILE
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=5)) as store, contextlib.suppress(sqlite3.OperationalError):
        return [id_ for (id_,) in store.execute("SELECT id FROM shown")]
    return []


def _told(service: NotificationServer) -> Counter[tuple[str, str]]:
    """How often each room was named, for each threshold; of very large groups some rooms are only counted."""
    return Counter((room, _about(one)) for one in service.shown for room in ROOM.findall(f"{one.title} {one.text}"))


def _about(shown: Shown) -> str:
    found = THRESHOLD.findall(shown.title)
    nobody = "nobody" if "obody answers" in shown.title else ""
    return f"{nobody} {found[-1] if found else shown.title}"


def _summary(service: NotificationServer, folder: Path) -> str:
    told, written = _told(service), len(_shown(folder))
    return f"{len(service.shown)} notifications about {len(told)} warnings, {written} written down"


def _problems(service: NotificationServer, window: WindowProcess) -> list[str]:
    twice = [f"{what} was told {count} times" for what, count in _told(service).items() if count > 1]
    nothing = [] if service.shown else ["nothing was told at all"]
    log = window.log.read_text("utf-8")
    return [*nothing, *twice, *(f"the window's log: {line}" for line in log.splitlines() if TROUBLE.search(line))]


if __name__ == "__main__":
    sys.exit(run(kill_window, __doc__, "nothing was told twice"))
