"""Signals to children."""

import asyncio
import os
import signal
import subprocess
import threading
from unittest.mock import Mock

import pytest

from moderator.signals import send


async def test_a_child_that_ended_unnoticed_keeps_its_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    noticed, waitpid = threading.Event(), os.waitpid

    def late(pid: int, options: int) -> tuple[int, int]:
        assert noticed.wait(20)
        return waitpid(pid, options)

    monkeypatch.setattr(os, "waitpid", late)
    child = await asyncio.create_subprocess_exec("/bin/sh", "-c", "exit 3")
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    send(signal.SIGTERM, child)
    noticed.set()
    assert await child.wait() == 3
    send(signal.SIGTERM, child)  # known to have ended


async def test_a_child_that_runs_is_told() -> None:
    child = await asyncio.create_subprocess_exec("/bin/sleep", "60")
    send(signal.SIGTERM, child)
    assert await child.wait() == -signal.SIGTERM


def test_a_number_that_may_be_another_programs_by_now_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """asyncio has the exit status already, and its loop has had no time to tell."""
    with subprocess.Popen(["/bin/true"]) as ended:
        ended.wait()
    told: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: told.append(number))
    send(signal.SIGKILL, Mock(spec=asyncio.subprocess.Process, pid=ended.pid, returncode=None))
    assert told == []
