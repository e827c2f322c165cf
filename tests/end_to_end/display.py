"""A screen that nobody looks at, with real key presses: Xvfb and xdotool."""

import asyncio
import os
import shutil
import subprocess
from typing import Self

SIZE = (1440, 900)


def why_no_display() -> str:
    """Empty when the tests can have a screen."""
    missing = [name for name in ("Xvfb", "xdotool", "dbus-daemon") if shutil.which(name) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


class Display:
    """An X server of its own. `name` is for DISPLAY."""

    def __init__(self, process: subprocess.Popen[bytes], name: str) -> None:
        self._process = process
        self.name = name

    @classmethod
    def start(cls) -> Self:
        """Returns when the server accepts clients; it chooses its own number."""
        reading, writing = os.pipe()
        screen = f"{SIZE[0]}x{SIZE[1]}x24"
        process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        return cls(process, f":{number}")

    def stop(self) -> None:
        """End it, and with it every window."""
        self._process.terminate()
        self._process.wait(10)

    async def press(self, *keys: str) -> None:
        """Press and release keys, in xdotool's spelling, as a keyboard does."""
        await self._xdotool("key", "--delay", "30", *keys)

    async def hold(self, key: str, seconds: float) -> None:
        """Keep a key down, so that the server repeats it."""
        await self._xdotool("keydown", key)
        await asyncio.sleep(seconds)
        await self._xdotool("keyup", key)

    async def _xdotool(self, *words: str) -> None:
        process = await asyncio.create_subprocess_exec("xdotool", *words, env={**os.environ, "DISPLAY": self.name})
        assert await asyncio.wait_for(process.wait(), 10) == 0, f"xdotool {words}"
