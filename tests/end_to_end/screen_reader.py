"""The tests' handle on a screen reader: AT-SPI's own bus and registry, and a program that looks through them."""

import asyncio
import json
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from dbus_fast import Message
from dbus_fast.aio import MessageBus

PROGRAM: Final = Path(__file__).with_name("screen_reader_program.py")
LAUNCHER: Final = Path("/usr/libexec/at-spi-bus-launcher")
PYTHON: Final = "/usr/bin/python3"


def why_no_screen_reader() -> str:
    """Empty when the tests can have one."""
    if not LAUNCHER.exists() or shutil.which(PYTHON) is None:
        return "not installed: at-spi2-core"
    asked = subprocess.run([PYTHON, "-c", "import pyatspi"], capture_output=True, check=False)
    return "" if asked.returncode == 0 else "not installed: python3-pyatspi"


class ScreenReader:
    """Finds things by role and name, as they are announced, and uses them."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def find(self, role: str, name: str, seconds: float = 20) -> str:
        """The name of the first of this role whose whole name matches; waits until there is one."""
        return await self._until("find", role, name, seconds)

    async def use(self, role: str, name: str, seconds: float = 20) -> str:
        """Press, open or choose it, as soon as that is possible; returns its name."""
        return await self._until("do", role, name, seconds)

    async def gone(self, role: str, name: str, seconds: float = 20) -> None:
        """Wait until there is none."""
        end_at = time.monotonic() + seconds
        while found := await self._ask("find", role, name):
            assert time.monotonic() < end_at, f"still there: {found}"

    async def _until(self, what: str, role: str, name: str, seconds: float) -> str:
        end_at = time.monotonic() + seconds
        while not (found := await self._ask(what, role, name)):
            if time.monotonic() > end_at:
                there = await self._ask("find", role, ".*")
                raise AssertionError(f"no {role} {name!r}; there are: {there}")
        return found[0]

    async def _ask(self, what: str, role: str, name: str) -> list[str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, role, name]).encode() + b"\n")
        line = await asyncio.wait_for(self._process.stdout.readline(), 30)
        assert line, "the screen reader ended"
        found: list[str] = json.loads(line)
        await asyncio.sleep(0 if found else 0.1)
        return found


@asynccontextmanager
async def screen_reader(bus: str, display: str) -> AsyncIterator[ScreenReader]:
    """A screen reader for the programs of a session bus and a display."""
    environment = {"DBUS_SESSION_BUS_ADDRESS": bus, "DISPLAY": display, "PATH": "/usr/bin:/bin"}
    launcher = await asyncio.create_subprocess_exec(
        str(LAUNCHER), "--launch-immediately", env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    await _there(bus, "org.a11y.Bus")
    reader = await asyncio.create_subprocess_exec(
        *(PYTHON, str(PROGRAM)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment,
    )
    try:
        yield ScreenReader(reader)
    finally:
        for process in (reader, launcher):
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _there(bus: str, name: str, seconds: float = 30) -> None:
    """Somebody owns this name on the bus."""
    session = await MessageBus(bus_address=bus).connect()
    try:
        async with asyncio.timeout(seconds):
            while (await session.call(_has_owner(name))).body != [True]:
                await asyncio.sleep(0.05)
    finally:
        session.disconnect()


def _has_owner(name: str) -> Message:
    service = "org.freedesktop.DBus"
    return Message(service, "/org/freedesktop/DBus", service, "NameHasOwner", signature="s", body=[name])


def whole(text: str) -> str:
    """A name that has to be exactly this."""
    return re.escape(text)
