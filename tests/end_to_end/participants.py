"""The tests' handle on `participant`, the program that is one real person in a room."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from tests.end_to_end.janus_server import JanusServer

Event = dict[str, Any]
T = TypeVar("T")

_CHECKOUT = Path(__file__).parents[2]


class Participant:
    """One participant in a process of its own, in the network namespace of the thread that starts it."""

    def __init__(
        self,
        server: JanusServer,
        room: str | int,
        user: str | int,
        *,
        display: str = "",
        token: str | None = None,
        stubborn: bool = False,
        watch_only: bool = False,
        log: Path | None = None,
    ) -> None:
        self.user = user
        self._log = log
        self._arguments = [f"--url={server.websocket_url}", f"--api-secret={server.api_secret}"]
        self._arguments += [f"--room={room}", f"--id={user}", f"--display={display or user}", f"--token={token or ''}"]
        flags = {"--integer-ids": isinstance(user, int), "--stubborn": stubborn, "--watch-only": watch_only}
        self._arguments += [flag for flag, is_wanted in flags.items() if is_wanted]
        self._events: list[Event] = []
        self._history: list[Event] = []
        self._packets = 0
        self._reports = 0
        self._changed = asyncio.Condition()
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> Self:
        """Starts the program, which joins and publishes by itself: wait for "joined", "published" or "error"."""
        errors = self._log.open("ab") if self._log else None
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.end_to_end.participant",
                *self._arguments,
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

    # What it reports

    async def wait_for(self, event: str, seconds: float = 10, **fields: object) -> Event:
        """The oldest report named `event` with these fields that no earlier wait has taken; waits for it if need be."""
        wanted = {"event": event, **fields}

        def take() -> Event | None:
            for index, seen in enumerate(self._events):
                if wanted.items() <= seen.items():
                    return self._events.pop(index)
            return None

        return await self._until(take, seconds, f"reported {wanted}")

    async def sees(self, other: Self, seconds: float = 10, **fields: object) -> Event:
        """Waits for the first frame of a stream of another participant: `kind="video"`, `description="screen"`."""
        return await self.wait_for("receiving", seconds, **{"from": other.user, **fields})

    def rtp_packets(self) -> int:
        """Received since the start, as of the last report (every half second)."""
        return self._packets

    async def rtp_beyond(self, packets: int, seconds: float = 10) -> int:
        """Waits until more than `packets` were received."""
        return await self._until(
            lambda: self._packets if self._packets > packets else None, seconds, f"received over {packets} packets"
        )

    async def rtp_during(self, seconds: float) -> int:
        """How many packets arrive in a window that begins with the next report."""
        await self._next_report()
        before = self._packets
        await asyncio.sleep(seconds)
        await self._next_report()
        return self._packets - before

    # What it is told

    async def do(self, command: str, **fields: object) -> None:
        """`publish_screen`, `stop_screen`, `leave`, `rejoin` (takes `id` and `token`)."""
        stdin = self._running().stdin
        if stdin is None:
            raise RuntimeError("no stdin")
        stdin.write(json.dumps({"do": command, **fields}).encode() + b"\n")
        await stdin.drain()

    async def publish_screen(self) -> None:
        await self.do("publish_screen")
        await self.wait_for("screen_published")

    async def stop_screen(self) -> None:
        await self.do("stop_screen")
        await self.wait_for("screen_stopped")

    async def leave(self) -> None:
        """Leaves the room, and waits until Janus said goodbye. The program stays: "rejoin" works."""
        await self.do("leave")
        await self.wait_for("left")

    async def rejoin(self, **fields: object) -> None:
        """In a new session, perhaps with another `id` or `token`: wait for "joined" or "error".

        A stubborn participant keeps its earlier session and what it still receives there.
        """
        await self.do("rejoin", **fields)

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
            raise RuntimeError("this participant is not running")
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
        if event["event"] == "rtp":
            self._packets = event["packets"]
            self._reports += 1
        else:
            self._events.append(event)
            self._history.append(event)

    async def _next_report(self) -> None:
        seen = self._reports
        await self._until(lambda: True if self._reports > seen else None, 5, "reported its packets")

    async def _until(self, look: Callable[[], T | None], seconds: float, what: str) -> T:
        try:
            async with asyncio.timeout(seconds), self._changed:
                while (found := look()) is None:
                    await self._changed.wait()
                return found
        except TimeoutError:
            seen = "\n".join(map(str, self._history)) or "nothing"
            raise AssertionError(f"{self.user} has not {what} in {seconds} s. It reported:\n{seen}") from None
