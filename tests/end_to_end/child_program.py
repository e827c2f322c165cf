"""The tests' handle on one of their own programs in a process of its own: JSON lines tell it what to do, JSON lines
come back as reports. What a report means is for the caller."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

Event = dict[str, Any]
T = TypeVar("T")

_CHECKOUT = Path(__file__).parents[2]


class ChildProgram:
    """`python -m module arguments`, in the network namespace of the thread that starts it."""

    def __init__(self, module: str, arguments: Sequence[str], *, name: str, log: Path | None = None) -> None:
        """`name` is for the messages of failed tests; what the program writes to stderr goes to `log`."""
        self._command = (sys.executable, "-m", module, *arguments)
        self._name = name
        self._log = log
        self._events: list[Event] = []
        self._history: list[Event] = []
        self._changed = asyncio.Condition()
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> Self:
        """Starts the program, and does not wait for anything that it reports."""
        errors = self._log.open("ab") if self._log else None
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=_CHECKOUT,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        finally:
            if errors:
                errors.close()
        self._reader = asyncio.create_task(self._read())
        return self

    async def wait_for(self, event: str, seconds: float = 30, **fields: object) -> Event:
        """The oldest report named `event` with these fields that no earlier wait has taken; waits for it if need be."""
        wanted = {"event": event, **fields}

        def take() -> Event | None:
            for index, seen in enumerate(self._events):
                if wanted.items() <= seen.items():
                    return self._events.pop(index)
            return None

        return await self._until(take, seconds, f"reported {wanted}")

    async def do(self, command: str, **fields: object) -> None:
        """Tells the program, and does not wait until it is done."""
        stdin = self._running().stdin
        if stdin is None:
            raise RuntimeError("no stdin")
        stdin.write(json.dumps({"do": command, **fields}).encode() + b"\n")
        await stdin.drain()

    # What happens to it

    def freeze(self) -> None:
        """SIGSTOP: its sockets stay open, nobody answers."""
        self._running().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._running().send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        """SIGKILL, and waits until it is gone."""
        process = self._running()
        if process.returncode is None:
            process.kill()
        await self._reap(process)

    async def close(self) -> None:
        """Ends it politely, or by force when it doesn't end by itself. Nothing to do when it is gone."""
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            self.thaw()
            if process.stdin is not None:
                process.stdin.close()  # for the program the same as the command "exit"
            try:
                await asyncio.wait_for(process.wait(), 5)
            except TimeoutError:
                process.kill()
        await self._reap(process)

    async def _reap(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
        if self._reader is not None:
            await self._reader
        self._process = None

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError(f"{self._name} is not running")
        return self._process

    async def _read(self) -> None:
        stdout = self._running().stdout
        if stdout is None:
            raise RuntimeError("no stdout")
        async for line in stdout:
            async with self._changed:
                self._note(json.loads(line))
                self._changed.notify_all()

    def _note(self, event: Event) -> None:
        """One report has come."""
        self._events.append(event)
        self._history.append(event)

    async def _until(self, look: Callable[[], T | None], seconds: float, what: str) -> T:
        try:
            async with asyncio.timeout(seconds), self._changed:
                while (found := look()) is None:
                    await self._changed.wait()
                return found
        except TimeoutError:
            seen = "\n".join(map(str, self._history)) or "nothing"
            raise AssertionError(f"{self._name} has not {what} in {seconds} s. It reported:\n{seen}") from None
