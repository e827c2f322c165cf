import asyncio

import pytest

from moderator.gateway.waiting import sleep, time_limit
from moderator.tasks import TaskScope
from tests.fakes.clock import FakeClock


async def test_a_sleep_is_as_long_as_the_clock_says() -> None:
    clock = FakeClock()
    async with TaskScope() as tasks:
        sleeping = tasks.start("sleep", sleep(clock, 10))
        await clock.advance(9_999)
        assert not sleeping.done()
        await clock.advance(1)
        assert sleeping.done()


async def test_what_takes_too_long_is_ended() -> None:
    clock = FakeClock()

    async def hang() -> None:
        with pytest.raises(TimeoutError):
            async with time_limit(clock, 10):
                await asyncio.Event().wait()

    async with TaskScope() as tasks:
        hanging = tasks.start("hang", hang())
        await clock.advance(9_999)
        assert not hanging.done()
        await clock.advance(1)
        assert hanging.done()


async def test_what_is_done_in_time_is_left_alone() -> None:
    clock = FakeClock()
    async with time_limit(clock, 1):
        await asyncio.sleep(0)
    await clock.advance(5_000)


async def test_a_cancellation_from_outside_is_no_timeout() -> None:
    clock = FakeClock()

    async def hang() -> None:
        async with time_limit(clock, 10):
            await asyncio.Event().wait()

    async with TaskScope() as tasks:
        hanging = tasks.start("hang", hang())
        await clock.settle()
        hanging.cancel()
        await clock.settle()
        assert hanging.cancelled()
