"""How a program without a window is asked to stop, and how it asks its children."""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import AsyncIterator
from typing import Final

KILL: Final = getattr(signal, "SIGKILL", signal.SIGTERM)
"""What no program can refuse; on Windows `SIGTERM` is of that kind."""


@contextlib.asynccontextmanager
async def stop_signals() -> AsyncIterator[asyncio.Event]:
    """Set by SIGINT and SIGTERM, which do nothing else meanwhile."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    handled = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
            handled.append(number)
    try:
        yield stop
    finally:
        for number in handled:
            loop.remove_signal_handler(number)


def end_at_next_signal() -> None:
    """From now on SIGINT and SIGTERM end the program at once, whatever it is doing."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_DFL)


def stop_at_end_of_input(stop: asyncio.Event) -> None:
    """Set `stop` when standard input ends: whoever started this program has ended, however that was.

    A thread does it, since a pipe cannot be awaited on every system; it ends with the process at the latest.
    """
    loop = asyncio.get_running_loop()

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):  # not sys.stdin: its lock could not be had when the process ends
                pass
        with contextlib.suppress(RuntimeError):  # the loop is closed: it stops already
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, name="end of input", daemon=True).start()


def send(number: int, child: asyncio.subprocess.Process) -> None:
    """Send a signal; nothing happens when the child has ended.

    In place of `Process.send_signal`, `terminate` and `kill`, which before Python 3.13 look whether the child has ended
    and so take its exit status away: asyncio warns and tells of status 255 (python/cpython#87744).
    """
    if child.returncode is None and _runs(child.pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):  # the latter on Windows
            os.kill(child.pid, number)


def _runs(pid: int) -> bool:
    """Asked without taking the exit status. asyncio may have that already and not have told yet: the number may then be
    another program's (python/cpython#127049).
    """
    if not hasattr(os, "waitid"):  # Windows keeps the number for who has a handle; macOS has it from Python 3.13 on
        return True
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    except ChildProcessError:
        return False
