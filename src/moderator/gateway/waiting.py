"""Waiting by the gateway's clock, so that who owns the clock owns the time: tests above all."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from moderator.clock import Clock
from moderator.tasks import TaskScope


async def sleep(clock: Clock, seconds: float) -> None:
    """Come back after so many seconds of this clock."""
    await clock.wait(asyncio.Event(), seconds)


@contextlib.asynccontextmanager
async def time_limit(clock: Clock, seconds: float) -> AsyncIterator[None]:
    """As `asyncio.timeout`, by this clock. Raises TimeoutError."""
    async with asyncio.timeout(None) as scope, TaskScope() as tasks:
        tasks.start("time limit", _expire(clock, seconds, scope))
        yield


async def _expire(clock: Clock, seconds: float, scope: asyncio.Timeout) -> None:
    await sleep(clock, seconds)
    scope.reschedule(asyncio.get_running_loop().time())
