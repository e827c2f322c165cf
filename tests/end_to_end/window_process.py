"""The tests' handle on the real desktop in a real window: what it shows, and how it ends."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from tests.end_to_end.display import Display


class Seen(msgspec.Struct):
    """What was on the screen at one moment."""

    active: str
    focus: str
    windows: list[dict[str, Any]]

    @property
    def titles(self) -> list[str]:
        return [window["title"] for window in self.windows]

    @property
    def texts(self) -> list[str]:
        return [text for window in self.windows for text in window["texts"]]

    def says(self, *parts: str) -> bool:
        """Whether one text, or one row of a list, has all these parts."""
        return any(all(part in text for part in parts) for text in [*self.texts, *self.rows()])

    def rows(self) -> list[str]:
        return [row["text"] for window in self.windows for rows in window["lists"].values() for row in rows]

    def row(self, start: str) -> str:
        """The row of the rooms table that begins like this, or nothing."""
        return next((text for text in self.rows() if text.startswith(start)), "")

    def selected(self, start: str) -> bool:
        return any(
            row["selected"] and row["text"].startswith(start)
            for window in self.windows
            for rows in window["lists"].values()
            for row in rows
        )


class WindowProcess:
    """`moderator` under a display of its own, or on none."""

    def __init__(self, display: Display | None, folder: Path, environment: Mapping[str, str]) -> None:
        self._display = display
        self._folder = folder
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self.log = folder / "window.log"

    async def start(self, *arguments: str) -> None:
        """Open the window with the arguments of `moderator`."""
        for name in ("config", "data", "state", "cache"):
            (self._folder / name).mkdir(exist_ok=True)
        with self.log.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-W", "error::ResourceWarning", "-m", "tests.end_to_end.window_program", *arguments),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                env={
                    **{key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"},
                    "DISPLAY": self._display.name if self._display else "",
                    "QT_QPA_PLATFORM": "xcb" if self._display else "offscreen",
                    "XDG_CONFIG_HOME": str(self._folder / "config"),
                    "XDG_DATA_HOME": str(self._folder / "data"),
                    "XDG_STATE_HOME": str(self._folder / "state"),
                    "XDG_CACHE_HOME": str(self._folder / "cache"),
                    **self._environment,
                },
            )

    async def look(self, picture: Path | None = None) -> Seen:
        """What it shows now; with a picture, if wanted."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{picture or ''}\n".encode())
        line = await asyncio.wait_for(self._process.stdout.readline(), 15)
        assert line, f"the window ended:\n{self.log.read_text('utf-8')}"
        return msgspec.convert({"active": "", "focus": "", **msgspec.json.decode(line)}, Seen)

    async def shows(self, what: str, condition: Callable[[Seen], object], seconds: float = 30) -> Seen:
        """Look until it is on the screen."""
        end_at = time.monotonic() + seconds
        while True:
            seen = await self.look()
            if condition(seen):
                return seen
            if time.monotonic() > end_at:
                shown = "\n".join([*seen.titles, *seen.texts, *seen.rows()])
                raise AssertionError(
                    f"not on the screen within {seconds} s: {what}. It shows:\n{shown}\nfocus: {seen.focus}"
                )
            await asyncio.sleep(0.05)

    async def stop(self) -> float:
        """SIGTERM; returns the seconds that the program took to end. Its log has to be clean."""
        process, self._process = self._process, None
        if process is None:
            return 0.0
        begun = time.monotonic()
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(process.wait(), 15)
        assert status == 0, f"status {status}:\n{self.log.read_text('utf-8')}"
        return time.monotonic() - begun

    async def kill(self) -> None:
        """SIGKILL."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
