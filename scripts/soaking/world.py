"""Everything that runs: the demo's clouds and gateway, the desktop without a screen, and readers who come and go."""

import asyncio
import contextlib
import os
import random
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final

import psutil

from moderator.clock import SystemClock
from moderator.http import HttpClient, HttpError
from moderator.launch import child
from moderator.launch.demo import SIMULATOR, Demo
from moderator.launch.status import ChildStatus, GatewayAccess
from moderator.tasks import TaskScope
from scripts.soaking.sampling import Watched

INSIDE: Final = "scripts.soaking.inside"
AT_ONCE: Final = 10
"""Readers of the feed who come and go."""
STAYS_S: Final = (0.1, 10.0)
DEAF_EVERY: Final = 3
"""Of them: so many read nothing of what comes."""
ENDS_WITHIN_S: Final = 15.0
_start = child.run_module


def tells(folder: Path, name: str) -> Path:
    """Where a program tells of itself."""
    return folder / f"{name}.told"


@contextlib.asynccontextmanager
async def running(folder: Path, rooms: int, speed: float) -> AsyncIterator[list[Watched]]:
    """Start it all; afterwards nothing of it is left. Raises OSError when it cannot run."""
    started: dict[str, int] = {}

    async def run_module(
        module: str, arguments: Sequence[str], log: child.ChildLog, inherits: Sequence[int] = ()
    ) -> asyncio.subprocess.Process:
        name = f"cloud {arguments[0]}" if module == SIMULATOR else "gateway"
        words = [str(tells(folder, name)), module, *arguments]
        process = await _start(INSIDE, words, log, inherits)
        started[name] = process.pid
        return process

    child.run_module = run_module
    demo = Demo(folder, SystemClock(), rooms=rooms, speed=speed)
    try:
        async with TaskScope() as tasks:
            access = await demo.start()
            tasks.start("demo", demo.run(_say))
            async with _desktop(folder, access) as pid:
                started["desktop"] = pid
                tasks.start("readers", _come_and_go(access))
                yield [Watched(name, pid, tells(folder, name)) for name, pid in sorted(started.items())]
    finally:
        child.run_module = _start
        await demo.stop()


def _say(status: ChildStatus) -> None:
    if status.state != "running":
        print(f"soak: {status.sentence}", file=sys.stderr)


@contextlib.asynccontextmanager
async def _desktop(folder: Path, access: GatewayAccess) -> AsyncIterator[int]:
    """The window, with folders of its own; its process id."""
    token, log = folder / "soak-token", folder / "desktop.log"
    token.touch(mode=0o600)
    token.write_text(access.token, encoding="ascii")
    own = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", INSIDE, str(tells(folder, "desktop")), "moderator"),
            *("--gateway", access.url, "--token-file", str(token)),
            stdout=errors,
            stderr=errors,
            env={**os.environ, **own, "QT_QPA_PLATFORM": "offscreen", "DBUS_SESSION_BUS_ADDRESS": "disabled:"},
        )
    try:
        yield process.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ENDS_WITHIN_S):
                await process.wait()
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(process.pid).kill()


async def _come_and_go(access: GatewayAccess) -> None:
    """Readers of the feed: some stay for moments, some do not read what comes."""
    async with HttpClient() as http, TaskScope() as tasks:
        for number in range(AT_ONCE):
            tasks.start(f"reader {number}", _read_again_and_again(access, http, number))
        await asyncio.Event().wait()


async def _read_again_and_again(access: GatewayAccess, http: HttpClient, number: int) -> None:
    chance = random.Random(number)
    headers = {"Authorization": f"Bearer {access.token}"}
    while True:
        with contextlib.suppress(HttpError, TimeoutError):
            async with asyncio.timeout(chance.uniform(*STAYS_S)):
                async with http.stream(f"{access.url}/v1/feed", headers=headers, idle_timeout_s=30) as (_, chunks):
                    if number % DEAF_EVERY == 0:
                        await asyncio.Event().wait()
                    async for _ in chunks:
                        pass
        await asyncio.sleep(chance.uniform(0.1, 1.0))
