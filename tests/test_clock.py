"""The machine's clocks."""

import asyncio
import sys
import time

import pytest

from moderator.clock import SystemClock, ToldTime
from tests.fakes.clock import FakeClock


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is another clock that counts the time asleep")
def test_the_time_that_the_machine_slept_has_passed() -> None:
    before, told, after = (
        time.clock_gettime(time.CLOCK_BOOTTIME),
        SystemClock().monotonic(),
        time.clock_gettime(time.CLOCK_BOOTTIME),
    )
    assert before <= told <= after


async def test_waiting_ends_with_the_event_or_with_the_time() -> None:
    clock, event = SystemClock(), asyncio.Event()
    assert await clock.wait(event, 0.001) is False
    event.set()
    assert await clock.wait(event, 10) is True


def test_what_others_told_goes_on_while_ours_is_set() -> None:
    clock = FakeClock()
    told = ToldTime(clock, samples=3)
    before = told.skew_ms
    for late_ms in (700, 40, 3_000):
        told.tell(clock.now_ms() - late_ms)
    assert before is None
    assert told.skew_ms == 40, "what was under way for the shortest time says most"
    for step_ms, skew_ms in ((3_600_000, 3_600_040), (-7_200_000, -3_599_960)):
        clock.step(step_ms)
        assert told.skew_ms == skew_ms


async def test_time_that_passes_is_no_difference() -> None:
    clock = FakeClock()
    told = ToldTime(clock)
    told.tell(clock.now_ms())
    await clock.advance(60_000)
    assert told.skew_ms == 0
