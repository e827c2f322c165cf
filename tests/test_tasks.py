"""Tasks end when their owner says so."""

import asyncio

import pytest

from moderator import tasks
from moderator.tasks import TaskScope


async def test_a_task_that_overhears_that_it_is_cancelled_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "OVERHEARD_AFTER_S", 0.01)
    overheard: list[int] = []

    async def deaf() -> None:
        while len(overheard) < 3:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                overheard.append(1)
        await asyncio.Event().wait()

    async with TaskScope() as scope:
        task = scope.start("deaf", deaf())
        await asyncio.sleep(0)
    assert task.cancelled()
    assert len(overheard) == 3


async def test_what_a_task_does_at_its_end_is_waited_for() -> None:
    done: list[str] = []

    async def tidy() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            done.append("tidy")

    async with TaskScope() as scope:
        scope.start("tidy", tidy())
        await asyncio.sleep(0)
    assert done == ["tidy"]
