"""Signals to children."""

import asyncio
import os
import signal
import threading

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
