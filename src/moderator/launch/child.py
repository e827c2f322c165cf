"""One run of one of our own programs: secrets by its standard input, the ready line from its standard output.

The child ends when its standard input does, so that it never outlives this program, however that ends. What it writes
to standard error goes into a file. Whether it is started again is not decided here.
"""

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from moderator.language import tr
from moderator.signals import KILL, send

READY_S: Final = 60.0
"""A long log takes a while to read."""
TERMINATE_S: Final = 3.0
MAX_LOG_BYTES: Final = 1024 * 1024
_TAIL_BYTES: Final = 4096
_PREFIX: Final = "moderator: "


class NotStarted(OSError):
    """A program could not be started. The message is a sentence for people."""


class Child:
    """A program that said it is ready. `ready` is what it said."""

    def __init__(self, process: asyncio.subprocess.Process, ready: dict[str, Any], log: "ChildLog") -> None:
        self._process = process
        self._log = log
        self.ready = ready

    @classmethod
    async def start(
        cls,
        module: str,
        arguments: Sequence[str],
        secrets: Mapping[str, Any],
        log: Path,
        *,
        inherits: Sequence[int] = (),
    ) -> "Child":
        """Run `python -m MODULE ARGUMENTS` and wait until it is ready. Raises NotStarted with what it said instead.

        `inherits`: descriptors that stay open in it, under the same numbers.
        """
        child_log = ChildLog(log)
        process = await run_module(module, arguments, child_log, inherits)
        child = cls(process, {}, child_log)
        try:
            async with asyncio.timeout(READY_S):
                child.ready = await _hand_over(process, secrets)
        except TimeoutError as error:
            await child.stop()
            late = tr("it was not ready within {seconds} s; {log} says more")
            raise NotStarted(late.format(seconds=f"{READY_S:.0f}", log=log)) from error
        except (OSError, msgspec.MsgspecError) as error:
            await child.stop()
            raise NotStarted(child.why()) from error
        except BaseException:
            await child.stop()
            raise
        return child

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    async def ended(self) -> int:
        """Wait for the end; returns the exit status, below zero for a signal."""
        return await self._process.wait()

    def why(self) -> str:
        """Why it ended, as a sentence: what it said last, else where to look."""
        ended = tr("it ended with status {status}; {log} says more")
        return self._log.last_words() or ended.format(status=self._process.returncode, log=self._log.path)

    async def stop(self) -> None:
        """End it, by force when it does not within three seconds; returns when it has ended."""
        for number in (signal.SIGTERM, KILL):
            send(number, self._process)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TERMINATE_S):
                    await self._process.wait()
                    break
        if self._process.stdin is not None:
            self._process.stdin.close()


class ChildLog:
    """What one run of a child writes to standard error; earlier runs stand before it in the same file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begin = path.stat().st_size if path.exists() else 0
        if self._begin > MAX_LOG_BYTES:
            path.unlink()
            self._begin = 0

    def open(self) -> IO[bytes]:
        """To be written by the child."""
        return self.path.open("ab")

    def last_words(self) -> str:
        """The sentence with which this run gave up; empty when there was none."""
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(self._begin, size - _TAIL_BYTES))
                lines = file.read().decode(errors="replace").splitlines()
        except OSError:
            return ""
        said = [line.removeprefix(_PREFIX) for line in lines if line.startswith(_PREFIX)]
        return said[-1] if said else ""


async def run_module(
    module: str, arguments: Sequence[str], log: ChildLog, inherits: Sequence[int] = ()
) -> asyncio.subprocess.Process:
    """Start a module of ours, with pipes and its errors in the log. Raises NotStarted."""
    try:
        with log.open() as errors:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", module, *arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                pass_fds=inherits,
                start_new_session=True,  # Ctrl+C in the terminal is for us; we end the child
            )
    except OSError as error:
        raise NotStarted(tr("the system refuses: {why}").format(why=error.strerror or error)) from error


async def _hand_over(process: asyncio.subprocess.Process, secrets: Mapping[str, Any]) -> dict[str, Any]:
    """Give it its secrets and wait for its ready line. Raises OSError or MsgspecError when it ends or babbles."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(msgspec.json.encode(secrets) + b"\n")
    await process.stdin.drain()
    try:
        line = await process.stdout.readline()
    except ValueError as error:  # longer than any ready line
        raise OSError("no ready line") from error
    if not line:
        await process.wait()
    return msgspec.json.decode(line, type=dict[str, Any])
